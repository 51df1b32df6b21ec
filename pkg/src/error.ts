/** What goes wrong when an engine is made. Deciding never throws. */
export class SlotwiseError extends Error {
  override readonly name = "SlotwiseError";
  /** A documented code, such as `damaged`. */
  readonly code: string;
  /** Where in the bundle: a JSON pointer, when there is a place. */
  readonly path: string | undefined;

  constructor(code: string, message: string, path?: string) {
    super(message);
    this.code = code;
    this.path = path;
  }

  /** The error for what the wasm threw: a code and a message with a line break between them. */
  static from(thrown: unknown): SlotwiseError {
    const text = typeof thrown === "string" ? thrown : String((thrown as Error)?.message ?? thrown);
    const [code, message] = text.split("\n", 2);
    return message === undefined
      ? new SlotwiseError("engine_failed", `the engine could not be started: ${text}`)
      : new SlotwiseError(code as string, message);
  }
}
