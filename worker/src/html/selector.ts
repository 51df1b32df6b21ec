// Selectors, as far as they can be told while a page streams: by an element and those around it, as the page has them. `check` refuses
// all others.

import { AttributeAction, type AttributeSelector, type Selector as Part, parse, SelectorType } from "css-what";
import getCounter from "nth-check";
import type { Element } from "./element.ts";

type Test = (element: Element) => boolean;

/** What one element has to be, and how it stands to the one that the next step, further out, is about. */
interface Step {
  tests: Test[];
  isChild: boolean;
}

export class Selector {
  /** From the element itself outwards. */
  readonly #steps: Step[];

  constructor(text: string) {
    const [parts, ...others] = parse(text);
    if (parts === undefined || others.length > 0) throw new Error(`"${text}" is a list of selectors`);
    this.#steps = stepsOf(parts);
  }

  /** Whether an element is meant that lies in `root`. What is around the root does not count. */
  matches(element: Element, root: Element): boolean {
    return this.#matches(0, element, root) === "yes";
  }

  /**
   * Whether the steps from one on fit an element and those around it. Where nothing further out can fit either, nobody looks: else
   * the time would grow with a power of the depth.
   */
  #matches(index: number, element: Element, root: Element): "yes" | "not here" | "nowhere" {
    const { tests, isChild } = this.#steps[index] as Step;
    if (!tests.every((test) => test(element))) return "not here";
    if (index === this.#steps.length - 1) return "yes";
    for (let around = element.parent; around !== undefined && around !== root; around = around.parent) {
      const found = this.#matches(index + 1, around, root);
      if (found !== "not here" || isChild) return found;
    }
    return "nowhere";
  }
}

/** Selectors by their text, which is a bundle's. An isolate sees few, unless many bundles are published. */
const selectors = new Map<string, Selector>();
const MOST_SELECTORS = 1000;

/** The selector that a text is. */
export function selectorOf(text: string): Selector {
  let selector = selectors.get(text);
  if (selector === undefined) {
    selector = new Selector(text);
    if (selectors.size >= MOST_SELECTORS) selectors.clear();
    selectors.set(text, selector);
  }
  return selector;
}

function stepsOf(parts: Part[]): Step[] {
  const steps: Step[] = [{ tests: [], isChild: false }];
  for (const part of parts) {
    if (part.type === SelectorType.Descendant || part.type === SelectorType.Child) {
      steps.unshift({ tests: [], isChild: part.type === SelectorType.Child });
    } else {
      (steps[0] as Step).tests.push(testOf(part));
    }
  }
  return steps;
}

function testOf(part: Part): Test {
  switch (part.type) {
    case SelectorType.Universal:
      return () => true;
    case SelectorType.Tag: {
      const name = part.name.toLowerCase();
      return ({ tag }) => tag.is(name);
    }
    case SelectorType.Attribute:
      return attributeTest(part);
    case SelectorType.Pseudo:
      return pseudoTest(part.name, part.data);
    default:
      throw new Error(`a selector of the type ${part.type} cannot be told while a page streams`);
  }
}

function pseudoTest(name: string, data: string | Part[][] | null): Test {
  if (name === "not" && Array.isArray(data)) {
    const tests = data.map((parts) => parts.map(testOf));
    return (element) => !tests.some((all) => all.every((test) => test(element)));
  }
  const formula = name.startsWith("first-") ? "1" : typeof data === "string" ? data : "";
  const counts = getCounter(formula);
  if (name === "nth-child" || name === "first-child") return ({ index }) => counts(index - 1);
  if (name === "nth-of-type" || name === "first-of-type") return ({ indexOfName }) => counts(indexOfName - 1);
  throw new Error(`:${name} cannot be told while a page streams`);
}

function attributeTest({ name, action, value, ignoreCase }: AttributeSelector): Test {
  const lowered = name.toLowerCase();
  const fold =
    ignoreCase === true || (ignoreCase === null && ANY_CASE.has(lowered)) ? foldCase : (text: string) => text;
  const wanted = fold(value);
  const compare = COMPARISONS[action];
  if (compare === undefined) throw new Error(`an attribute cannot be compared by "${action}"`);
  return ({ tag }) => {
    const found = tag.original(lowered);
    return found !== undefined && compare(fold(found), wanted);
  };
}

const COMPARISONS: Partial<Record<AttributeAction, (value: string, wanted: string) => boolean>> = {
  [AttributeAction.Exists]: () => true,
  [AttributeAction.Equals]: (value, wanted) => value === wanted,
  [AttributeAction.Element]: (value, wanted) => wanted !== "" && value.split(/[\t\n\f\r ]/).includes(wanted),
  [AttributeAction.Hyphen]: (value, wanted) => value === wanted || value.startsWith(`${wanted}-`),
  [AttributeAction.Start]: (value, wanted) => wanted !== "" && value.startsWith(wanted),
  [AttributeAction.End]: (value, wanted) => wanted !== "" && value.endsWith(wanted),
  [AttributeAction.Any]: (value, wanted) => wanted !== "" && value.includes(wanted),
};

/** Attributes whose values are compared in any case: https://html.spec.whatwg.org/#case-sensitivity-of-selectors. */
const ANY_CASE = new Set(
  (
    "accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir direction " +
    "disabled enctype face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap " +
    "readonly rel rev rules scope scrolling selected shape target text type valign valuetype vlink"
  ).split(" "),
);

function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
