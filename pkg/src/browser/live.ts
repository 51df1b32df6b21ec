import type { Exposure, ProfileSummary, Result, Shown, TrackedEvent } from "../types.js";
import { Decider } from "./decider.js";
import { dispatch, tell } from "./events.js";
import { Exposures } from "./exposure.js";
import { keepingPlace } from "./focus.js";
import { followPage, whenIdle } from "./lifecycle.js";
import { MARK } from "./mark.js";
import { followNavigation } from "./navigation.js";
import type { Page } from "./page.js";
import type { open, Start } from "./personalize.js";
import { differ, type Placed } from "./placed.js";
import { endPreview, keepPreview, previewOf } from "./preview.js";
import type { ContextUpdate, Live, SessionExplanation } from "./session.js";
import { Slots, type SlotsHost } from "./slots.js";
import { type Message, Tabs } from "./tabs.js";
import { inTransition } from "./transition.js";
import { Visitor } from "./visitor.js";

/** Starts what goes on in a page after its first paint, and, where the page decides, the first decision. */
export function start(page: Page, how: Start, opener: typeof open): Live {
  return new Going(page, how, opener);
}

interface Decision {
  shown: Shown;
  /** Whether the content is known: the edge leaves patches on the page and hands over only values, which may be beside patches. */
  isWhole: boolean;
}

class Going implements Live, SlotsHost {
  readonly first: Promise<void>;
  readonly #page: Page;
  readonly #decider: Decider;
  readonly #slots: Slots;
  readonly #exposures: Exposures;
  readonly #tabs = new Tabs((message) => this.#heard(message));
  readonly #end = new AbortController();
  readonly #decisions = new Map<string, Decision>();
  readonly #exposed = new Set<string>();
  /** Counts decisions, so that an older one that comes late is not shown. */
  #turn = 0;
  #isDeciding = false;
  #isStarting = true;
  #isRecalled: boolean;

  constructor(page: Page, how: Start, opener: typeof open) {
    const { signal } = this.#end;
    this.#page = page;
    // A framework that renders slots is handed their whole content over.
    const isOwned = how.handoff?.owner !== undefined;
    this.#isRecalled = how.handoff === undefined || isOwned;
    this.#decider = new Decider(page, how, opener, new Visitor(page), () => this.#again());
    this.#slots = new Slots(this, how.left ?? new Map());
    this.#exposures = new Exposures((slot, element) => this.#seen(slot, element), signal);
    for (const [slot, shown] of Object.entries(page.slots)) this.#decisions.set(slot, { shown, isWhole: isOwned });
    this.first = how.handoff === undefined ? this.#decideFirst() : Promise.resolve();
    this.#slots.start(page.registered);
    this.#isStarting = false;
    page.onRegistered = (slot) => this.#slots.register(slot);
    followNavigation(how.url, (settled) => this.#navigated(settled), signal);
    followPage({
      leave: () => this.#tabs.close(),
      comeBack: () => this.#comeBack(),
      appear: () => this.#lookAtConsent(),
      signal,
    });
    this.#tabs.open();
    // Where the browser tells of cookies, a site need not call `update` when it writes its own.
    globalThis.cookieStore?.addEventListener("change", () => this.#lookAtConsent(), { signal });
    if (how.handoff !== undefined) this.#goOn();
    if (previewOf() !== undefined) this.#preview(signal);
    this.first.then(() => whenIdle(() => this.#profileVisit(signal)));
  }

  async update(context: ContextUpdate): Promise<void> {
    this.#decider.update(context);
    const purposes = this.#decider.withdrawn();
    if (purposes.length > 0) {
      this.#decider.tidy();
      this.#tabs.say({ type: "withdrawn", purposes });
    }
    await this.#again();
  }

  async track(event: TrackedEvent): Promise<void> {
    if (await this.#decider.track(event)) await this.#again();
  }

  profile(): Promise<ProfileSummary | undefined> {
    return this.#decider.profile();
  }

  async forget(): Promise<void> {
    this.#decider.forget();
    this.#tabs.say({ type: "forget" });
    await this.#again();
  }

  expose(slot: string): void {
    this.#seen(slot, this.#slots.of(slot)[0]?.element);
  }

  explain(): Promise<SessionExplanation> {
    return this.#decider.explain();
  }

  close(): void {
    this.#end.abort();
    this.#turn++;
    this.#tabs.close();
    this.#slots.stop();
    this.#slots.leave();
    this.#page.onRegistered = undefined;
  }

  /** Opens the preview's panel, of which nobody else loads anything. */
  async #preview(signal: AbortSignal): Promise<void> {
    try {
      const [{ openOverlay }] = await Promise.all([import("../preview/overlay.js"), this.first]);
      const { session } = this.#page;
      if (session === undefined || signal.aborted) return;
      const variants = async (slot: string) => (await this.#decider.load()).variants(slot);
      const close = openOverlay(session, { variants, keep: keepPreview, end: endPreview });
      signal.addEventListener("abort", close);
    } catch (thrown) {
      console.warn("slotwise: the preview could not be opened:", thrown);
    }
  }

  // What slots ask for.

  decision(slot: string): Decision | undefined {
    return this.#decisions.get(slot);
  }

  want(slot: string): number {
    const { deadline = 1000 } = this.#page.options;
    // The style sheet holds back what was there from the start.
    if (this.#page.decidedBy === undefined) return this.#isStarting ? 0 : Math.max(0, deadline - performance.now());
    // What has no decision is no slot of the bundle.
    if (!this.#decisions.has(slot)) return 0;
    if (!this.#isDeciding) this.#again({ isForNew: true });
    return deadline;
  }

  settled({ element, slot }: Placed): void {
    this.#exposures.watch(element, slot);
  }

  gone({ element }: Placed): void {
    this.#exposures.unwatch(element);
  }

  // Deciding.

  /** After the deadline nothing is swapped under the reader's eyes: only what comes later is decided. */
  async #decideFirst(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const result = await this.#decider.decide();
      if (turn !== this.#turn) return;
      this.#take(result);
      if (this.#page.decidedBy !== undefined) {
        this.#slots.leave();
        return;
      }
      this.#page.slots = result.slots;
      this.#page.exposures = result.exposures;
      this.#page.decidedBy = "page";
      this.#slots.settle();
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#slots.leave();
      console.warn("slotwise: the page keeps its default content:", thrown);
    }
  }

  /** Goes on after the edge's decision: at once where something is to be forced, else when there is time. */
  #goOn(): void {
    const { force = {} } = previewOf() ?? {};
    const isShown = ([slot, variant]: [string, string]) => this.#page.slots[slot]?.variant === variant;
    if (!Object.entries(force).every(isShown)) this.#again();
    whenIdle(() => {
      this.#decider.load().catch(() => {});
    });
  }

  /** Tracks the visit of this page and, from then on, what is done with marked elements; nothing for a bundle that does not ask. */
  async #profileVisit(signal: AbortSignal): Promise<void> {
    try {
      if (!(await this.#decider.load()).needsProfile || signal.aborted) return;
      await this.#decider.track({ name: "page_view" });
      const { trackMarked } = await import("./tracking.js");
      trackMarked((event) => this.track(event).catch(noteUntracked), signal);
    } catch (thrown) {
      noteUntracked(thrown);
    }
  }

  #navigated(settled: Promise<void>): void {
    this.#decider.track({ name: "page_view" }).catch(noteUntracked);
    this.#slots.guard.reset();
    this.#exposures.restart();
    this.#again({ settled });
  }

  /**
   * Decides again, and shows what has changed once the page is ready for it; or, for new elements, what they show and nothing
   * else. Where that fails, everything stays as it is.
   */
  async #again({ settled = Promise.resolve(), isForNew = false } = {}): Promise<void> {
    if (this.#page.decidedBy === undefined) await this.first;
    if (this.#end.signal.aborted) return;
    const turn = ++this.#turn;
    this.#isDeciding = true;
    try {
      const result = await this.#decider.decide();
      if (!this.#isRecalled) {
        const before = await this.#decider.recall();
        if (turn === this.#turn) this.#recall(before);
      }
      if (turn !== this.#turn) return;
      this.#take(result);
      this.#slots.settle();
      await settled;
      if (turn !== this.#turn) return;
      if (isForNew) this.#publish(result, this.#shownAlready(result));
      else await this.#swap(result);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#slots.leave();
      console.warn("slotwise: everything stays as it is:", thrown);
    } finally {
      if (turn === this.#turn) this.#isDeciding = false;
    }
  }

  #take({ slots }: Result): void {
    for (const [slot, shown] of Object.entries(slots)) this.#decisions.set(slot, { shown, isWhole: true });
  }

  /** What the edge has shown, now with its content. */
  #recall({ slots }: Result): void {
    this.#isRecalled = true;
    for (const [slot, shown] of Object.entries(this.#page.slots)) {
      const { content, variant } = slots[slot] ?? {};
      if (content === undefined || variant !== shown.variant) continue;
      const whole = { ...shown, content };
      this.#page.slots = { ...this.#page.slots, [slot]: whole };
      this.#slots.recall(slot, whole);
    }
  }

  #shownAlready({ slots }: Result): string[] {
    return Object.keys(slots).filter((slot) => {
      const all = this.#slots.of(slot);
      return all.length > 0 && all.every(({ shown }) => shown !== undefined && !differ(shown, slots[slot] as Shown));
    });
  }

  async #swap(result: Result): Promise<void> {
    const names = Object.keys(result.slots).filter((slot) => this.#slots.canShow(slot, result.slots[slot] as Shown));
    const differing = names.flatMap((slot) => {
      const shown = result.slots[slot] as Shown;
      return this.#slots.differing(slot, shown).map((placed) => ({ placed, shown }));
    });
    if (differing.length > 0) {
      const turn = this.#turn;
      await inTransition(() => {
        if (turn !== this.#turn) return;
        const elements = differing.map(({ placed }) => placed.element);
        keepingPlace(elements, () => {
          for (const { placed, shown } of differing) this.#slots.swap(placed, shown);
        });
      });
      if (turn !== this.#turn) return;
    }
    this.#publish(result, names);
  }

  /** Says what slots show from now on. Those that could not be changed keep what they had. */
  #publish(result: Result, names: string[]): void {
    const page = this.#page;
    const before = page.slots;
    const isTaken = (slot: string) => names.includes(slot);
    const kept = Object.fromEntries(
      Object.entries(before).filter(([slot]) => !(slot in result.slots) || !isTaken(slot)),
    );
    const taken = Object.fromEntries(Object.entries(result.slots).filter(([slot]) => isTaken(slot)));
    page.slots = Object.keys(kept).length === 0 ? result.slots : { ...kept, ...taken };
    page.exposures =
      Object.keys(kept).length === 0
        ? result.exposures
        : [...only(page.exposures, (slot) => slot in kept), ...only(result.exposures, isTaken)];
    page.decidedBy = "page";
    document.documentElement.setAttribute(MARK, page.decidedBy);
    for (const [slot, shown] of Object.entries(taken)) {
      const old = before[slot];
      if (old !== undefined && !differ(old, shown)) continue;
      const change = { slot, ...shown };
      for (const { element } of this.#slots.of(slot)) dispatch(element, "slotwise:change", change);
      tell(page.listeners.change, change);
    }
  }

  // What has been seen.

  #seen(slot: string, element: Element | undefined): void {
    const exposure = this.#page.exposures.find(({ slots }) => slots.includes(slot));
    if (exposure === undefined) return;
    const page = location.pathname;
    const key = JSON.stringify([exposure.experiment, exposure.holdout, page]);
    if (this.#exposed.has(key)) return;
    this.#exposed.add(key);
    const isOverridden = this.#slots.guard.isOverridden(slot);
    const seen = { ...exposure, slot, page, ...(isOverridden && { overridden: true as const }) };
    if (element !== undefined) dispatch(element, "slotwise:exposure", seen);
    tell(this.#page.listeners.exposure, seen);
  }

  // Consent, and other tabs.

  #heard(message: Message): void {
    if (message.type === "forget") this.#decider.forget();
    else {
      this.#decider.update({ consent: Object.fromEntries(message.purposes.map((purpose) => [purpose, false])) });
      this.#decider.tidy();
    }
    this.#again();
  }

  /** In the back/forward cache a page hears nothing. */
  #comeBack(): void {
    this.#tabs.open();
    if (this.#decider.isForgottenElsewhere()) {
      this.#decider.forget();
      this.#again();
    } else this.#lookAtConsent();
  }

  /** A visitor who takes consent back is heard at once; who gives it, with the next decision. */
  #lookAtConsent(): void {
    if (this.#decider.withdrawn().length === 0) return;
    this.#decider.tidy();
    this.#again();
  }
}

function only(exposures: Exposure[], isMeant: (slot: string) => boolean): Exposure[] {
  return exposures
    .map((exposure) => ({ ...exposure, slots: exposure.slots.filter(isMeant) }))
    .filter(({ slots }) => slots.length > 0);
}

function noteUntracked(thrown: unknown): void {
  console.warn("slotwise: what the visitor did was not tracked:", thrown);
}
