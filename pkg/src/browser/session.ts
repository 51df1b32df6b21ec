import type { Context, Exposure, ProfileSummary, Result, Shown, Step, TrackedEvent } from "../types.js";
import type { Page } from "./page.js";

/** How a page is personalised. */
export interface PersonalizeOptions extends Omit<Context, "request"> {
  /** Where the compiled bundle is. When the edge has decided, it is fetched only to go on from there; default: the edge's own. */
  bundle?: string | URL;
  /** Milliseconds, from the start of the page, after which slots keep their default. Default: 1000. */
  deadline?: number;
  /** The cookie in which the site keeps what the visitor has consented to. Default: `slotwise_consent`. */
  consentCookie?: string;
  /** `ignore`: Global Privacy Control is not taken for a refusal. */
  gpc?: "ignore";
  /** The domain of our cookies, to share them with subdomains. Default: this host alone. */
  cookieDomain?: string;
  /** Told when an experiment's variant has been seen; nothing is sent anywhere by itself. */
  onExposure?: (exposure: SeenExposure) => void;
}

/** An exposure that has happened. */
export interface SeenExposure extends Exposure {
  /** The slot in which it was seen. */
  slot: string;
  /** The path of the page. */
  page: string;
  /** The site's own code wrote over the variant again and again, so the visitor saw the page's content instead. */
  overridden?: true;
}

/** What a slot shows from now on. */
export interface SlotChange extends Shown {
  slot: string;
}

/** What a session tells. */
export interface SessionEvents {
  /** A slot shows something else than before. */
  change: SlotChange;
  /** A variant has been seen. */
  exposure: SeenExposure;
}

/** What can change while a page is open. */
export type ContextUpdate = Pick<Context, "attributes" | "consent" | "timeZone" | "force">;

/** A decision with the steps that led to it. */
export interface SessionExplanation {
  result: Pick<Result, "slots" | "exposures">;
  /** The steps of each slot. */
  steps: Record<string, Step[]>;
}

/** A personalised page. */
export interface Session {
  /** Who decided what is shown: the edge, this page, or nobody in time. */
  readonly decidedBy: "edge" | "page" | "nobody";
  /** What each slot shows now, and why. Empty when nobody decided. */
  readonly slots: Readonly<Record<string, Shown>>;
  /** What to log once it has been seen; see `onExposure`. */
  readonly exposures: Exposure[];
  /** Listens; returns what stops it. */
  on<Type extends keyof SessionEvents>(type: Type, listener: (event: SessionEvents[Type]) => void): () => void;
  /**
   * Decides again with more known than before, and shows what has changed. Attributes, purposes and forced slots are added
   * to those there are. Resolves once it is shown; when that fails, everything stays as it is.
   */
  update(context: ContextUpdate): Promise<void>;
  /**
   * Adds something that the visitor did to their profile, and decides again what depends on it. Resolves once that is shown. Nothing is
   * kept without consent, and nothing for a bundle that does not ask what visitors did.
   */
  track(name: string, event?: Omit<TrackedEvent, "name">): Promise<void>;
  /** What the visitor's profile says, for people to read; nothing without consent. */
  profile(): Promise<ProfileSummary | undefined>;
  /** Says that a slot was seen: for values, which have no element that could be watched. */
  expose(slot: string): void;
  /**
   * Deletes our cookies and the profile, and takes consent back, here and in the site's other tabs: from then on context alone decides. The
   * site's own consent cookie is the site's to change.
   */
  forget(): Promise<void>;
  /** The decision that would be made now, with every step that leads to it; for tools. */
  explain(): Promise<SessionExplanation>;
  /** Ends everything that goes on in the page. What is shown stays. */
  close(): void;
}

/** What goes on in a page after its first paint; `live.ts` does it. */
export interface Live extends Pick<Session, "update" | "profile" | "expose" | "forget" | "explain" | "close"> {
  track(event: TrackedEvent): Promise<void>;
  /** Kept when the first decision has been made and shown, or cannot be made. */
  readonly first: Promise<void>;
}

/** A session whose later parts may still be on their way. */
export function sessionOf(page: Page): Session {
  return {
    get decidedBy() {
      return page.decidedBy ?? "nobody";
    },
    get slots() {
      return page.slots;
    },
    get exposures() {
      return page.exposures;
    },
    on(type, listener) {
      const listeners = page.listeners[type] as Set<typeof listener>;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async update(context) {
      await (await page.live)?.update(context);
    },
    async track(name, event) {
      await (await page.live)?.track({ ...event, name });
    },
    async profile() {
      return (await page.live)?.profile();
    },
    expose(slot) {
      page.live.then((going) => going?.expose(slot));
    },
    async forget() {
      await (await page.live)?.forget();
    },
    async explain() {
      const going = await page.live;
      if (going === undefined) throw new Error("slotwise: this page has no bundle that could be explained");
      return going.explain();
    },
    close() {
      page.live.then((going) => going?.close());
      page.live = Promise.resolve(undefined);
      page.session = undefined;
      page.started = undefined;
    },
  };
}
