/** What is known for one decision. Every member is optional; what is missing reads as unknown. */
export interface Context {
  /** What is known of the visitor: a plain object, of which the engine reads only what the bundle asks for. */
  attributes?: Record<string, unknown>;
  /** Raw facts of the request, from which attributes such as `device.type` are derived. */
  request?: RequestFacts;
  /** Which purposes the visitor has consented to. A purpose that is missing is refused. */
  consent?: Record<string, boolean>;
  /** Milliseconds since the epoch. Default: now. */
  now?: number;
  /** The visitor's time zone: an IANA name, or minutes ahead of UTC. Default: the page's own; UTC on servers. */
  timeZone?: string | number;
  /** Arms given in earlier visits, as `result.sticky` had them. */
  sticky?: Record<string, string>;
  /** Slots that are made to show a variant. */
  force?: Record<string, string>;
  /** What the visitor did before: a profile of `slotwise/profile`, as bytes. Without one they have done nothing yet. */
  profile?: Uint8Array;
}

/** Something that a visitor did. */
export interface TrackedEvent {
  /** Such as `view_item`: names of Google Analytics 4 where it has one, or the site's own. */
  name: string;
  /** The item that it was done to, and its category. */
  item?: string;
  category?: string;
  /** The price of a purchase, the seconds of a dwell, the percentage of a scroll. */
  value?: number;
  /** When, in milliseconds since the epoch. Default: now. */
  time?: number;
  /** Tells it from all others, so that what is sent twice counts once. */
  id?: string;
}

/** Something that a visitor likes: an item or a category. */
export interface Interest {
  key: string;
  /** How much: a view is 1, and halves in 7 days (items) or 30 (categories). */
  worth: number;
  /** How often something was done with it, and when last. */
  times: number;
  last: number;
  isBought: boolean;
}

/** What a profile says of a visitor, by the paths that conditions know below `profile`. */
export interface ProfileSummary {
  isNew: boolean;
  sessions: number;
  engagement: "low" | "medium" | "high";
  "rfm.recency": number | undefined;
  "rfm.frequency": number;
  "rfm.monetary": number;
  categories: string[];
  items: string[];
  leftCart: boolean;
  likedCategories: Interest[];
  likedItems: Interest[];
}

/** Raw facts of a request. */
export interface RequestFacts {
  /** The page's URL, as `Request.url` or `location.href` has it. */
  url?: string | null;
  /** The referring page's URL. */
  referrer?: string | null;
  /** The `User-Agent` header. */
  userAgent?: string | null;
  /** The `Accept-Language` header, or `navigator.language`. */
  language?: string | null;
}

/** What decided a slot. */
export type Source = "forced" | "rule" | "experiment" | "rank" | "bandit" | "holdout" | "default" | "error";

/** Why a slot shows what it shows. The codes are explained in the guide to bundles. */
export type Reason =
  | "forced"
  | "matched"
  | "assigned"
  | "sticky"
  | "arm_forced"
  | "held_out"
  | "ranked"
  | "nothing_to_rank"
  | "no_match"
  | "consent_required"
  | "no_hash_value"
  | "not_targeted"
  | "requirement_unmet"
  | "not_in_namespace"
  | "not_covered"
  | "not_started"
  | "sticky_blocked"
  | "too_large"
  | "default_too_large"
  | "damaged"
  | "engine_failed";

/** One change to the page. */
export interface Patch {
  op: "html" | "text" | "attribute" | "class" | "append" | "prepend" | "before" | "after" | "replace" | "remove";
  /** Which elements inside the slot; the slot itself when missing. */
  selector?: string;
  /** The attribute's name, for `attribute`. */
  name?: string;
  /** The new content. */
  value?: string;
}

/** The content of a variant, templates rendered. An empty object leaves the page as it is. */
export interface Content {
  /** The slot's inner HTML. */
  html?: string;
  /** Changes to the page, in order. */
  patches?: Patch[];
  /** The value that code asked for. */
  value?: unknown;
}

/** What one slot shows. */
export interface Shown {
  variant: string;
  source: Source;
  reason: Reason;
  /** Shared between decisions and frozen. */
  content: Content;
  /** The rule that decided: its id, or its place among the slot's rules. */
  rule?: string | number;
  experiment?: string;
  /** The visitor's arm in that experiment. */
  arm?: string;
  /** In a factorial experiment: the level of each factor. */
  factors?: Record<string, string>;
  /** Where the visitor falls, from 0 up to 1. */
  bucket?: number;
  holdout?: string;
  /** The items that were ranked for the slot, best first. */
  items?: RankedItem[];
}

/** What can speak for an item. */
export type Signal = "content" | "factors" | "neighbours" | "popularity" | "recency" | "boost";

/** An item of a list. */
export interface RankedItem {
  id: string;
  /** How good it is: what the shares add up to in single precision, and the bias of a trained blend. */
  score: number;
  /** How likely it was that it got its place, given those before it; below 1 where places are explored. */
  propensity: number;
  because: {
    /** The signal that speaks for it most, and the item of the visitor's past that does so most within it. */
    signal?: Signal;
    item?: string;
    /** That in the bundle's words. */
    text?: string;
    /** What each signal adds to the score. */
    shares: Partial<Record<Signal, number>>;
    /**
     * What items of the past gave to those; without an item, what no single one gave. Missing where the edge decided, until the page
     * decides anew.
     */
    parts?: { signal: Signal; item?: string; share: number }[];
  };
}

/** That a visitor was given an experiment's arm, or held out: to be logged once it has been seen. */
export interface Exposure {
  experiment?: string;
  arm?: string;
  factors?: Record<string, string>;
  /** The attribute that identified the visitor. */
  hashAttribute?: string;
  bucket?: number;
  holdout?: string;
  /** The slots in which it can be seen. */
  slots: string[];
}

/** For how long and for whom an answer holds. */
export interface Cache {
  /** Equal keys mean that the same is shown and logged (the bucket aside). May hold a visitor's values. */
  key: string;
  /** Seconds until time alone can change the answer; a year when it cannot. */
  maxAge: number;
  /** The inputs that were read. */
  varies: string[];
}

/** What one visitor's slots show, and why. */
export interface Result {
  readonly slots: Readonly<Record<string, Shown>>;
  readonly exposures: Exposure[];
  /** Assignments to hand back at the next visit. */
  readonly sticky: Record<string, string>;
  readonly cache: Cache;
  toJSON(): { slots: Record<string, Shown>; exposures: Exposure[]; sticky: Record<string, string>; cache: Cache };
}

/** One step of an explanation: fields for programs, `text` for people. */
export interface Step {
  step: "rule" | "ruleFailed" | "test" | "segment" | "segmentHeld" | "experiment" | "assigned" | "decided";
  text: string;
  [field: string]: unknown;
}

/** A decision with every step that led to it. */
export interface Explanation {
  result: Result;
  /** The steps of each slot. */
  steps: Record<string, Step[]>;
}

/** One thing that is wrong with a bundle. */
export interface Problem {
  /** Whether the bundle can be used all the same. */
  severity: "error" | "warning";
  /** Where in the bundle: a JSON pointer. */
  pointer: string;
  message: string;
  /** What to do about it. */
  help?: string;
}
