import type { Element } from "./element.ts";
import type { Output } from "./output.ts";

/** As much of an element's content is kept until it has ended. */
const MOST = 1024 * 1024;

/**
 * An element whose content is left out. Nothing of it is sent until it has ended: where it turns out that its end is not certain, all of
 * it passes as it came. Of an element that is too long for that, what becomes of it is sent, and there is no way back.
 */
export class Emptied {
  readonly element: Element;
  /** Where the element, or its next part, starts in the piece that is read. */
  #start: number;
  /** Where in the output the change of its start is, for as long as that is not taken. */
  #written: number;
  #changed: Uint8Array = new Uint8Array();
  /** What has come of it with pieces before; `undefined` when it was too long. */
  #came: Uint8Array[] | undefined = [];
  #length = 0;

  constructor(element: Element, start: number, written: number) {
    this.element = element;
    this.#start = start;
    this.#written = written;
  }

  /** A piece is read up to a place, and it has not ended. Gives what can be sent. */
  goOn(page: Uint8Array, end: number, out: Output): Uint8Array {
    if (this.#came === undefined) return out.take();
    if (this.#length === 0) {
      const bytes = out.take();
      this.#changed = bytes.slice(this.#written);
      // That a part of it has been taken changes nothing in the part before.
      return this.#keep(page, end) ? bytes.subarray(0, this.#written) : bytes;
    }
    if (this.#keep(page, end)) return out.take();
    out.copy(this.#changed, 0, this.#changed.length);
    return out.take();
  }

  /** It has ended: writes what was held back. */
  end(out: Output): void {
    if (this.#came !== undefined && this.#length > 0) out.copy(this.#changed, 0, this.#changed.length);
  }

  /** Writes it as it came, and gives the place in the piece that is read from which it goes on; `undefined` when it is too late. */
  restore(out: Output): number | undefined {
    if (this.#came === undefined) return undefined;
    if (this.#length === 0) {
      out.shorten(this.#written);
    } else {
      for (const part of this.#came) out.copy(part, 0, part.length);
    }
    return this.#start;
  }

  /** Keeps what has come of it, unless that is too much. */
  #keep(page: Uint8Array, end: number): boolean {
    this.#length += end - this.#start;
    if (this.#length > MOST) this.#came = undefined;
    this.#came?.push(page.slice(this.#start, end));
    this.#start = 0;
    return this.#came !== undefined;
  }
}
