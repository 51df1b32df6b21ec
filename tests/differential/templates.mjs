// Random templates in the subset of Mustache that Slotwise has, and views for them.
//
// Left out, because it differs on purpose (docs/bundle.md has the list, and `tests/node/mustache.test.mjs` a case for
// each): unescaped variables, partials, blocks and other delimiters; names with spaces, braces or empty parts; `{{.}}` outside
// every section; names of inherited members; members of texts, which only lists and objects have here: `list` is never a text.
// What a random view can still lead to is left out by name in `mustache.mjs`.

import { sent } from "./values.mjs";

const NAMES = ["v", "w", "list", "deep", "0", "length", "ł", "🍕", "a-b", "x_y"];
const DOTTED = [
  "deep.v",
  "deep.deep",
  "deep.list",
  "w.v",
  "w.deep.v",
  "list.0",
  "list.1.v",
  "list.length",
  "v.w",
  "ł.🍕",
  "w.$x",
];
const SPACES = ["", "", "", " ", "  ", "\t", "\n", "\u00a0", "\ufeff"];
const LINES = ["\n", "\r\n", "\n\n", " \n", "\t", "  ", "\u00a0\n", "\u2028", ""];
const COMMENTS = ["", " a ", "#v", "{{", " } ", "\n", "/v", "ł"];

/** Literal text that is whole HTML by itself, with no value in it. */
const HTML = ["a", "ó", "🍕", "&amp;", "<b>x</b>", '<i title="{ }">y</i>', "<br>", "}}", "}", "{ ", "'", "`", " = "];
/** Literal text where nothing is HTML. */
const TEXT = [...HTML, "<", '"', "</b>", "<script>", "<!--", "\0", "\u2028"];

/** A template of HTML, with values in text and in plain attributes, or one of text. */
export function template(random, isHtml) {
  return parts(random, { isHtml, depth: 4, isLevel: false });
}

function parts(random, place) {
  return random.list(7, () => part(random, place)).join("");
}

function part(random, place) {
  const { isHtml, depth, isLevel } = place;
  return random.weighted([
    [4, () => random.one(isHtml ? HTML : TEXT)],
    [4, () => random.one(LINES)],
    [6, () => tag(random, "", name(random, isLevel))],
    [isHtml ? 1 : 0, () => `<u class="${random.one(["", "x "])}${tag(random, "", name(random, isLevel))}">z</u>`],
    [1, () => tag(random, "!", random.one(COMMENTS))],
    [depth > 0 ? 6 : 0, () => section(random, place)],
  ]);
}

function section(random, { isHtml, depth, isLevel }) {
  const isInverted = random.chance(0.3);
  const of = name(random, isLevel);
  const inside = parts(random, { isHtml, depth: depth - 1, isLevel: isLevel || !isInverted });
  const line = () => (random.chance(0.4) ? random.one(LINES) : "");
  return `${tag(random, isInverted ? "^" : "#", of)}${line()}${inside}${line()}${tag(random, "/", of)}${line()}`;
}

function name(random, isLevel) {
  if (isLevel && random.chance(0.25)) return ".";
  return random.chance(0.7) ? random.one(NAMES) : random.one(DOTTED);
}

function tag(random, sigil, content) {
  const space = () => random.one(SPACES);
  return `{{${space()}${sigil}${space()}${content}${space()}}}`;
}

/** The attributes that a template is rendered with. */
export function view(random) {
  return Object.fromEntries(members(random, 3));
}

function members(random, depth) {
  const names = [...NAMES, "$x"].filter((name) => name !== "length" && random.chance(0.8));
  return names.map((name) => [name, name === "list" ? list(random, depth) : value(random, depth)]);
}

function list(random, depth) {
  return random.list(3, () => value(random, depth - 1));
}

function value(random, depth) {
  return random.weighted([
    [depth > 0 ? 3 : 0, () => Object.fromEntries(members(random, depth - 1))],
    [depth > 0 ? 3 : 0, () => list(random, depth)],
    [1, () => random.one([true, false, null])],
    [1, () => random.one(["<b>", "&", "\"'`=/", "a&lt;b", "</u>", "{{v}}", "\u2028"])],
    [3, () => sent(random, 0)],
  ]);
}
