// The page that every Worker passes on, and the ten changes to it: as a bundle of ours, and as a payload of GrowthBook's.

const BYTES = 100_000;
const WORDS =
  "amber basket bright canvas copper cotton garden harvest kettle lantern linen meadow olive quiet river sturdy walnut willow winter woven".split(
    " ",
  );

/** Texts that look made up and are the same every time. */
function texts() {
  let state = 1;
  const word = () => {
    state = (state * 48271) % 0x7fffffff;
    return WORDS[state % WORDS.length];
  };
  return (count) => Array.from({ length: count }, word).join(" ");
}

/**
 * What changes in a slot, as patches of ours without `value`, and as GrowthBook's mutations without it. GrowthBook has no
 * operation for text: it sets HTML.
 */
const KINDS = [
  { op: "html", as: { attribute: "html", action: "set" } },
  { op: "append", as: { attribute: "html", action: "append" } },
  { op: "class", as: { attribute: "class", action: "append" } },
  { op: "text", selector: "h2", as: { attribute: "html", action: "set" } },
  { op: "attribute", name: "href", selector: "a.more", as: { attribute: "href", action: "set" } },
];
const SLOTS = Array.from({ length: 10 }, (_, index) => ({ name: `slot-${index}`, kind: KINDS[index % KINDS.length] }));
const ARMS = ["calm", "bold"];

const VALUES = {
  html: (arm, name) => `<h2>The ${arm} one</h2><p>What ${name} says to those who see the ${arm} one.</p>`,
  append: (arm, name) => `<p class="note">A ${arm} note in ${name}.</p>`,
  class: (arm) => `is-${arm}`,
  text: (arm, name) => `A ${arm} title for ${name}`,
  attribute: (arm, name) => `/${arm}/${name}`,
};

/** A shop's page of 100 KB: some 1,800 elements, of which ten are slots, spread over the page. */
export function makePage() {
  const text = texts();
  const nav = Array.from({ length: 12 }, (_, index) => `<li><a href="/c/${index}">${text(1)}</a></li>`).join("");
  const parts = [
    `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${text(3)}</title>`,
    '<link rel="stylesheet" href="/shop.css"><script type="module" src="/shop.js"></script></head>\n',
    `<body><header class="top"><nav><ul>${nav}</ul></nav></header>\n<main>\n`,
  ];
  let length = parts.join("").length;
  const slots = SLOTS.map(({ name }) => name);
  for (let index = 0; length < BYTES; index++) {
    const isDue = slots.length > 0 && length > ((SLOTS.length - slots.length) * BYTES) / SLOTS.length;
    const part = isDue ? slot(slots.shift(), text) : card(index, text);
    parts.push(part);
    length += part.length;
  }
  parts.push(`</main><footer><p>${text(12)}</p></footer></body>\n</html>\n`);
  return parts.join("");
}

function slot(name, text) {
  return `<section class="teaser" data-slot="${name}"><h2>${text(3)}</h2><p>${text(10)}</p><a class="more" href="/${name}">${text(2)}</a></section>\n`;
}

function card(index, text) {
  return (
    `<article class="card" id="item-${index}"><a class="card-link" href="/item/${index}">` +
    `<img class="card-image" src="/images/${index}.jpg" alt="${text(3)}" loading="lazy" width="320" height="240"></a>` +
    `<h3 class="card-title">${text(3)}</h3><p class="card-text">${text(14)}</p><div class="card-meta">` +
    `<span class="price">${(index % 90) + 9}.00</span><span class="stock">in stock</span></div>` +
    `<button type="button" class="button" data-item="${index}">Add</button></article>\n`
  );
}

/** Ten slots, each with a condition and an experiment of two arms. */
export function makeBundle() {
  const experiments = SLOTS.map(({ name }) => [`about-${name}`, { variants: { calm: 0.5, bold: 0.5 } }]);
  const slots = SLOTS.map(({ name, kind: { as: _, ...patch } }) => {
    const variants = ARMS.map((arm) => [arm, { patches: [{ ...patch, value: VALUES[patch.op](arm, name) }] }]);
    const rules = [{ when: { "device.type": "desktop" }, experiment: `about-${name}` }];
    return [name, { default: "as-it-is", variants: { "as-it-is": {}, ...Object.fromEntries(variants) }, rules }];
  });
  return {
    version: 1,
    id: "bench",
    experiments: Object.fromEntries(experiments),
    slots: Object.fromEntries(slots),
  };
}

/** The same as visual experiments: by the same hash and seed, every visitor falls into the same arms. */
export function makePayload() {
  const experiments = SLOTS.map(({ name, kind: { op, selector, as } }) => ({
    key: `about-${name}`,
    seed: `about-${name}`,
    changeId: `change-${name}`,
    status: "running",
    hashAttribute: "id",
    hashVersion: 2,
    weights: [0.5, 0.5],
    coverage: 1,
    condition: { deviceType: "desktop" },
    urlPatterns: [{ include: true, type: "simple", pattern: "*" }],
    variations: ARMS.map((arm) => ({
      domMutations: [
        {
          selector: `[data-slot="${name}"]${selector === undefined ? "" : ` ${selector}`}`,
          ...as,
          value: VALUES[op](arm, name),
        },
      ],
    })),
  }));
  return { features: {}, experiments };
}

/** The page with a visitor's ten changes and nothing else, made with plain string operations; `armOf` gives the arm of a slot. */
export function changedPage(page, armOf) {
  return SLOTS.reduce((html, { name, kind: { op } }) => {
    const start = html.indexOf(`<section class="teaser" data-slot="${name}">`);
    const end = html.indexOf("</section>", start);
    const value = VALUES[op](armOf(name), name);
    return html.slice(0, start) + CHANGES[op](html.slice(start, end), value) + html.slice(end);
  }, page);
}

const CHANGES = {
  html: (section, value) => section.slice(0, section.indexOf(">") + 1) + value,
  append: (section, value) => section + value,
  class: (section, value) => section.replace('class="teaser"', `class="teaser ${value}"`),
  text: (section, value) => section.replace(/<h2>.*?<\/h2>/, `<h2>${value}</h2>`),
  attribute: (section, value) => section.replace(/href="[^"]*"/, `href="${value}"`),
};
