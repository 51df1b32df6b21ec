import type { Result, Shown, Step } from "../types.js";
import { ended, previewing } from "./address.js";
import { Card } from "./card.js";
import { button, make } from "./dom.js";
import { sheet } from "./style.js";
import { deciderOf } from "./words.js";

/** What the overlay needs of a session. */
export interface PreviewedSession {
  readonly decidedBy: "edge" | "page" | "nobody";
  readonly slots: Readonly<Record<string, Shown>>;
  on(event: "change", listener: () => void): () => void;
  explain(): Promise<{ result: Pick<Result, "slots">; steps: Record<string, Step[]> }>;
}

/** What the overlay needs of the page's script besides. */
export interface PreviewHost {
  /** The names of a slot's variants. */
  variants(slot: string): Promise<readonly string[]>;
  /** Keeps in the tab what is forced from the next page on. */
  keep(force: Record<string, string>): void;
  /** Ends the preview in the tab. */
  end(): void;
}

/** In the tab: that a person has closed the panel, so that it stays closed on the next page. */
const CLOSED = "slotwise_preview_closed";

/**
 * Opens the preview: a panel that shows each slot's decision and every step of why, and lets a person see other variants. It lives
 * in a shadow root, so that neither it nor the page changes the other's look; the root is open, for tests and tools that check
 * accessibility. Returns what takes it away.
 */
export function openOverlay(session: PreviewedSession, host: PreviewHost): () => void {
  const overlay = new Overlay(session, host);
  return () => overlay.remove();
}

class Overlay {
  readonly #session: PreviewedSession;
  readonly #host: PreviewHost;
  readonly #element = document.createElement("slotwise-preview");
  readonly #toggle: HTMLButtonElement;
  readonly #panel: HTMLElement;
  readonly #apply: HTMLButtonElement;
  readonly #summary = make("p", { class: "summary" });
  readonly #list = make("div", { class: "slots" });
  readonly #status = make("p", { role: "status" });
  readonly #cards = new Map<string, Card>();
  readonly #off: () => void;
  #explanation: ReturnType<PreviewedSession["explain"]> | undefined;

  constructor(session: PreviewedSession, host: PreviewHost) {
    this.#session = session;
    this.#host = host;
    this.#toggle = button({ class: "toggle", "aria-controls": "panel" }, "Preview", () => this.#show(true));
    this.#apply = button({ class: "main" }, "Show the chosen variants", () => this.#go());
    const title = make("h2", { id: "title" }, "Preview");
    const close = button({ class: "close", "aria-label": "Close the preview panel" }, "×", () => this.#show(false));
    const copy = button({}, "Copy link", () => this.#copy());
    const end = button({}, "End preview", () => {
      host.end();
      go(ended());
    });
    const footer = make("footer", {}, this.#apply, copy, end, this.#status);
    this.#panel = make("aside", { id: "panel", class: "panel", "aria-labelledby": "title", tabindex: "-1" });
    this.#panel.append(make("header", {}, title, close), this.#summary, this.#list, footer);
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#show(false);
      // What is typed here is not meant for the page's shortcuts.
      event.stopPropagation();
    });
    this.#update();
    this.#set(isClosed() ? "closed" : "open");
    this.#off = session.on("change", () => this.#update());

    const root = this.#element.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
    root.append(this.#toggle, this.#panel);
    // Beside the body, which a framework may own.
    document.documentElement.append(this.#element);
  }

  remove(): void {
    this.#off();
    this.#element.remove();
  }

  /** On a person's wish: the focus goes along. */
  #show(isOpen: boolean): void {
    this.#set(isOpen ? "open" : "closed");
    rememberClosed(!isOpen);
    (isOpen ? this.#panel : this.#toggle).focus();
  }

  #set(state: "open" | "closed"): void {
    this.#panel.hidden = state === "closed";
    this.#toggle.hidden = state === "open";
    this.#toggle.setAttribute("aria-expanded", String(state === "open"));
  }

  #update(): void {
    this.#explanation = undefined;
    const { slots } = this.#session;
    for (const [slot, card] of this.#cards) {
      if (Object.hasOwn(slots, slot)) continue;
      card.element.remove();
      this.#cards.delete(slot);
    }
    for (const [slot, shown] of Object.entries(slots)) {
      const card = this.#cards.get(slot);
      if (card === undefined) this.#add(slot, shown);
      else card.update(shown);
    }
    this.#summarise();
  }

  #add(slot: string, shown: Shown): void {
    const explain = async (name: string) => {
      this.#explanation ??= this.#session.explain();
      const explanation = this.#explanation;
      try {
        const { result, steps } = await explanation;
        return { shown: result.slots[name], steps: steps[name] ?? [] };
      } catch (thrown) {
        if (this.#explanation === explanation) this.#explanation = undefined;
        throw thrown;
      }
    };
    const card = new Card(slot, shown, { explain, chosen: () => this.#summarise() });
    this.#cards.set(slot, card);
    this.#list.append(card.element);
    this.#host.variants(slot).then(
      (variants) => card.offer(variants),
      () => {},
    );
  }

  #summarise(): void {
    const cards = [...this.#cards.values()];
    const forced = cards.filter((card) => card.forced !== undefined).length;
    const told = forced === 0 ? "No variant is forced." : `${variants(forced)} forced, in this tab only.`;
    this.#summary.textContent = `${deciderOf(this.#session.decidedBy)} ${told}`;
    this.#toggle.textContent = forced === 0 ? "Preview" : `Preview, ${forced} forced`;
    this.#apply.hidden = cards.every((card) => card.choice === card.forced);
  }

  /** What is chosen, by slot. */
  #choices(): Record<string, string> {
    const chosen = [...this.#cards].map(([slot, card]) => [slot, card.choice]);
    return Object.fromEntries(chosen.filter(([, variant]) => variant !== undefined));
  }

  #go(): void {
    const choices = this.#choices();
    this.#host.keep(choices);
    go(previewing(choices));
  }

  async #copy(): Promise<void> {
    const link = previewing(this.#choices());
    try {
      await navigator.clipboard.writeText(link);
      this.#status.textContent = "The link is copied. Whoever opens it sees the chosen variants.";
    } catch {
      this.#status.textContent = `The browser does not let this page copy. The link is ${link}`;
    }
  }
}

const variants = (count: number) => (count === 1 ? "One variant is" : `${count} variants are`);

function go(address: string): void {
  if (address === location.href) location.reload();
  else location.assign(address);
}

function isClosed(): boolean {
  try {
    return sessionStorage.getItem(CLOSED) !== null;
  } catch {
    return false;
  }
}

function rememberClosed(closed: boolean): void {
  try {
    if (closed) sessionStorage.setItem(CLOSED, "");
    else sessionStorage.removeItem(CLOSED);
  } catch {
    // The panel then opens again on the next page.
  }
}
