import type { Engine } from "../engine/engine.js";
import type { Context, Exposure, Shown } from "../types.js";
import { MARK, show } from "./apply.js";
import { handoff } from "./handoff.js";

/** How a page is personalised. */
export interface PersonalizeOptions extends Omit<Context, "request"> {
  /** Where the compiled bundle is. Not fetched when the edge has decided already. */
  bundle?: string | URL;
  /** Milliseconds, from the start of the page, after which slots keep their default. Default: 1000. */
  deadline?: number;
}

/** A personalised page. */
export interface Session {
  /** Who decided: the edge, this page, or nobody in time. */
  readonly decidedBy: "edge" | "page" | "nobody";
  /** What each slot shows, and why. Empty when nobody decided. */
  readonly slots: Readonly<Record<string, Shown>>;
  /** What to log once it has been seen. */
  readonly exposures: Exposure[];
}

const NOBODY: Session = { decidedBy: "nobody", slots: {}, exposures: [] };

/**
 * Personalises the page: takes over what the edge has decided, or else loads the bundle, decides and shows it. When
 * anything fails, or the deadline passes first, the slots keep their default. `hold.css` keeps them out of sight until then.
 */
export async function personalize(options: PersonalizeOptions = {}): Promise<Session> {
  const session = await decided(options);
  document.documentElement.setAttribute(MARK, session.decidedBy);
  return session;
}

async function decided(options: PersonalizeOptions): Promise<Session> {
  const given = handoff(document);
  if (given !== undefined) return { decidedBy: "edge", slots: given.slots, exposures: given.exposures };
  if (options.bundle === undefined) return NOBODY;
  try {
    const engine = await before(open(new URL(options.bundle, document.baseURI)), timeLeft(options.deadline ?? 1000));
    if (engine === undefined) return NOBODY;
    const result = engine.personalize({ ...options, request: facts() });
    for (const slot of document.querySelectorAll("[data-slot]")) {
      const shown = result.slots[slot.getAttribute("data-slot") as string];
      if (shown !== undefined) show(slot, shown);
    }
    return { decidedBy: "page", slots: result.slots, exposures: result.exposures };
  } catch (thrown) {
    console.warn("slotwise: the page keeps its default content:", thrown);
    return NOBODY;
  }
}

/** Until a page has loaded, a deadline counts from its start: a late script must not swap what has long been read. */
function timeLeft(deadline: number): number {
  return document.readyState === "complete" ? deadline : Math.max(0, deadline - performance.now());
}

async function open(bundle: URL): Promise<Engine> {
  const { load } = await import("../entries/index.web.js");
  return load(fetch(bundle));
}

/** What comes of a promise within some milliseconds, if anything. */
function before<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What the page knows without asking anyone. */
function facts(): NonNullable<Context["request"]> {
  const { userAgent, language } = navigator;
  return { url: location.href, referrer: document.referrer, userAgent, language };
}
