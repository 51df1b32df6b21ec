/** What tabs of a site tell one another. */
export type Message =
  /** The visitor wants to be forgotten. */
  | { type: "forget" }
  /** The visitor has taken consent to these purposes back. */
  | { type: "withdrawn"; purposes: string[] };

/** The site's other tabs. */
export class Tabs {
  readonly #heard: (message: Message) => void;
  #channel: BroadcastChannel | undefined;

  constructor(heard: (message: Message) => void) {
    this.#heard = heard;
  }

  open(): void {
    if (this.#channel !== undefined || typeof BroadcastChannel !== "function") return;
    this.#channel = new BroadcastChannel("slotwise");
    this.#channel.onmessage = ({ data }) => {
      if (isMessage(data)) this.#heard(data);
    };
  }

  say(message: Message): void {
    this.#channel?.postMessage(message);
  }

  /** Open channels can keep a page out of the back/forward cache. */
  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}

function isMessage(data: unknown): data is Message {
  const { type, purposes } = (data ?? {}) as { type?: unknown; purposes?: unknown };
  return type === "forget" || (type === "withdrawn" && Array.isArray(purposes));
}
