// Everything that is public where decisions are made: engines, the compiler, the Worker.

import type {
  BundleSource,
  Cache,
  Content,
  Context,
  Engine,
  Explanation,
  Exposure,
  Interest,
  LoadOptions,
  Patch,
  Problem,
  ProfileSummary,
  RankedItem,
  Reason,
  RequestFacts,
  Result,
  Shown,
  Signal,
  Source,
  Step,
  TrackedEvent,
} from "slotwise";
import { load, SlotwiseError, verifyBundle } from "slotwise";
import schemaOfBundles from "slotwise/bundle.schema.json" with { type: "json" };
import type { Compiled, CompileOptions, Rows } from "slotwise/compiler";
import { check, compile, schema, tools } from "slotwise/compiler";
import manifest from "slotwise/package.json" with { type: "json" };
import type { Profile, Profiles } from "slotwise/profile";
import { profiles } from "slotwise/profile";
import type { Ranks } from "slotwise/rank";
import { ranks } from "slotwise/rank";
import type { SlimOptions } from "slotwise/slim";
import { loadWith } from "slotwise/slim";
import worker from "slotwise/worker";

export const version: string = manifest.version;
export const title: string = schemaOfBundles.title;

export async function opened(source: BundleSource, options: LoadOptions): Promise<Engine | SlotwiseError> {
  try {
    return await load(source, options);
  } catch (thrown) {
    if (!(thrown instanceof SlotwiseError)) throw thrown;
    const { code, message, path }: { code: string; message: string; path: string | undefined } = thrown;
    return new SlotwiseError(code, message, path ?? "");
  }
}

export const verified = (file: Uint8Array, key: string): Promise<Uint8Array> => verifyBundle(file, key);

export async function brought(wasm: WebAssembly.Module, bytes: Uint8Array): Promise<Engine> {
  const options: SlimOptions = { wasm, local: false, tools };
  const open: () => Promise<Ranks> = ranks;
  return loadWith(options)(bytes, { profiles, ranks: open });
}

export async function liked(bytes: Uint8Array, event: TrackedEvent): Promise<string[]> {
  const opened: Profiles = await profiles();
  const profile: Profile = opened.open(bytes);
  const isNew: boolean = profile.track({ ...event, value: 1 });
  profile.merge(bytes);
  const { engagement, likedItems }: ProfileSummary = profile.summary(Date.now());
  const items = likedItems.map(({ key, worth }: Interest) => `${key} ${worth.toFixed(1)}`);
  const kept: Uint8Array = profile.toBytes();
  profile.free();
  return [`${isNew}`, engagement, ...items, kept.length.toFixed()];
}

export async function written(bundle: unknown): Promise<Uint8Array | Problem[]> {
  const problems = await check(bundle);
  const rows: Rows = { columns: 2, numbers: new Float32Array([1, 0]) };
  const options: CompileOptions = { files: { "vectors.npy": rows, "items.jsonl": new Uint8Array() } };
  const { bytes }: Compiled = await compile(bundle, options);
  const known: Record<string, unknown> = await schema();
  return "$defs" in known && bytes !== undefined ? bytes : problems;
}

export async function decided(engine: Engine, url: string): Promise<string> {
  const request: RequestFacts = { url, referrer: null, userAgent: "an app", language: "en" };
  const context: Context = { request, now: Date.now(), timeZone: "Europe/Warsaw", force: { hero: "city" } };
  const result: Result = engine.personalize(context);
  const { key, maxAge, varies }: Cache = result.cache;
  const seen = result.exposures.map(({ experiment, arm, slots }: Exposure) => [experiment, arm, ...slots].join());
  const { steps }: Explanation = await engine.explain(context);
  const texts = Object.values(steps).flatMap((ofSlot: Step[]) => ofSlot.map(({ text }) => text));
  const why = Object.values(result.slots).map(because);
  const holds: boolean = await engine.matches({ plan: "pro" }, { plan: "pro" });
  return [
    key,
    maxAge.toFixed(),
    ...varies,
    ...seen,
    ...texts,
    ...why,
    `${holds}`,
    engine.render(result, "hero"),
  ].join();
}

export function ranked({ items = [] }: Shown): string[] {
  return items.map(({ id, score, propensity, because }: RankedItem) => {
    const signal: Signal = because.signal ?? "boost";
    const parts = because.parts?.map(({ item, share }) => `${item ?? "all"} ${share}`) ?? [];
    return [id, score, propensity, because.text ?? signal, because.shares[signal] ?? 0, ...parts].join();
  });
}

function because({ source, reason, content }: Shown): string {
  const by: Source = source;
  const why: Reason = reason;
  const { html, patches = [] }: Content = content;
  const made = patches.map(({ op, selector, value }: Patch) => `${op} ${selector ?? "itself"} ${value ?? ""}`);
  return [by, why, html ?? "", ...made].join();
}

export default {
  fetch(
    request: Request,
    env: Record<string, unknown>,
    context: Parameters<typeof worker.fetch>[2],
  ): Promise<Response> {
    return worker.fetch(request, env, context);
  },
};
