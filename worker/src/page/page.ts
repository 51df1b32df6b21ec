// A page on its way from the origin to the visitor. Whatever goes wrong, the visitor gets the page as it came.

import type { Engine } from "slotwise";
import { STATE, writeHandoff } from "../../../pkg/src/handoff/handoff.ts";
import { current, wanted } from "../bundles/live.ts";
import { within } from "../deadline.ts";
import { type Decided, decideFor } from "../decide.ts";
import { logPage } from "../log.ts";
import type { Place } from "../place.ts";
import { personaCookie } from "../visitor/persona.ts";
import { cookiesFor } from "../visitor/visitor.ts";
import { charsetOf, reasonToPass } from "./adaptable.ts";
import { hasKept, keep, kept, keptFor, mayShare } from "./cache.ts";
import { adaptedTag, makePrivate, nonceOf, originTags, sayOutcome, type Timings, tagsIn } from "./headers.ts";
import { askForWhole, asksForPage, fromOrigin } from "./origin.ts";
import { rewrite } from "./rewrite.ts";

const DEFAULT_PREFIX = "/_slotwise/";

/** Answers a request for something of the site. */
export async function servePage(request: Request, place: Place): Promise<Response> {
  if (!asksForPage(request)) {
    const answer = await fromOrigin(request, place);
    // A script may ask for a part of a page without saying so.
    if (request.method !== "GET" || reasonToPass(answer) !== undefined) return answer;
    return new Visit(request, place).adapt(answer);
  }
  return new Visit(request, place).serve();
}

/** One request for a page. */
class Visit {
  readonly #request: Request;
  readonly #place: Place;
  readonly #started = Date.now();
  readonly #timings: Timings = {};

  constructor(request: Request, place: Place) {
    this.#request = request;
    this.#place = place;
  }

  /** With a bundle at hand, what is shown is known before the origin is asked; else both are waited for at once. */
  async serve(): Promise<Response> {
    const engine = current(this.#place)?.engine;
    const decided = engine === undefined ? undefined : this.#decide(engine);
    if (decided === undefined || decided instanceof Error) {
      const [answer, loaded] = await Promise.all([this.#askForWhole(), this.#engine()]);
      return this.#finish(answer, loaded instanceof Error ? loaded : this.#decide(loaded));
    }
    const page = hasKept(this.#place.url) && this.#mayShare(decided) ? await this.#kept(decided) : undefined;
    if (page !== undefined) return this.#fromCache(page, decided);
    const condition = this.#request.headers.get("if-none-match");
    const tags = condition === null ? undefined : originTags(condition, await this.#digest(decided));
    const answer = await this.#askForWhole(tags);
    if (answer.status === 304 && tags !== undefined) return this.#notModified(answer, decided);
    return this.#finish(answer, decided);
  }

  /** Adapts a page that has been fetched already. */
  async adapt(answer: Response): Promise<Response> {
    const engine = await this.#engine();
    return this.#finish(answer, engine instanceof Error ? engine : this.#decide(engine));
  }

  /** The engine, or why there is none within the deadline. */
  async #engine(): Promise<Engine | Error> {
    const loading = wanted(this.#place).then(
      ({ engine }) => engine,
      (thrown) => new Error(`bundle: ${(thrown as Error).message}`),
    );
    this.#place.waitUntil(loading);
    const late = "deadline: the bundle was not there in time";
    const engine = await within(this.#place.settings.deadline, loading, late).catch((thrown: Error) => thrown);
    this.#timings.bundle = Date.now() - this.#started;
    return engine;
  }

  #decide(engine: Engine): Decided | Error {
    try {
      const decided = decideFor(this.#request, engine, this.#place);
      const hasFailed = Object.values(decided.result.slots).some(({ reason }) => reason === "engine_failed");
      return hasFailed ? new Error("engine: it failed, and starts anew") : decided;
    } catch (thrown) {
      console.error(JSON.stringify({ message: "slotwise: engine", failure: String(thrown) }));
      return new Error("engine: it could not decide");
    }
  }

  async #askForWhole(tags?: string): Promise<Response> {
    const answer = await fromOrigin(this.#request, this.#place, (headers) => askForWhole(headers, tags));
    this.#timings.origin = Date.now() - this.#started;
    return answer;
  }

  #mayShare(decided: Decided): boolean {
    return this.#place.settings.pageCache && mayShare(this.#request, decided);
  }

  async #kept(decided: Decided): Promise<Response | undefined> {
    return kept(this.#place.url, await this.#digest(decided)).catch(() => undefined);
  }

  async #finish(answer: Response, decided: Decided | Error): Promise<Response> {
    const reason = reasonToPass(answer);
    if (reason !== undefined) {
      logPage(this.#place.settings, this.#request, { outcome: "passed", reason, status: answer.status });
      return answer;
    }
    if (decided instanceof Error) return this.#untouched(answer, decided.message);
    try {
      return await this.#adapted(answer, decided);
    } catch (thrown) {
      console.error(JSON.stringify({ message: "slotwise: page", failure: String(thrown) }));
      return this.#untouched(answer, "page: it could not be adapted");
    }
  }

  async #adapted(answer: Response, decided: Decided): Promise<Response> {
    const { cache } = decided;
    const allowed = keptFor(this.#request, answer, cache);
    const seconds = allowed > 0 && this.#mayShare(decided) ? allowed : 0;
    const tag = answer.headers.get("etag");
    const shown = tag === null && seconds === 0 ? "" : await this.#digest(decided);
    const page = await this.#rewritten(answer, decided);
    makePrivate(page.headers, adaptedTag(tag, shown));
    if (seconds > 0 && page.body !== null) {
      this.#place.waitUntil(keep(this.#place.url, shown, page.clone(), seconds).catch(() => undefined));
    }
    return this.#forVisitor(page, decided, "adapted");
  }

  async #rewritten(answer: Response, decided: Decided): Promise<Response> {
    if (this.#request.method === "HEAD") return new Response(null, answer);
    const ending = (owned: ReadonlySet<string>) => this.#ending(decided, answer.headers, owned);
    const { result } = decided;
    return rewrite(answer, { result, ending: this.#isDocument() ? ending : undefined, charset: charsetOf(answer) });
  }

  #fromCache(page: Response, decided: Decided): Response {
    const etag = page.headers.get("etag") ?? undefined;
    const isKnown = etag !== undefined && tagsIn(this.#request.headers.get("if-none-match")).includes(etag);
    const copy = isKnown ? new Response(null, { status: 304, headers: page.headers }) : new Response(page.body, page);
    if (isKnown) page.body?.cancel();
    makePrivate(copy.headers, etag);
    return this.#forVisitor(copy, decided, "adapted; from the cache");
  }

  async #notModified(answer: Response, decided: Decided): Promise<Response> {
    const shown = await this.#digest(decided);
    const copy = new Response(null, answer);
    makePrivate(copy.headers, adaptedTag(answer.headers.get("etag"), shown) ?? this.#keptTag(shown));
    return this.#forVisitor(copy, decided, "adapted; not modified");
  }

  /** The validator that the browser has, when the origin does not repeat its own. */
  #keptTag(shown: string): string | undefined {
    return tagsIn(this.#request.headers.get("if-none-match")).find((tag) => tag.includes(`.${shown}`));
  }

  #forVisitor(page: Response, { result, cache, visitor }: Decided, outcome: string): Response {
    const { settings } = this.#place;
    const persona = settings.personas ? personaCookie(this.#request) : undefined;
    const set = this.#request.method === "GET" ? cookiesFor(visitor, result, cache, settings) : [];
    for (const text of persona === undefined ? set : [...set, persona]) page.headers.append("set-cookie", text);
    sayOutcome(page.headers, outcome, this.#timings);
    logPage(settings, this.#request, { outcome, status: page.status, result, timings: this.#timings });
    return page;
  }

  /** The page as it came, kept for nobody: the next one may be adapted. */
  #untouched(answer: Response, reason: string): Response {
    const page = new Response(answer.body, answer);
    page.headers.set("cache-control", "private, no-cache");
    sayOutcome(page.headers, `untouched; ${reason}`, this.#timings);
    logPage(this.#place.settings, this.#request, { outcome: "untouched", reason, status: answer.status });
    return page;
  }

  /** Whether a whole page is asked for, and not a part that a script puts into another. */
  #isDocument(): boolean {
    return (this.#request.headers.get("sec-fetch-dest") ?? "document") !== "empty";
  }

  /** What comes at the end of a page with slots: what was decided, and the script that goes on from there. */
  #ending({ engine, result }: Decided, headers: Headers, owned: ReadonlySet<string>): string {
    const { prefix } = this.#place.settings;
    const { id, revision } = engine;
    const { slots, exposures } = result;
    const handoff = { id, revision, slots, exposures, ...(prefix !== DEFAULT_PREFIX && { prefix }) };
    const state = writeHandoff(handoff, (slot) => owned.has(slot));
    const nonce = nonceOf(headers);
    const script = `<script type="module" src="${prefix}slotwise.js"${nonce === undefined ? "" : ` nonce="${nonce}"`}></script>`;
    return `<script type="application/json" id="${STATE}">${state}</script>${script}`;
  }

  /** A digest of what the page shows: pages with the same one are the same. */
  async #digest({ cache }: Decided): Promise<string> {
    const text = new TextEncoder().encode(`${this.#isDocument() ? "page" : "part"} ${cache.key}`);
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).subarray(0, 8);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
