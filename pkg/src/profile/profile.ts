import { FAILED, Instance } from "../engine/instance.js";
import { openingOf } from "../engine/opening.js";
import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/profile/slotwise.js";
import type { Past } from "../rank/list.js";
import type { Interest, ProfileSummary, TrackedEvent } from "../types.js";
import { Kept } from "./kept.js";
import { FEATURES, type Question, type Within } from "./questions.js";

/** What a visitor did, as a sketch of at most 1,536 bytes that stays with the visitor. */
export interface Profile {
  /**
   * Adds an event. `time` is now unless it is given. Says whether it was added: an event that was added before (by its `id`, or by all
   * of it), or is older than 90 days, is not.
   */
  track(event: TrackedEvent, now?: number): boolean;
  /** Takes in another profile of the same visitor, such as the one from before they logged in. Nothing counts twice. */
  merge(other: Uint8Array): void;
  /** The profile as bytes, for `personalize({ profile })` and for keeping. What has no room in them is forgotten. */
  toBytes(): Uint8Array;
  /** What the profile says, for people to read. */
  summary(now?: number): ProfileSummary;
  /** Frees its memory. It cannot be used any more. */
  free(): void;
}

/** The profiles of one environment. */
export interface Profiles {
  /** Reads a profile, or makes an empty one. What is no profile reads as an empty one. */
  open(bytes?: Uint8Array): Profile;
  /** Answers questions about a profile at a moment, and says until when time alone does not change the answers. */
  answer(bytes: Uint8Array | undefined, questions: Question[], now: number): { answers: unknown[]; until: number };
  /** The items that a profile knows of, the most liked first and the most disliked last. */
  items(bytes: Uint8Array | undefined, now: number): Past[];
}

/** Makes the profiles of an environment. */
export function profilesOf(
  wasm: typeof glue,
  module: () => Promise<WebAssembly.Module | Response>,
): () => Promise<Profiles> {
  const instance = new Instance(wasm);
  const kept = new Kept(wasm, instance);
  const profiles: Profiles = {
    open: (bytes) => opened(kept, instance, bytes),
    items: (bytes, now) =>
      instance.run(() => {
        const profile = kept.read(bytes);
        const past = profile.past(now).map(interest);
        kept.free(profile);
        return past.map(({ key, worth, last, isBought }) => ({ id: key, worth, last, isBought }));
      }),
    answer: (bytes, questions, now) =>
      instance.run(() => {
        const profile = kept.read(bytes);
        try {
          const answers = [];
          let until = Number.POSITIVE_INFINITY;
          for (const question of questions) {
            answers.push(ask(profile, question, now));
            until = Math.min(until, profile.until);
          }
          return { answers, until };
        } finally {
          kept.free(profile);
        }
      }),
  };
  return openingOf(instance, module, "the WebAssembly of profiles", profiles);
}

function ask(profile: glue.Profile, question: Question, now: number): unknown {
  if ("feature" in question) return profile.feature(question.feature, now);
  if ("count" in question) return profile.count(question.count[0], windowOf(question.count[1]), now);
  if ("cluster" in question) {
    const { numbers, names } = question.cluster;
    return names[profile.nearest(numbers as unknown as Float64Array, now) ?? -1];
  }
  return profile.each(question.each[0], windowOf(question.each[1]), now).map(seen);
}

/** As `window` in `src/wasm/profile.rs` reads it. */
function windowOf(within: Within): number {
  if (typeof within === "number") return within;
  return within === "session" ? -1 : within === "last-session" ? -2 : Number.POSITIVE_INFINITY;
}

function opened(kept: Kept, instance: Instance, bytes: Uint8Array | undefined): Profile {
  let profile: glue.Profile | undefined = instance.run(() => kept.read(bytes));
  /** Uses the profile. One that is gone is told here: to the module it would be a failure, which takes all other profiles with it. */
  const use = <T>(work: (profile: glue.Profile) => T): T => {
    const used = profile;
    if (used === undefined) throw new SlotwiseError("freed", "this profile was freed; open it again");
    if (!kept.isThere(used))
      throw new SlotwiseError(FAILED, "the engine has failed since this profile was opened; open it again");
    return instance.run(() => work(used));
  };
  return {
    track(event, now = Date.now()) {
      // Read before the module is asked: what is no text or number would stop it in the middle.
      const [name = "", item, category, id] = [event.name, event.item, event.category, event.id].map(text);
      const value = number(event.value);
      const [time, moment] = [event.time ?? now, now].map(Number) as [number, number];
      return use((profile) => profile.apply(name, item, category, value, time, id, moment));
    },
    merge(other) {
      use((profile) => {
        const taken = kept.read(other);
        profile.merge(taken);
        kept.free(taken);
      });
    },
    toBytes: () => use((profile) => profile.bytes()),
    summary(now = Date.now()) {
      const moment = Number(now);
      return use((profile) => {
        const features = Object.fromEntries(FEATURES.map((feature) => [feature, profile.feature(feature, moment)]));
        const liked = (ofItems: boolean) => profile.interests(ofItems, moment).map(interest);
        return { ...features, likedCategories: liked(false), likedItems: liked(true) } as unknown as ProfileSummary;
      });
    },
    free() {
      if (profile !== undefined) kept.free(profile);
      profile = undefined;
    },
  };
}

/** What an event says, as a text; nothing when it says nothing. */
function text(said: unknown): string | undefined {
  return said === undefined || said === null ? undefined : `${said}`;
}

function number(said: unknown): number | undefined {
  return said === undefined || said === null ? undefined : Number(said);
}

function seen([item, category, value]: [string | null, string | null, number | null]) {
  return { item, category, value };
}

function interest([key, worth, times, last, isBought]: [string, number, number, number, boolean]): Interest {
  return { key, worth, times, last, isBought };
}
