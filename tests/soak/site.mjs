// The site of the soak: pages with ten slots and a list of items, a bundle for every revision, and what each answer has to be to the letter. Everything that
// a slot shows names its revision, so that no two revisions can be in one answer unseen.

const SLOTS = Array.from({ length: 10 }, (_, index) => `slot-${index}`);
const ARMS = ["a", "b"];
const PICKS = "picks";
/** The item that known visitors have viewed, and the items that are listed: those that go with it, or those that are sold most. */
export const VIEWED = 3;
const LISTED = { known: [4, 5, 6], newcomer: [0, 1, 2] };
const TEXT =
  "What stands between the slots makes the page as long as pages are, and has letters such as ż, é and 漢. ".repeat(30);
const ENDING = '<script type="module" src="/_slotwise/slotwise.js"></script></body></html>';

/** A page, given what each slot's element has: its attributes and its content. */
function page(element) {
  const sections = [...SLOTS, PICKS].map((slot, index) => {
    const { attributes, content } = element(slot, index);
    return `<section data-slot="${slot}"${attributes}>${content}</section>\n<p>${TEXT}</p>\n`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Soak</title></head><body>\n${sections.join("")}`;
}

const link = (index, text) => `<a href="/${index}">${text}</a>`;

/** The page as its origin has it. */
export const ORIGINAL = `${page((_, index) => ({ attributes: "", content: link(index, "as it was") }))}</body></html>`;

const shows = (revision, arm, value) => `revision ${revision}, arm ${arm}, ${value}.`;

const nameOf = (item) => `item-${item}`;
const titleOf = (revision, item) => `revision ${revision}, item ${item}`;

/** The list that a visitor sees. */
const listed = (revision, who) =>
  `<ol>${LISTED[who].map((item) => `<li>${titleOf(revision, item)}</li>`).join("")}</ol>`;

/** Items of which the first are sold most, and each goes with the next three. */
function catalogOf(revision) {
  const numbers = Array.from({ length: 200 }, (_, item) => item);
  const near = (item) => [1, 2, 3].map((step) => [nameOf((item + step) % numbers.length), 1 - step / 10]);
  return {
    items: numbers.map((item) => ({ id: nameOf(item), title: titleOf(revision, item), sold: numbers.length - item })),
    neighbours: Object.fromEntries(numbers.map((item) => [nameOf(item), Object.fromEntries(near(item))])),
    popularity: { member: "sold" },
  };
}

const RANKED = {
  default: "none",
  variants: { none: {}, list: { html: "<ol>{{#items}}<li>{{title}}</li>{{/items}}</ol>" } },
  rules: [{ rank: { show: "list", limit: 3, exclude: ["seen"] } }],
};

/** The bundle of a revision: in each slot an experiment, whose arms are the same visitors' in every revision, and a list. */
export function bundleOf(revision) {
  const variant = (index, arm) => {
    const text = shows(revision, arm, "{{url.query.v}}");
    return index % 2 === 0
      ? { html: `<b>${text}</b>` }
      : { patches: [{ op: "text", selector: "a", value: text }], value: { revision, arm } };
  };
  const experiments = SLOTS.map((slot) => [slot, { variants: { a: 0.5, b: 0.5 } }]);
  const slots = SLOTS.map((slot, index) => {
    const variants = Object.fromEntries(ARMS.map((arm) => [arm, variant(index, arm)]));
    return [slot, { default: "a", variants, rules: [{ experiment: slot }] }];
  });
  return {
    version: 1,
    id: "soak",
    revision,
    catalog: catalogOf(revision),
    experiments: Object.fromEntries(experiments),
    slots: { ...Object.fromEntries(slots), [PICKS]: RANKED },
  };
}

/**
 * The revision that a page shows; throws unless the page is whole, and of that revision alone. `value` is the query's, `who` says whose list
 * it has.
 */
export function revisionOfPage(html, value, who) {
  const found = /<script type="application\/json" id="slotwise-state">([^<]*)<\/script>/.exec(html);
  if (found === null) throw new Error("there is no handoff");
  const [handoff, json] = found;
  const { revision, slots } = JSON.parse(json);
  const expected = page((slot, index) => {
    const { variant: arm, value: handed } = slots[slot];
    if (slot === PICKS) return { attributes: ` data-slotwise="list"`, content: listed(revision, who) };
    if (!ARMS.includes(arm)) throw new Error(`${slot} shows "${arm}"`);
    const text = shows(revision, arm, value);
    if (index % 2 === 0) return { attributes: ` data-slotwise="${arm}"`, content: `<b>${text}</b>` };
    if (handed.revision !== revision || handed.arm !== arm)
      throw new Error(`${slot} is handed ${JSON.stringify(handed)}`);
    return { attributes: ` data-slotwise="${arm}"`, content: link(index, text) };
  });
  same(html, expected + handoff + ENDING);
  return revision;
}

/** The revision that the answer of `POST decide` is of; throws unless all of it is. */
export function revisionOfDecision(json, value, who) {
  const { revision, slots } = JSON.parse(json);
  same(slots[PICKS].content.html ?? "", listed(revision, who));
  for (const [index, slot] of SLOTS.entries()) {
    const { variant: arm, content } = slots[slot];
    const text = index % 2 === 0 ? content.html : content.patches[0].value;
    const shown = shows(revision, arm, value);
    same(text, index % 2 === 0 ? `<b>${shown}</b>` : shown);
  }
  return revision;
}

function same(text, expected) {
  if (text === expected) return;
  let at = 0;
  while (text[at] === expected[at]) at++;
  const around = (whole) => JSON.stringify(whole.slice(Math.max(0, at - 40), at + 40));
  throw new Error(
    `of ${text.length} characters, not ${expected.length}; at ${at} is ${around(text)}, not ${around(expected)}`,
  );
}
