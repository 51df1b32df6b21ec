/** What goes wrong when an engine is made. Deciding never throws. */
export class SlotwiseError extends Error {
  override readonly name = "SlotwiseError";
  /** A documented code, such as `damaged`. */
  readonly code: string;
  /** Where in the bundle: a JSON pointer, when there is a place. */
  readonly path: string | undefined;

  constructor(code: string, message: string, path?: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.path = path;
  }

  /** Entries of the package that are bundled alone have a copy of this class each. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === "SlotwiseError";
  }

  /** The error for what the wasm threw: a refusal is a code and a message with a line break between them. */
  static from(thrown: unknown): SlotwiseError {
    if (thrown instanceof SlotwiseError) return thrown;
    const [code, message] = typeof thrown === "string" ? thrown.split("\n", 2) : [];
    if (code !== undefined && message !== undefined) return new SlotwiseError(code, message);
    const what = (thrown as Error)?.message ?? thrown;
    return new SlotwiseError("engine_failed", `the engine failed: ${what}`, undefined, thrown);
  }
}
