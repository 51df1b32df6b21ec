import type { Engine } from "../engine/engine.js";
import { handoff } from "./handoff.js";
import { type Page, thisPage } from "./page.js";
import { type Live, type PersonalizeOptions, type Session, sessionOf } from "./session.js";
import type { Left } from "./slots.js";

/** As in `mark.ts`. What this file shares with `live.ts` would be a file of its own, and one more request before the first paint. */
const MARK = "data-slotwise";

/**
 * Personalises the page: takes over what the edge has decided, or else loads the bundle, decides and shows it. When
 * anything fails, or the deadline passes first, the slots keep their default. `hold.css` keeps them out of sight until then.
 *
 * A page has one session. Called again, this gives the same one, and what the options say is added for later decisions.
 */
export async function personalize(options: PersonalizeOptions = {}): Promise<Session> {
  const page = thisPage();
  if (options.onExposure !== undefined) page.listeners.exposure.add(options.onExposure);
  page.options = {
    ...page.options,
    ...options,
    attributes: { ...page.options.attributes, ...options.attributes },
  };
  page.session ??= sessionOf(page);
  const { session } = page;
  page.started ??= start(page);
  // Another script of the page may bring the bundle.
  if (page.started === undefined) await within(timeLeft(page.options.deadline), parsed());
  await page.started;
  page.decidedBy ??= "nobody";
  document.documentElement.setAttribute(MARK, page.decidedBy);
  return session;
}

/** Begins with what the edge has handed over, or with a bundle; with nothing when there is neither. */
function start(page: Page): Promise<void> | undefined {
  const given = handoff(document);
  if (given !== undefined) {
    page.decidedBy = "edge";
    page.slots = given.slots;
    page.exposures = given.exposures;
    page.live = going(page, { url: location.href, handoff: given, left: leftByTheEdge() });
    // Slots that the caller adds from then on are to be noticed before they are painted.
    return within(timeLeft(page.options.deadline), page.live);
  }
  if (page.options.bundle === undefined) return undefined;
  page.decidedBy = undefined;
  const bundle = new URL(page.options.bundle, document.baseURI);
  page.live = going(page, { url: location.href, bundle, engine: open(bundle) });
  const first = page.live.then((live) => live?.first);
  return within(timeLeft(page.options.deadline), first);
}

/** How a page goes on: from the edge's decision, or from a bundle that is on its way. */
export interface Start {
  /** Where the page was then. */
  url: string;
  handoff?: NonNullable<ReturnType<typeof handoff>>;
  /** What marked elements held when the page was parsed, to notice what the page's own scripts make of them. */
  left?: Map<Element, Left>;
  bundle?: URL;
  engine?: Promise<Engine>;
}

/** Starts what goes on after the first paint. It is a file of its own: the first paint must not wait for it. */
async function going(page: Page, how: Start): Promise<Live | undefined> {
  // Whoever waits for the engine hears of its failure; nobody does when the other file is missing.
  how.engine?.catch(() => {});
  try {
    const { start } = await import("./live.js");
    return start(page, how, open);
  } catch (thrown) {
    console.warn("slotwise: the page stays as it is:", thrown);
    return undefined;
  }
}

/** Opens a bundle. */
export async function open(bundle: URL): Promise<Engine> {
  const { load } = await import("../entries/index.web.js");
  return load(fetch(bundle));
}

/** Waits until all scripts of the page have run that belong to its first content. */
function parsed(): Promise<unknown> {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", resolve, { once: true });
    addEventListener("load", resolve, { once: true });
  });
}

function leftByTheEdge(): Map<Element, Left> {
  const slots = [...document.querySelectorAll(`[${MARK}]`)];
  return new Map(slots.map((slot) => [slot, { nodes: [...slot.childNodes], text: slot.textContent }]));
}

/** Until a page has loaded, a deadline counts from its start: a late script must not swap what has long been read. */
function timeLeft(deadline = 1000): number {
  return document.readyState === "complete" ? deadline : Math.max(0, deadline - performance.now());
}

/** Waits for something, but not for long. */
function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    promise.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
