// The demonstration's pages: www/pages.json and www/products.json, put through the Mustache templates of www/templates/.
// The names of the templates' values are those of the two files, and of `view` below.

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
  coffee: { category: "Coffee", storyTitle: "Where it comes from", recipeTitle: "How to brew it", picture: "A bag of" },
  equipment: { category: "Equipment", storyTitle: "Why this one", recipeTitle: "How to use it", picture: "The" },
};

/** Every page of the site as `{ path, html }`; `path` ends in a slash. */
export function sitePages() {
  const templates = { ...folder("templates"), ...folder("pages") };
  const products = json("products.json").map(product);
  const season = products.filter((item) => item.season);
  const shared = {
    products,
    season,
    seasonPrice: season.reduce((sum, { price }) => sum + price, 0),
    coffees: products.filter(({ isCoffee }) => isCoffee),
    equipment: products.filter(({ isCoffee }) => !isCoffee),
    cardHeading: "h3",
    ...bar(),
  };
  const plain = json("pages.json").map((page) => ({ ...page, content: page.content.replace(".html", "") }));
  const ofProducts = products.map((item) => ({
    ...item,
    content: "product",
    title: `${item.name} · Kazimierz Roasters`,
    description: `${item.lead} ${item.notes}.`,
    others: others(item, products),
  }));
  return [...plain, ...ofProducts].map((page) => ({
    path: page.path,
    html: Mustache.render(
      templates.layout,
      { ...shared, ...page, menu: menu(page.path) },
      { ...templates, content: templates[page.content] },
      { escape: escaped },
    ),
  }));
}

function product(item) {
  const isCoffee = item.kind === "coffee";
  const kind = KINDS[item.kind];
  const name = isCoffee ? item.name : item.name.toLowerCase();
  return { ...item, ...kind, isCoffee, path: `/${item.kind}/${item.slug}/`, picture: `${kind.picture} ${name}` };
}

/** Three more things: the next two of the same kind, and one of the other. */
function others(item, products) {
  const same = products.filter(({ kind }) => kind === item.kind);
  const next = (step) => same[(same.indexOf(item) + step) % same.length];
  const other = products.filter(({ kind }) => kind !== item.kind);
  return [next(1), next(2), other[same.indexOf(item) % other.length]];
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

function json(name) {
  return JSON.parse(readFileSync(join(SOURCE, name), "utf8"));
}

/** The templates of a folder, by their names without the ending. */
function folder(name) {
  const files = readdirSync(join(SOURCE, name)).filter((file) => file.endsWith(".html"));
  return Object.fromEntries(
    files.map((file) => [file.replace(".html", ""), readFileSync(join(SOURCE, name, file), "utf8")]),
  );
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
