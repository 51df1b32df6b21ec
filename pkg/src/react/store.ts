import type { Handoff } from "../handoff/handoff.js";
import type { Shown } from "../types.js";
import { pageHandoff, renderedHandoff, whenParsed } from "./page.js";

/** What the binding needs of a session of `slotwise/browser`. */
export interface SlotSession {
  readonly slots: Readonly<Record<string, Shown>>;
  /** Calls a listener after slots have changed. Returns what ends that. */
  on(event: "change", listener: () => void): () => void;
}

/** The decisions that components show, from wherever they come, as `useSyncExternalStore` asks for them. */
export class SlotStore {
  readonly #state: Handoff | undefined;
  readonly #given: SlotSession | Promise<SlotSession> | undefined;
  #session: SlotSession | undefined;
  readonly #listeners = new Set<() => void>();
  #disconnect = () => {};

  /** `state` is what the server rendered; without it, the page's own handoff says so. */
  constructor(state: Handoff | undefined, session: SlotSession | Promise<SlotSession> | undefined) {
    this.#state = state;
    this.#given = session;
    if (session !== undefined && "slots" in session) this.#session = session;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#disconnect = this.#connect();
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#disconnect();
    };
  };

  /** What a slot shows now. */
  current(slot: string): Shown | undefined {
    return own(this.#session?.slots, slot) ?? own(this.#state?.slots ?? pageHandoff()?.handoff.slots, slot);
  }

  /** What a slot showed when the server rendered it: the page's handoff counts if React's server wrote it. */
  rendered(slot: string): Shown | undefined {
    return own(this.#state?.slots ?? renderedHandoff()?.handoff.slots, slot);
  }

  #connect(): () => void {
    const notify = () => {
      for (const listener of [...this.#listeners]) listener();
    };
    let isOver = false;
    let off = whenParsed(notify);
    const follow = (session: SlotSession) => {
      if (isOver) return;
      this.#session = session;
      const [forget, leave] = [off, session.on("change", notify)];
      off = () => {
        forget();
        leave();
      };
      notify();
    };
    if (this.#session !== undefined) follow(this.#session);
    // Who made the session hears of its failure; here the slots stay as they are.
    else if (this.#given !== undefined) Promise.resolve(this.#given).then(follow, () => {});
    return () => {
      isOver = true;
      off();
    };
  }
}

function own(slots: Readonly<Record<string, Shown>> | undefined, name: string): Shown | undefined {
  return slots !== undefined && Object.hasOwn(slots, name) ? slots[name] : undefined;
}
