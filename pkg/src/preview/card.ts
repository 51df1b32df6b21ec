import type { Shown, Step } from "../types.js";
import { isPreviewable } from "./address.js";
import { button, make } from "./dom.js";
import { spotlight } from "./spotlight.js";
import { factsOf, reasonOf } from "./words.js";

/** What a card asks of the overlay. */
export interface CardHost {
  /** The steps that lead to a slot's decision. */
  explain(slot: string): Promise<{ shown: Shown | undefined; steps: readonly Step[] }>;
  /** A person has chosen something. */
  chosen(): void;
}

let count = 0;

/** One slot in the overlay: what it shows, why, and a choice of something else. */
export class Card {
  readonly element: HTMLElement;
  readonly #slot: string;
  readonly #host: CardHost;
  readonly #shown = make("p");
  readonly #reason = make("p", { class: "muted" });
  readonly #facts = make("dl");
  readonly #select = make("select");
  readonly #steps = make("div");
  readonly #details = make("details", {}, make("summary", {}, "Every step of why"), this.#steps);
  #variants: readonly string[] = [];
  #decision: Shown;

  constructor(slot: string, shown: Shown, host: CardHost) {
    this.#slot = slot;
    this.#host = host;
    this.#decision = shown;
    const title = make("h3", { id: `slot-${count++}` }, slot);
    const find = spotlight(slot);
    const top = make("div", { class: "top" }, title);
    if (find === undefined) top.append(make("span", { class: "muted" }, "not on this page"));
    else top.append(button({ class: "quiet", "aria-label": `Find ${slot} on the page` }, "Find", find));
    const label = make("label", {}, "Show instead", this.#select);
    this.#select.setAttribute("aria-label", `Show instead in ${slot}`);
    this.element = make("section", { "aria-labelledby": title.id }, top, this.#shown, this.#reason, this.#facts);
    this.element.append(label, this.#details);
    this.#select.addEventListener("change", () => host.chosen());
    this.#details.addEventListener("toggle", () => this.#explain());
    this.update(shown);
  }

  /** Shows another decision. */
  update(shown: Shown): void {
    this.#decision = shown;
    this.#write(shown);
    this.#offer();
    this.#steps.replaceChildren();
    this.#explain();
  }

  /** Offers the slot's variants. */
  offer(variants: readonly string[]): void {
    this.#variants = variants;
    this.#offer();
  }

  /** The variant that a person wants to see, if not what is decided. */
  get choice(): string | undefined {
    return this.#select.value === "" ? undefined : this.#select.value.slice(1);
  }

  /** The variant that the preview forces now. */
  get forced(): string | undefined {
    return this.#decision.source === "forced" ? this.#decision.variant : undefined;
  }

  #write(shown: Shown): void {
    this.#shown.replaceChildren("Shows ", make("strong", { class: "variant" }, shown.variant));
    if (shown.source === "forced") this.#shown.append(make("span", { class: "forced" }, "forced"));
    this.#reason.textContent = reasonOf(shown);
    const facts = factsOf(shown).map(([term, fact]) => make("div", {}, make("dt", {}, term), make("dd", {}, fact)));
    this.#facts.replaceChildren(...facts);
  }

  #offer(): void {
    const { variant, source } = this.#decision;
    const choice = this.#select.options.length > 0 ? this.choice : this.forced;
    const names = new Set([...this.#variants, ...(source === "forced" ? [variant] : [])]);
    const decided = make(
      "option",
      { value: "" },
      source === "forced" ? "What is decided" : `What is decided: ${variant}`,
    );
    // The empty value is taken, so every name has a character in front.
    const others = [...names].map((name) => {
      const option = make("option", { value: `=${name}` }, name);
      option.disabled = !isPreviewable(name) || !isPreviewable(this.#slot);
      option.selected = name === choice;
      return option;
    });
    this.#select.replaceChildren(decided, ...others);
    this.#select.disabled = names.size === 0;
  }

  async #explain(): Promise<void> {
    if (!this.#details.open || this.#steps.hasChildNodes()) return;
    const wait = make("p", { class: "muted", role: "status" }, "Working it out …");
    this.#steps.replaceChildren(wait);
    try {
      const { shown, steps } = await this.#host.explain(this.#slot);
      if (wait.parentNode === null) return;
      if (shown?.variant === this.#decision.variant) this.#write(shown);
      this.#steps.replaceChildren(make("ol", {}, ...steps.map(stepOf)));
    } catch (thrown) {
      if (wait.parentNode === null) return;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.#steps.replaceChildren(
        make("p", { class: "muted", role: "status" }, `This cannot be explained here: ${message}`),
      );
    }
  }
}

function stepOf({ step, text }: Step): HTMLLIElement {
  const words = text.trimStart();
  const item = make("li", { "data-step": step }, words);
  item.style.setProperty("--depth", String((text.length - words.length) / 2));
  return item;
}
