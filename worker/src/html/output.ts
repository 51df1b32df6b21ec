/** What is sent of a page: parts of it as they came, and what is written between them. */
export class Output {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(memory: ArrayBuffer) {
    this.#bytes = new Uint8Array(memory);
  }

  /** Takes over a part of some bytes. */
  copy(from: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.#fit(end - start);
    this.#bytes.set(from.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  write(text: string): void {
    // A UTF-16 code unit takes three bytes at most.
    this.#fit(text.length * 3);
    // For as short and as plain texts as these mostly are, that is faster than an encoder.
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.#length += encoder.encodeInto(text.slice(index), this.#bytes.subarray(this.#length)).written;
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  /** How much was put out since it was taken. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was put out behind a length. */
  shorten(length: number): void {
    this.#length = length;
  }

  /** Where it is put. */
  get memory(): ArrayBuffer {
    return this.#bytes.buffer;
  }

  /** Gives what was put out since the last time. It stays as it is until more is put out. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #fit(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#length + more));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}

const encoder = new TextEncoder();
