// Every value that a visitor controls, in every place where templates allow one: a bundle, a page, and what the page must read.

/** A place inside an `html` template: markup around `{{x}}`, and what is read there, of an attribute or else of the text. */
const IN_MARKUP = {
  text: { markup: "<p>{{x}}</p>" },
  double: { markup: '<p title="{{x}}"></p>', attribute: "title" },
  single: { markup: "<p title='{{x}}'></p>", attribute: "title" },
  class: { markup: '<p class="a {{x}} b"></p>', attribute: "class", around: ["a ", " b"] },
  data: { markup: '<p data-value="{{x}}"></p>', attribute: "data-value" },
  input: { markup: '<input value="{{x}}" />', attribute: "value" },
  textarea: { markup: "<textarea>{{x}}</textarea>" },
  title: { markup: "<title>{{x}}</title>" },
  svg: { markup: "<svg><text>{{x}}</text></svg>", inside: "text" },
  math: { markup: "<math><mi>{{x}}</mi></math>", inside: "mi" },
  path: { markup: '<a href="/p/{{x}}">a</a>', attribute: "href", around: ["/p/", ""], leads: "here" },
  query: { markup: '<a href="?q={{x}}&amp;r=1">a</a>', attribute: "href", around: ["?q=", "&r=1"], leads: "here" },
  fragment: { markup: '<a href="#{{x}}">a</a>', attribute: "href", around: ["#", ""], leads: "here" },
  host: {
    markup: '<a href="https://shop.example/{{x}}">a</a>',
    attribute: "href",
    around: ["https://shop.example/", ""],
    leads: "https://shop.example",
  },
  mail: { markup: '<a href="mailto:{{x}}">a</a>', attribute: "href", around: ["mailto:", ""], leads: "mailto:" },
  action: { markup: '<form action="/p/{{x}}"></form>', attribute: "action", around: ["/p/", ""], leads: "here" },
  button: {
    markup: '<button formaction="/p/{{x}}">b</button>',
    attribute: "formaction",
    around: ["/p/", ""],
    leads: "here",
  },
  image: { markup: '<img src="/i/{{x}}" alt="" />', attribute: "src", around: ["/i/", ""], leads: "here" },
  frame: { markup: '<iframe src="/f/{{x}}"></iframe>', attribute: "src", around: ["/f/", ""], leads: "here" },
  use: {
    markup: '<svg><use href="#i-{{x}}"></use></svg>',
    inside: "use",
    attribute: "href",
    around: ["#i-", ""],
    leads: "here",
  },
  section: { markup: "{{#x}}<b>{{.}}</b>{{/x}}", isSection: true },
  within: { markup: '<b {{#x}}title="{{x}}"{{/x}}>b</b>', attribute: "title", isSection: true },
};

/** A patch of a slot that holds `<u>u</u><a href="/">a</a>`, and where its value is read. */
const IN_PATCHES = {
  "text-patch": { patch: { op: "text", selector: "u", value: "{{x}}" }, inside: "u" },
  "attribute-patch": { patch: { op: "attribute", name: "title", value: "{{x}}" }, attribute: "title" },
  "address-patch": {
    patch: { op: "attribute", selector: "a", name: "href", value: "/p/{{x}}" },
    inside: "a",
    attribute: "href",
    around: ["/p/", ""],
    leads: "here",
  },
  "html-patch": { patch: { op: "html", value: "<i>{{x}}</i>" }, inside: "i" },
  "append-patch": { patch: { op: "append", value: "<i>{{x}}</i>" }, inside: "i" },
  "prepend-patch": { patch: { op: "prepend", selector: "a", value: "<i>{{x}}</i>" }, inside: "i" },
  "before-patch": { patch: { op: "before", selector: "u", value: "<i>{{x}}</i>" }, inside: "i" },
  "after-patch": { patch: { op: "after", selector: "u", value: "<i>{{x}}</i>" }, inside: "i" },
  "replace-patch": { patch: { op: "replace", selector: "u", value: "<i>{{x}}</i>" }, inside: "i" },
  // The names are put together anew, so they are looked at as a whole.
  "class-patch": { patch: { op: "class", value: "{{x}}" } },
};

/**
 * What a visitor controls, by the path under which a bundle reads it. `upTo` says how many bytes of any text are read as they were sent; of
 * the others it is some part of what was sent, or nothing.
 */
const INPUTS = {
  "utm.campaign": { upTo: Number.POSITIVE_INFINITY },
  "url.query.q": { upTo: Number.POSITIVE_INFINITY },
  "geo.city": { upTo: Number.POSITIVE_INFINITY },
  // Of a kept profile: longer names are cut there.
  "profile.categories": { upTo: 40 },
  "url.path": {},
  "url.host": {},
  "referrer.host": {},
  language: {},
  locale: {},
  "device.browser": {},
  id: {},
};

/** All places of all inputs: the name of the slot's element, what a template has there, and how it is read. */
const PLACES = Object.entries(INPUTS).flatMap(([input, { upTo = 0 }]) => {
  const markup = Object.entries(IN_MARKUP).filter(([, { isSection }]) => upTo > 0 || !isSection);
  return [...markup, ...Object.entries(IN_PATCHES)].map(([place, how]) => {
    return { name: `${input} ${place}`.replaceAll(/[. ]/g, "-"), input, upTo, ...how };
  });
});

const of = (template, input) => template.replace(/\{\{(#|\/)?x\}\}/g, `{{$1${input}}}`);

/** A slot for each place. What identifies a visitor is printed too. */
export const BUNDLE = {
  version: 1,
  id: "hostile",
  revision: 1,
  consent: { ids: "none" },
  slots: Object.fromEntries(
    PLACES.map(({ name, input, markup, patch }) => {
      const variant =
        patch === undefined ? { html: of(markup, input) } : { patches: [{ ...patch, value: of(patch.value, input) }] };
      return [name, { default: "it", variants: { it: variant } }];
    }),
  ),
};

const pageOf = (inside, head = "", end = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hostile</title><link rel="icon" href="/icon.svg">${head}</head>` +
  `<body>${PLACES.map((place) => `<section data-slot="${place.name}">${inside(place)}</section>`).join("\n")}${end}</body></html>`;

const ORIGINAL = '<u>u</u><a href="/">a</a>';

/** The page with those slots; `end` stands at its end. */
export const page = (end = "") => pageOf(() => ORIGINAL, "", end);

/** The page as it would be if values were not escaped, with one link that a value may lead anywhere: what must run there, runs. */
export function unescapedPage(value) {
  const raw = ({ markup, patch }) => {
    const template = markup ?? (patch.op === "attribute" ? `<b title="{{x}}"></b>` : patch.value);
    return template.replaceAll(/\{\{[#/]x\}\}/g, "").replaceAll(/\{\{[x.]\}\}/g, () => value);
  };
  return pageOf(raw, "", `<a id="direct" href="${value}">direct</a>`);
}

/** What is to be read in a page when the free inputs hold a value, for {@link reading}. */
export function expectation(value) {
  return PLACES.filter(({ upTo, patch }) => Buffer.byteLength(value) <= upTo && patch?.op !== "class").map(
    ({ name, inside, attribute, around: [before, after] = ["", ""] }) => {
      return { name, inside, attribute, text: `${before}${value}${after}` };
    },
  );
}

/** The addresses of a page, for {@link reading}: the slots, and where each leads, whatever the value is. */
export const ADDRESSES = PLACES.filter(({ leads }) => leads !== undefined).map(({ name, inside, attribute, leads }) => {
  return { name, inside, attribute, leads };
});

/** Runs in the page: what is not as it should be, and how many elements there are. */
export function reading({ expected, addresses }) {
  const wrong = [];
  const elementOf = ({ name, inside, attribute }) => {
    const slot = document.querySelector(`[data-slot="${name}"]`);
    if (inside !== undefined) return slot.querySelector(inside);
    return attribute === "title" && slot.hasAttribute("title") ? slot : slot.firstElementChild;
  };
  for (const place of expected) {
    const element = elementOf(place);
    const text = place.attribute === undefined ? element?.textContent : element?.getAttribute(place.attribute);
    if (text !== place.text) wrong.push(`${place.name} is ${JSON.stringify(text)}, not ${JSON.stringify(place.text)}`);
  }
  for (const place of addresses) {
    const address = elementOf(place)?.getAttribute(place.attribute);
    const { protocol, host } = new URL(address, document.baseURI);
    const leads = protocol === "mailto:" ? protocol : `${protocol}//${host}`;
    if (leads !== (place.leads === "here" ? location.origin : place.leads))
      wrong.push(`${place.name} leads to ${address}`);
  }
  // The preview's element and the scripts are the product's own.
  return { wrong, elements: document.body.querySelectorAll("section, section *").length };
}

/** Runs in the page: does what a visitor may do, so that what waits for the mouse, the keyboard or a click comes about. */
export function touch() {
  const events = [
    "mouseover",
    "mouseenter",
    "pointerover",
    "focus",
    "blur",
    "load",
    "error",
    "toggle",
    "animationstart",
  ];
  for (const element of document.querySelectorAll("body *")) {
    for (const type of events) element.dispatchEvent(new Event(type));
  }
  const direct = document.querySelector("#direct");
  if (direct?.protocol === "javascript:") direct.click();
}
