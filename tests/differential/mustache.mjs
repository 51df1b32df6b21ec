// The same templates and views to mustache.js and to Slotwise.

import assert from "node:assert/strict";
import mustache from "mustache";
import { engineOf } from "../support/bundles.mjs";
import { Random } from "./random.mjs";
import { kindOf, Reach } from "./reach.mjs";
import { isObject, shrunk, source } from "./shrink.mjs";
import { template, view } from "./templates.mjs";

const TEMPLATES = 50;
const VIEWS = 10;

/** Compares templates as HTML and as text; says what was reached, and how many cases were left out for which reason. */
export async function compareTemplates({ seed, cases, onProgress = () => {} }) {
  const random = new Random(seed);
  const reach = new Reach();
  let done = 0;
  while (done < cases) {
    const templates = Array.from({ length: TEMPLATES }, (_, index) => ({
      isHtml: index % 2 === 0,
      written: template(random, index % 2 === 0),
    }));
    const engine = await engineShowing(templates);
    mustache.clearCache();
    for (let visitor = 0; visitor < VIEWS; visitor++) {
      const attributes = view(random);
      const { slots } = engine.personalize({ attributes });
      for (const [index, { isHtml, written }] of templates.entries()) {
        const theirs = inMustache(written, attributes, isHtml, (cell) => reach.count(cell));
        reach.count(theirs.excluded ?? "compared");
        done++;
        if (theirs.excluded !== undefined || shownBy(slots[`test${index}`]) === theirs.shown) continue;
        await tell(seed, isHtml, written, attributes);
      }
    }
    engine.free();
    onProgress(done);
  }
  return { done, reach };
}

function engineShowing(templates) {
  const slots = templates.map(({ isHtml, written }, index) => {
    const shown = isHtml ? { html: written } : { patches: [{ op: "text", value: written }] };
    return [`test${index}`, { default: "v", variants: { v: shown } }];
  });
  return engineOf({ consent: { ids: "none" }, slots: Object.fromEntries(slots) });
}

function shownBy({ content }) {
  return content.html ?? content.patches[0].value;
}

/** A view, or the element that a section is at, which tells what is looked up in it. */
class Level extends mustache.Context {
  #told;

  constructor(value, outer, told) {
    super(value, outer);
    this.#told = told;
  }

  push(value) {
    return new Level(value, this, this.#told);
  }

  lookup(name) {
    const found = super.lookup(name);
    this.#told(name, found, this.parent === undefined);
    return found;
  }
}

/** What mustache.js makes of a template, or the name of the difference that keeps it from being compared. */
function inMustache(written, attributes, isHtml, count = () => {}) {
  let isWhole = false;
  const told = (name, found, isOutside) => {
    isWhole ||= name === "." && isOutside;
    const which = name === "." ? "the element" : name.includes(".") ? "a dotted name" : "a name";
    count(`${which} ${isOutside ? "outside" : "inside"} of sections: ${kindOf(found)}`);
  };
  try {
    const shown = mustache.render(
      written,
      new Level(attributes, undefined, told),
      {},
      isHtml ? {} : { escape: String },
    );
    if (isWhole) return { excluded: "the whole view" };
    // Half of a surrogate pair cannot be written as UTF-8, so the engine gives what a page would show.
    return { shown: shown.toWellFormed() };
  } catch (thrown) {
    if (thrown instanceof TypeError && holdsNullish(attributes)) return { excluded: "an element that is null" };
    throw thrown;
  }
}

function holdsNullish(value) {
  if (typeof value !== "object" || value === null) return false;
  const members = Object.values(value);
  return (Array.isArray(value) && members.some((member) => (member ?? null) === null)) || members.some(holdsNullish);
}

async function tell(seed, isHtml, ...start) {
  const answers = async ([written, attributes]) => {
    const engine = await engineShowing([{ isHtml, written }]);
    const theirs = inMustache(written, attributes, isHtml);
    return [shownBy(engine.personalize({ attributes }).slots.test0), theirs.shown ?? theirs.excluded, theirs.excluded];
  };
  const disagree = async (candidate) => {
    try {
      const [ours, theirs, excluded] = await answers(candidate);
      return isObject(candidate[1]) && excluded === undefined && ours !== theirs;
    } catch {
      return false; // It is no case any more.
    }
  };
  const smallest = await shrunk(start, disagree);
  const [written, attributes] = smallest.map(source);
  const [ours, theirs] = (await answers(smallest)).map(source);
  const told = { template: written, attributes, Slotwise: ours, "mustache.js": theirs };
  const lines = Object.entries(told).map(([name, value]) => `${name.padEnd(12)}${value}`);
  assert.fail(`SEED=${seed}\n  ${lines.join("\n  ")}`);
}
