import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/runtime/slotwise.js";

/** The part of a module's glue that starts it, and starts it anew. */
export interface Starter extends Pick<typeof glue, "__wbg_reset_state"> {
  default(from: { module_or_path: WebAssembly.Module | Response }): Promise<unknown>;
  initSync(from: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
}

/**
 * The instance of a wasm module in which all engines of one glue live. Once it has trapped, nothing in it can be relied on:
 * it is left behind for a new instance of the module, which is compiled already.
 */
export class Instance {
  readonly #glue: Starter;
  #isBroken = false;

  constructor(glue: Starter) {
    this.#glue = glue;
  }

  /** Starts the module, once. */
  async start(module: WebAssembly.Module | Response): Promise<void> {
    // Whether it is a Response is asked for nothing else: Node reads the whole of its fetch() at the first mention.
    if (module instanceof WebAssembly.Module) this.#glue.initSync({ module });
    else await this.#glue.default({ module_or_path: module });
  }

  /** The memory of the instance in use: another memory means another instance. Throws where none can be started. */
  get memory(): WebAssembly.Memory {
    if (this.#isBroken) {
      this.#glue.__wbg_reset_state();
      this.#isBroken = false;
    }
    return this.#memory();
  }

  /** Whether a memory is that of the instance in use. */
  holds(memory: WebAssembly.Memory | undefined): boolean {
    return !this.#isBroken && memory === this.#memory();
  }

  /** Runs something in the instance. */
  run<T>(work: (memory: WebAssembly.Memory) => T): T {
    try {
      return work(this.memory);
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  /**
   * What to throw for what was thrown in the instance: a refusal as it is documented; whatever else is `engine_failed`, and what is run
   * next begins in a new instance.
   */
  failure(thrown: unknown): SlotwiseError {
    const error = SlotwiseError.from(thrown);
    if (error.code === FAILED) this.#replace();
    return error;
  }

  #memory(): WebAssembly.Memory {
    // Once something has been started, this is what it gives, whatever it is given.
    return this.#glue.initSync(undefined as never).memory;
  }

  /** Replaces the instance at once, or at the next use when that is not possible now. */
  #replace(): void {
    this.#isBroken = true;
    try {
      void this.memory;
    } catch {
      // Out of memory or of stack; the next use tries again.
    }
  }
}

/** The code of errors, and the reason of decisions, that are nobody's fault but the engine's. */
export const FAILED = "engine_failed";
