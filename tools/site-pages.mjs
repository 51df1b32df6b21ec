// The demonstration's pages: www/pages.json and www/items.jsonl, put through the Mustache templates of www/templates/.
// The names of the templates' values are those of the two files, of www/stories.json, of the model that build-site.mjs has learned before, and of `view` below.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Mustache from "mustache";
import { personaFields, VISITORS } from "./visitors.mjs";

const SOURCE = "www";
const MENU = [
  { path: "/coffee/", text: "Coffee" },
  { path: "/equipment/", text: "Equipment" },
  { path: "/journal/let-it-rest/", text: "Journal", under: "/journal/" },
  { path: "/basket/", text: "Basket" },
];
const KINDS = {
  coffee: {
    kindTitle: "Coffee",
    storyTitle: "Where it comes from",
    recipeTitle: "How to brew it",
    picture: "A bag of",
  },
  equipment: { kindTitle: "Equipment", storyTitle: "Why this one", recipeTitle: "How to use it", picture: "The" },
};
/** The equipment's shelves, by category. */
const SHELVES = {
  grinders: "Grinders",
  kettles: "Kettles",
  drippers: "For a filter",
  pots: "For the stove, the table and the fridge",
  cups: "Cups",
  filters: "Paper and care",
  scales: "Weighing and keeping",
  books: "To read and to write",
};
/** What the front page shows below the season's coffees: one of each kind of thing that one needs. */
const KITCHEN = ["cone", "grinder", "kettle"];
/** How many are in a row that nobody has ranked for a visitor, and how many of them of one category. */
const ROW = 6;
const MOST_OF_CATEGORY = 2;

/** What the shop sells, in the order of www/items.jsonl. */
export function items() {
  return read("items.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The pictures of items that have no picture of their own: `{ name, svg }`. */
export function drawings() {
  const shapes = folder("templates/drawings", ".svg");
  return items()
    .filter(({ drawing }) => drawing !== undefined)
    .map(({ image, name, drawing }) => ({
      name: `${image}.svg`,
      svg: render(shapes[drawing.shape], { ...drawing, word: name.split(" ")[0] }),
    }));
}

/** Every page of the site as `{ file, html }`. */
export function sitePages() {
  const templates = { ...folder("templates", ".html"), ...folder("pages", ".html") };
  const stories = json("stories.json");
  const products = items().map((item) => product(item, stories[item.id]));
  const season = products.filter((item) => item.season);
  const neighbours = json("model/neighbours.json");
  const shared = {
    products,
    season,
    seasonPrice: season.reduce((sum, { price }) => sum + price, 0),
    coffees: products.filter(({ isCoffee }) => isCoffee),
    shelves: Object.entries(SHELVES).map(([category, title]) => ({
      category,
      title,
      goods: products.filter((item) => item.category === category),
    })),
    kitchen: KITCHEN.map((image) => products.find((item) => item.image === image)),
    popular: popular(products),
    cardHeading: "h3",
    ...bar(),
  };
  const plain = json("pages.json").map((page) => ({ ...page, content: page.content.replace(".html", "") }));
  const ofProducts = products.map((item) => ({
    ...item,
    content: "product",
    path: item.id,
    title: `${item.name} · Kazimierz Roasters`,
    description: `${item.lead} ${item.notes}.`,
    withThis: withThis(item, products, neighbours),
  }));
  return [...plain, ...ofProducts].map((page) => ({
    file: page.path.replace(/\/$/, "/index.html"),
    html: render(templates.layout, view(page, shared), { ...templates, content: templates[page.content] }),
  }));
}

function view(page, shared) {
  return { ...shared, ...page, menu: menu(page.path) };
}

/** An item with what its page and its cards say of it. */
function product(item, story) {
  const [, kind] = item.id.split("/");
  const isCoffee = kind === "coffee";
  const { picture, ...titles } = KINDS[kind];
  const name = isCoffee ? item.name : item.name.toLowerCase();
  return { ...item, ...titles, kind, isCoffee, inStock: item.stock > 0, story, picture: `${picture} ${name}` };
}

/** What most people took home, as the page says it to somebody of whom nothing is known. */
function popular(products) {
  const row = [];
  for (const item of [...products].filter(({ inStock }) => inStock).sort((one, other) => other.sold - one.sold)) {
    const isAllowed = row.filter(({ category }) => category === item.category).length < MOST_OF_CATEGORY;
    if (row.length < ROW && isAllowed) row.push({ ...item, because: "Many take it home" });
  }
  return row;
}

/** What goes with an item, the best first: as the engine has it, which keeps how near items are in eight bits, and of equal ones takes the first. */
function withThis({ id, name }, products, neighbours) {
  const step = Math.max(...Object.values(neighbours[id]).map(Math.abs)) / 127;
  return Object.entries(neighbours[id])
    .map(([other, nearness]) => [other, Math.round(nearness / step)])
    .filter(([, nearness]) => nearness > 0)
    .sort(([one, near], [other, nearer]) => nearer - near || (one < other ? -1 : 1))
    .map(([other]) => products.find((item) => item.id === other))
    .filter(({ inStock }) => inStock)
    .slice(0, 4)
    .map((item) => ({ ...item, because: `Goes well with ${name}` }));
}

function menu(path) {
  return MENU.map((entry) => {
    const within = path.startsWith(entry.under ?? entry.path);
    return { ...entry, current: path === entry.path ? "page" : within && "true" };
  });
}

/** What the strip on top of each page offers. */
function bar() {
  const { places, fields } = json("personas.json");
  return {
    places: places.map((place) => ({ value: JSON.stringify(place), text: place.city })),
    fields,
    presets: VISITORS.map(({ who, where, context }) => ({ who, where, query: personaFields(context) })),
  };
}

function read(name) {
  return readFileSync(join(SOURCE, name), "utf8");
}

function json(name) {
  return JSON.parse(read(name));
}

/** The templates of a folder, by their names without the ending. */
function folder(name, ending) {
  const files = readdirSync(join(SOURCE, name)).filter((file) => file.endsWith(ending));
  return Object.fromEntries(files.map((file) => [file.replace(ending, ""), read(join(name, file))]));
}

function render(template, values, partials = {}) {
  return Mustache.render(template, values, partials, { escape: escaped });
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
