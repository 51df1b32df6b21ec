import { holdsCode, patchedClasses } from "../../../pkg/src/engine/patches.ts";
import type { Patch } from "../../../pkg/src/types.ts";
import type { Element } from "../html/element.ts";

/** Makes patches, in characters that the page's charset has. */
export class Patcher {
  readonly #isUtf8: boolean;

  constructor(isUtf8: boolean) {
    this.#isUtf8 = isUtf8;
  }

  /** What cannot be changed stays as it is: an error here would end the page in the middle. */
  apply(element: Element, patch: Patch): void {
    if (holdsCode(element.tag.name)) return;
    try {
      this.#make(element, patch);
    } catch (thrown) {
      console.error(JSON.stringify({ message: "slotwise: patch", op: patch.op, failure: String(thrown) }));
    }
  }

  #make(element: Element, { op, name = "", value }: Patch): void {
    const content = value ?? "";
    switch (op) {
      case "html":
        element.fill(this.#html(content));
        break;
      case "text":
        element.fill(this.#html(escaped(content)));
        break;
      case "attribute":
        if (value === undefined) element.tag.unset(name.toLowerCase());
        else element.tag.set(name.toLowerCase(), this.attribute(value));
        break;
      case "class":
        // The classes that were there are in the page's charset as well.
        element.tag.set("class", this.#html(patchedClasses(element.tag.get("class") ?? null, this.attribute(content))));
        break;
      case "remove":
        element.remove();
        break;
      default:
        element[op](this.#html(content));
    }
  }

  /** An attribute's value as it is written in HTML, but for quotes. */
  attribute(value: string): string {
    return this.#html(value.replaceAll("&", "&amp;"));
  }

  #html(markup: string): string {
    if (this.#isUtf8) return markup;
    // Controls as well: in ISO-2022-JP, which a browser may take the page for, ESC makes other letters of what follows.
    return markup.replace(/[^\t\n\f\r -~]/gu, (character) => `&#${character.codePointAt(0)};`);
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
