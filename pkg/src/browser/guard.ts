/**
 * How often a slot's patches are made again after the page's own scripts have undone them. Hydration does it once, the
 * first data that arrives may do it again, and a development build renders twice. Who does it a fourth time will do it forever.
 */
const MOST_REPAIRS = 3;
/** An element that comes this soon after another of its slot has gone is that one rendered again, in milliseconds. */
const SOON = 1000;

/** Counts how often slots had to be repaired, so that nobody fights with a framework. */
export class Guard {
  readonly #repairs = new Map<string, number>();
  readonly #lost = new Map<string, number>();

  /** Notes that a slot's element has gone. */
  lose(slot: string): void {
    this.#lost.set(slot, performance.now());
  }

  /** Whether a new element of a slot stands for one that has just gone. */
  isRerendered(slot: string): boolean {
    return performance.now() - (this.#lost.get(slot) ?? Number.NEGATIVE_INFINITY) < SOON;
  }

  /** Counts a repair; whether it may be made. */
  mayRepair(slot: string): boolean {
    const repairs = (this.#repairs.get(slot) ?? 0) + 1;
    this.#repairs.set(slot, repairs);
    return repairs <= MOST_REPAIRS;
  }

  /** Whether the page has won: its own content is what the visitor sees. */
  isOverridden(slot: string): boolean {
    return (this.#repairs.get(slot) ?? 0) > MOST_REPAIRS;
  }

  /** Starts anew, for another page. */
  reset(): void {
    this.#repairs.clear();
    this.#lost.clear();
  }
}
