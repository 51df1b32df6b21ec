// Reproducible choices: the same seed makes the same run.

/** Marsaglia's xorshift with 32 bits of state ("Xorshift RNGs", 2003), its low bits mixed by a multiplication. */
export class Random {
  #state;

  constructor(seed) {
    // Zero is the one state that it never leaves.
    this.#state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  }

  /** From 0 up to 1. */
  share() {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (Math.imul(this.#state, 0x2545f491) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to `end`. */
  below(end) {
    return Math.floor(this.share() * end);
  }

  chance(share) {
    return this.share() < share;
  }

  one(items) {
    return items[this.below(items.length)];
  }

  /** The result of one of `[weight, make]`, each as probable as its weight says. */
  weighted(choices) {
    let left = this.share() * choices.reduce((sum, [weight]) => sum + weight, 0);
    const [, make] =
      choices.find(([weight]) => {
        left -= weight;
        return left < 0;
      }) ?? choices.at(-1);
    return make();
  }

  list(most, make) {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

/** The seed of this run: the environment's SEED, or a new one. */
export function seedOfRun() {
  const given = process.env.SEED;
  return given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
}
