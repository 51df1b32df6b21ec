import type { Instance } from "../engine/instance.js";
import type * as glue from "../generated/profile/slotwise.js";

/**
 * Makes profiles of bytes. One that was written stays in memory until another is, because pages read before each event what they wrote
 * after the last: who asks for its bytes gets it as it is, which is what they would be read as.
 */
export class Kept {
  readonly #glue: typeof glue;
  readonly #instance: Instance;
  /** Where each profile lies. What lay in an instance that has failed is gone with it. */
  readonly #memories = new WeakMap<glue.Profile, WebAssembly.Memory>();
  #last: glue.Profile | undefined;
  readonly #room = new Uint8Array(MOST_BYTES);

  constructor(wasm: typeof glue, instance: Instance) {
    this.#glue = wasm;
    this.#instance = instance;
  }

  /** A profile of these bytes; one that is new is told from others by a random number. */
  read(bytes: Uint8Array | undefined): glue.Profile {
    const copy = this.#copyOf(bytes);
    const last = this.#last;
    this.#last = undefined;
    if (last && this.isThere(last)) {
      if (last.isWrittenAs(copy)) return last;
      last.free();
    }
    const profile = new this.#glue.Profile(copy, Math.floor(Math.random() * 2 ** 32));
    this.#memories.set(profile, this.#instance.memory);
    return profile;
  }

  /**
   * Bytes that a visitor handed over, or none, until others are asked for. A copy, because their array may have members of its own that
   * throw; a proxy is no view. In the same place each time: to make an array for it, and to sweep it up, is a twelfth of an event's time.
   */
  #copyOf(bytes: Uint8Array | undefined): Uint8Array {
    const length = ArrayBuffer.isView(bytes) && bytes instanceof Uint8Array ? lengthOf.call(bytes) : 0;
    // Longer than any profile is no profile.
    const copy = this.#room.subarray(0, length > this.#room.length ? 0 : length);
    if (copy.length > 0) this.#room.set(bytes as Uint8Array);
    return copy;
  }

  /** Whoever has a profile has no more use for it. */
  free(profile: glue.Profile): void {
    if (!this.isThere(profile)) return;
    if (!profile.isWritten()) return void profile.free();
    if (this.#last && this.isThere(this.#last)) this.#last.free();
    this.#last = profile;
  }

  /** Whether a profile is in the instance in use. */
  isThere(profile: glue.Profile): boolean {
    return this.#instance.holds(this.#memories.get(profile));
  }
}

/** As `MOST_BYTES` of the engine. */
const MOST_BYTES = 1536;

/** Asks an array for its length, whatever members it has. */
const { get: lengthOf } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length") as {
  get(this: Uint8Array): number;
};
