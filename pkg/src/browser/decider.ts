import type { Engine } from "../engine/engine.js";
import type { Profile } from "../profile/profile.js";
import type { Context, ProfileSummary, Result, TrackedEvent } from "../types.js";
import { type Consent, mayKeep } from "../visitor/consent.js";
import { facts, merged, suppliedContext } from "./facts.js";
import { isPrerendered, whenActive } from "./lifecycle.js";
import type { Page } from "./page.js";
import type { open, Start } from "./personalize.js";
import { previewOf } from "./preview.js";
import type { ContextUpdate, SessionExplanation } from "./session.js";
import type { Visitor } from "./visitor.js";

/** Where the Worker's routes are, unless the handoff says something else. */
const PREFIX = "/_slotwise/";
/** How long the edge may take to answer, in milliseconds. */
const PATIENCE = 10_000;

/** What the edge answers to `POST decide`. */
interface EdgeAnswer extends Pick<Result, "slots" | "exposures"> {
  context?: {
    attributes?: Record<string, unknown>;
    timeZone?: string | number;
    /** What counts until the visitor has answered. */
    consent?: Consent;
  };
  steps?: SessionExplanation["steps"];
}

/** What the edge can have known of the visitor from the request for the page: their answer to the question of consent, and their profile. */
interface Arrived {
  answer: Consent | undefined;
  profile: Uint8Array | undefined;
}

/** Decides for the page: what is known, who the visitor is, and the engine. */
export class Decider {
  readonly #page: Page;
  readonly #how: Start;
  readonly #open: typeof open;
  readonly #visitor: Visitor;
  /** An id was taken that must not be used: decide again. */
  readonly #mistaken: () => void;
  #engine: Promise<Engine> | undefined;
  #edge: Promise<EdgeAnswer["context"]> | undefined;
  #known: NonNullable<EdgeAnswer["context"]> = {};
  #update: ContextUpdate = {};
  #isForgotten = false;
  /** An id that is not kept yet, because the page is not open yet. */
  #candidate: string | undefined;
  /** What was kept of the visitor when the page came: what the edge has decided by. */
  readonly #arrived: Arrived;
  /** What counted in the last decision, and the id that was kept then. */
  #counted: Consent = {};
  #kept: string | undefined;

  constructor(page: Page, how: Start, opener: typeof open, visitor: Visitor, mistaken: () => void) {
    this.#page = page;
    this.#how = how;
    this.#open = opener;
    this.#visitor = visitor;
    this.#mistaken = mistaken;
    this.#engine = how.engine;
    // Who has refused since, on a page without us, is not to be known again when they agree once more.
    if (visitor.hasRefused) visitor.forget();
    this.#arrived = { answer: visitor.answer, profile: visitor.profileForEdge };
  }

  /** Loads the engine, so that it is there when something must be decided. The edge is asked only then. */
  load(): Promise<Engine> {
    this.#engine ??= this.#open(this.#how.bundle ?? this.#bundle());
    this.#engine.catch(() => {
      this.#engine = undefined;
    });
    return this.#engine;
  }

  /** Decides with what is known now. Rejects when the engine or the edge cannot be reached. */
  async decide(): Promise<Result> {
    const [engine] = await Promise.all([this.load(), this.#askContext()]);
    const context = this.#context();
    this.#counted = context.consent ?? {};
    const isKeeping = granted(this.#counted).length > 0;
    let result = engine.personalize(context);
    if (isKeeping && context.attributes?.id === undefined && result.cache.varies.includes("id")) {
      const id = await this.#mint(engine);
      if (id !== undefined) result = engine.personalize(this.#context(id));
    }
    this.#kept = this.#visitor.id;
    const { sticky } = result;
    if (isKeeping) whenActive(() => this.#visitor.keepSticky(sticky));
    return result;
  }

  /** What the edge has decided, with the content, which it has not handed over: from what the edge knew, and nothing since. */
  async recall(): Promise<Result> {
    const engine = await this.load();
    const { profile: _, ...context } = this.#context();
    const { answer, profile } = this.#arrived;
    // What the edge assumes counted as long as the visitor had not answered; an answer since then is not what it has decided by.
    const assumed = this.#visitor.answer === undefined ? this.#known.consent : undefined;
    const consent = { ...(this.#prefix === undefined ? context.consent : (answer ?? assumed)) };
    const known = this.#prefix === undefined ? {} : { attributes: {}, ...this.#known };
    return engine.personalize({
      ...context,
      ...known,
      consent,
      request: { ...context.request, url: this.#how.url },
      force: previewOf()?.force ?? {},
      ...(profile && mayKeep(consent, undefined) && { profile }),
    });
  }

  /**
   * Adds something that the visitor did to their profile, and keeps that. Says whether anything has changed: nothing is kept of a
   * visitor who has not consented, and none for a bundle that does not ask.
   */
  async track(event: TrackedEvent): Promise<boolean> {
    if (!(await this.#mayProfile())) return false;
    return this.#withProfile((profile) => {
      if (!profile.track(event)) return false;
      this.#visitor.keepProfile(profile.toBytes());
      return true;
    });
  }

  /** What the profile says; nothing without consent. */
  async profile(): Promise<ProfileSummary | undefined> {
    return (await this.#mayProfile()) ? this.#withProfile((profile) => profile.summary()) : undefined;
  }

  async explain(): Promise<SessionExplanation> {
    if (this.#prefix !== undefined) {
      const { slots, exposures, steps = {} } = await this.#ask({ explain: true });
      return { result: { slots, exposures }, steps };
    }
    const engine = await this.load();
    return engine.explain(this.#context());
  }

  /** Takes in what has become known. */
  update({ attributes, consent, timeZone, force }: ContextUpdate): void {
    const before = this.#update;
    this.#update = {
      ...before,
      ...(attributes && { attributes: merged(before.attributes ?? {}, attributes) }),
      ...(timeZone !== undefined && { timeZone }),
      ...(force && { force: { ...before.force, ...force } }),
    };
    if (consent !== undefined) {
      this.#page.options.consent = { ...this.#consent(), ...consent };
      if (granted(this.#page.options.consent).length > 0) this.#isForgotten = false;
    }
  }

  /** The purposes that counted in the last decision and do not any more. */
  withdrawn(): string[] {
    const now = this.#consent();
    return granted(this.#counted).filter((purpose) => now[purpose] !== true);
  }

  /** Whether the id that was kept has been deleted, which another tab does to forget the visitor. */
  isForgottenElsewhere(): boolean {
    return this.#kept !== undefined && this.#visitor.id === undefined;
  }

  /** Deletes what is kept when nothing may be kept any more. */
  tidy(): void {
    if (granted(this.#consent()).length === 0) this.#visitor.forget();
  }

  /** From here on nothing is known of the visitor but the context. */
  forget(): void {
    this.#isForgotten = true;
    this.#candidate = undefined;
    this.#kept = undefined;
    this.#page.options.consent = {};
    this.#visitor.forget();
  }

  /** Whether a profile may be kept. Where nobody has said so in the page, the edge may know: it reads headers, and assumes. */
  async #mayProfile(): Promise<boolean> {
    const { needsProfile, profilePurpose } = await this.load();
    if (!needsProfile) return false;
    if (!this.#isForgotten && this.#visitor.isOpen) await this.#askContext();
    return mayKeep(this.#consent(), profilePurpose);
  }

  /** Does something with the profile as it is kept now: another tab may have added to it. */
  async #withProfile<T>(work: (profile: Profile) => T): Promise<T> {
    const { profiles } = await import("../entries/profile.web.js");
    const opened = await profiles();
    return this.#visitor.alone(() => {
      const profile = opened.open(this.#visitor.profile);
      try {
        return work(profile);
      } finally {
        profile.free();
      }
    });
  }

  get #prefix(): string | undefined {
    const { handoff } = this.#how;
    // A server that renders pages, but has no routes, says so by an empty prefix.
    return handoff === undefined || handoff.prefix === "" ? undefined : (handoff.prefix ?? PREFIX);
  }

  #bundle(): URL {
    const { bundle } = this.#page.options;
    if (bundle !== undefined) return new URL(bundle, document.baseURI);
    return new URL(`${this.#prefix ?? PREFIX}bundle`, location.href);
  }

  #consent(): Record<string, boolean> {
    return this.#isForgotten ? {} : this.#visitor.consent(this.#known.consent);
  }

  /** Asks the edge, once, for what it knows and the page does not. */
  async #askContext(): Promise<void> {
    if (this.#prefix === undefined) return;
    this.#edge ??= this.#ask({}).then(({ context }) => context);
    try {
      this.#known = (await this.#edge) ?? {};
    } catch (thrown) {
      this.#edge = undefined;
      throw thrown;
    }
  }

  async #ask(more: { explain?: true }): Promise<EdgeAnswer> {
    const { consent, attributes, timeZone, force } = this.#told();
    const { url, referrer } = facts();
    const response = await fetch(new URL(`${this.#prefix}decide`, location.href), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ attributes, consent, timeZone, url, referrer, force, ...more }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    return response.json();
  }

  /** What the site's code says. */
  #told(): Pick<Context, "attributes" | "consent" | "timeZone" | "force"> {
    const { options } = this.#page;
    const supplied = suppliedContext();
    const told = [supplied.attributes, options.attributes, this.#update.attributes];
    const attributes = told.reduce<Record<string, unknown>>((under, over) => merged(under, over ?? {}), {});
    if (this.#isForgotten) delete attributes.id;
    const consent = this.#isForgotten ? {} : (options.consent ?? supplied.consent);
    const timeZone = this.#update.timeZone ?? options.timeZone;
    const force = { ...options.force, ...this.#update.force, ...previewOf()?.force };
    return {
      attributes,
      ...(consent && { consent }),
      ...(timeZone !== undefined && { timeZone }),
      ...(Object.keys(force).length > 0 && { force }),
    };
  }

  /** All that is known. What the page says counts more than what the edge knows. */
  #context(minted?: string): Context {
    const { now, sticky } = this.#page.options;
    const told = this.#told();
    const consent = this.#consent();
    const attributes = merged(this.#known.attributes ?? {}, told.attributes ?? {});
    const isKeeping = granted(consent).length > 0;
    // Without consent, what was kept is not read either; what the site's code says is the site's decision.
    if (!isKeeping && told.attributes?.id === undefined) delete attributes.id;
    if (isKeeping) attributes.id ??= this.#visitor.id ?? minted ?? this.#candidate;
    if (attributes.id === undefined) delete attributes.id;
    const profile = this.#page.options.profile ?? (isKeeping ? this.#visitor.profile : undefined);
    const timeZone = told.timeZone ?? this.#known.timeZone;
    return {
      ...told,
      attributes,
      consent,
      request: facts(),
      ...(timeZone !== undefined && { timeZone }),
      ...(now !== undefined && { now }),
      ...(profile && { profile }),
      sticky: { ...(isKeeping && this.#visitor.sticky), ...sticky },
    };
  }

  /** An id for a visitor who has none and consents to one. While the page is not open yet, nothing is kept. */
  async #mint(engine: Engine): Promise<string | undefined> {
    if (!isPrerendered()) return this.#visitor.keepId(engine.mintId());
    const candidate = engine.mintId();
    this.#candidate = candidate;
    whenActive(async () => {
      const kept = this.#isForgotten ? undefined : await this.#visitor.keepId(candidate);
      this.#candidate = undefined;
      if (kept !== candidate) this.#mistaken();
    });
    return candidate;
  }
}

function granted(consent: Consent): string[] {
  return Object.keys(consent).filter((purpose) => consent[purpose] === true);
}
