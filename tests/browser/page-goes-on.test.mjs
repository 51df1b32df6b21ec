// A page that the edge has adapted shows something else later, although what was there before the edge came is not known: where nothing of
// what the edge made is left by it.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startEdge } from "../support/edge.mjs";
import { send } from "../support/origin.mjs";

const text = (value) => ({ op: "text", selector: "h1", value });
const href = (value) => ({ op: "attribute", selector: "a", name: "href", value });
const when = (plan, show) => ({ when: { "url.query.plan": plan }, show });
const BUNDLE = {
  version: 1,
  id: "goes-on",
  experiments: { cta: { variants: { plain: 0, urgent: 1 } } },
  catalog: {
    items: [
      { id: "ale", title: "Ale", sold: 9 },
      { id: "beer", title: "Beer", sold: 5 },
      { id: "cider", title: "Cider", sold: 1 },
    ],
    neighbours: { ale: { cider: 1 } },
    popularity: { member: "sold" },
  },
  slots: {
    hero: {
      default: "base",
      variants: {
        base: {},
        pro: { patches: [text("Pro"), href("/pro")] },
        team: { patches: [text("Team"), href("/team")] },
        loud: { patches: [text("Loud"), { op: "class", selector: "h1", value: "loud" }] },
      },
      rules: ["pro", "team", "loud"].map((plan) => when(plan, plan)),
    },
    order: {
      default: "plain",
      variants: { plain: {}, urgent: { patches: [{ op: "text", selector: "b", value: "Order today" }] } },
      rules: [{ experiment: "cta" }],
    },
    linked: {
      default: "old",
      variants: {
        old: { patches: [{ op: "attribute", selector: "a[href='/']", name: "href", value: "/old" }] },
        new: { patches: [{ op: "attribute", selector: "a[href='/']", name: "href", value: "/new" }] },
      },
      rules: [when("team", "new")],
    },
    list: {
      default: "none",
      variants: {
        none: {},
        some: {
          patches: [
            { op: "html", selector: "ul", value: "{{#items}}<li>{{title}}</li>{{/items}}" },
            { op: "attribute", selector: "ul", name: "aria-label", value: "{{#items}}{{id}} {{/items}}" },
          ],
        },
      },
      rules: [{ rank: { show: "some", exclude: ["seen"], weights: { popularity: 0.1 } } }],
    },
  },
};
const PAGE =
  '<!doctype html><html lang="en"><head><title>Bar</title></head><body><section data-slot="hero"><h1>Hello</h1><a href="/">Go</a></section>' +
  '<p data-slot="order"><b>Order</b></p><p data-slot="linked"><a href="/">Here</a></p>' +
  '<section data-slot="list"><h2>For you</h2><ul><li>Nothing yet</li></ul></section></body></html>';

let edge;
let browser;
let context;
before(async () => {
  [edge, browser] = await Promise.all([startEdge("goes-on", { bundle: BUNDLE, from: "worker/site" }), launch()]);
  edge.origin.answers.set("/", send(PAGE));
  for (const plan of ["pro", "team", "loud"]) edge.origin.answers.set(`/?plan=${plan}`, send(PAGE));
});
after(async () => {
  await browser?.close();
  await edge?.close();
});
afterEach(() => context?.close());

async function open({ path = "/", consents = false } = {}) {
  context = await browser.newContext();
  if (consents) await context.addCookies([{ name: "slotwise_consent", value: "personalization", url: edge.url.href }]);
  const page = await context.newPage();
  await page.goto(new URL(path, edge.url).href);
  await page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  return page;
}

const update = (page, more) => page.evaluate((update) => window.session.update(update), more);
const plan = (page, name) => update(page, { attributes: { url: { query: { plan: name } } } });
const hero = async (page) => [
  await page.locator("h1").textContent(),
  await page.locator("[data-slot=hero] a").getAttribute("href"),
  await page.evaluate(() => window.session.slots.hero.variant),
];

test("a list that patches show follows what the visitor does", async () => {
  const page = await open({ consents: true });
  const list = async () => [
    await page.locator("li").allTextContents(),
    await page.locator("ul").getAttribute("aria-label"),
    await page.evaluate(() => window.session.slots.list.items.map(({ id }) => id)),
  ];
  assert.deepEqual(await list(), [["Ale", "Beer", "Cider"], "ale beer cider ", ["ale", "beer", "cider"]]);
  await page.evaluate(() => window.session.track("view_item", { item: "ale" }));
  assert.deepEqual(await list(), [["Cider", "Beer"], "cider beer ", ["cider", "beer"]]);
  await page.evaluate(() => window.session.track("view_item", { item: "beer" }));
  assert.deepEqual(await list(), [["Cider"], "cider ", ["cider"]]);
});

test("patches come where the edge has changed nothing, and go again", async () => {
  const page = await open();
  await plan(page, "pro");
  assert.deepEqual(await hero(page), ["Pro", "/pro", "pro"]);
  await plan(page, "loud");
  assert.deepEqual(await hero(page), ["Loud", "/", "loud"]);
  await plan(page, "none");
  assert.deepEqual(await hero(page), ["Hello", "/", "base"]);
});

test("patches of the edge's give way to others of the same places, and come back", async () => {
  const page = await open({ path: "/?plan=pro" });
  assert.deepEqual(await hero(page), ["Pro", "/pro", "pro"]);
  await plan(page, "team");
  assert.deepEqual(await hero(page), ["Team", "/team", "team"]);
  await plan(page, "pro");
  assert.deepEqual(await hero(page), ["Pro", "/pro", "pro"]);
});

test("who agrees on a page that the edge has adapted takes part in its experiments at once", async () => {
  const page = await open();
  assert.equal(await page.locator("b").textContent(), "Order");
  await update(page, { consent: { personalization: true } });
  assert.equal(await page.locator("b").textContent(), "Order today");
  await update(page, { consent: { personalization: false } });
  assert.equal(await page.locator("b").textContent(), "Order");
});

describe("everything stays as it is where something of the edge's would be left", () => {
  for (const [from, to, what] of [
    ["pro", "none", "nothing comes instead of a text"],
    ["loud", "team", "a class would stay"],
    ["pro", "loud", "an attribute would stay"],
  ]) {
    test(what, async () => {
      const page = await open({ path: `/?plan=${from}` });
      const before = await hero(page);
      await plan(page, to);
      assert.deepEqual(await hero(page), before);
      assert.equal(before[2], from);
    });
  }

  test("an element would not be found any more", async () => {
    const page = await open();
    await plan(page, "team");
    assert.equal(await page.locator("[data-slot=linked] a").getAttribute("href"), "/old");
    assert.equal(await page.evaluate(() => window.session.slots.linked.variant), "old");
  });
});
