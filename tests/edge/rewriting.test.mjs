// Changing pages while they stream: the Worker's own rewriter agrees with HTMLRewriter, however a page is cut.
//
//   SEED=1234 CASES=20000 node --test tests/edge/rewriting.test.mjs     repeats a run, or looks at more pages

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { seedOfRun } from "../differential/random.mjs";
import { makeSite } from "../support/sites.mjs";
import { startWorker } from "../support/worker.mjs";

let worker;
before(async () => {
  const { config } = makeSite("rewriting", { "index.html": "" }, { main: "tests/support/rewriting-worker.mjs" });
  worker = await startWorker({ config });
});
after(() => worker?.dispose());

/** What becomes of pages: as a whole, in pieces, and by HTMLRewriter. */
async function rewritten(cases) {
  const response = await worker.fetch("/", { method: "POST", body: JSON.stringify(cases) });
  assert.equal(response.status, 200);
  return response.json();
}

/** A page with the attributes of every tag in order: one that is taken away and set again may stand elsewhere. */
function ordered(html) {
  const attributes = / [^\s=>]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g;
  return html.replace(/<[a-z-]+((?: [^\s=>/]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)+)/g, (tag, all) => {
    return tag.slice(0, -all.length) + all.match(attributes).sort().join("");
  });
}

/** What becomes of one page, which has to be the same in pieces; `patches` are those of the slot "s". */
async function adapted(page, patches = [], lengths = [1], charset = "utf-8") {
  const slots = { s: { variant: "v", content: { patches } } };
  const [{ whole, inPieces }] = await rewritten([{ page, slots, lengths, charset }]);
  assert.equal(inPieces, whole, page);
  return whole;
}

const SEED = seedOfRun();
const CASES = Number(process.env.CASES ?? 600);

const pick = (...values) => fc.constantFrom(...values);

const attribute = fc.oneof(
  pick(
    'class="a"',
    "class=b",
    'class="a b"',
    "class",
    'id="i"',
    "data-x=1",
    "DATA-X='2'",
    'href="/x?a=1&amp;b"',
    "hidden",
    "title=''",
  ),
  pick('data-slotwise="v"', "data-slotwise-owner=react"),
);
const leaf = fc.oneof(
  pick("text", "é ą", "a &lt; b", "<!-- <p> -->", "<br>", '<img class="a">', "<script>'<p data-slot=\"s1\">'</script>"),
  pick(
    "<style>a > b {}</style>",
    "<textarea><p></textarea>",
    '<svg><path d="M0" /><title>x</title></svg>',
    "<input data-x=1>",
  ),
);
/** Elements with end tags; `slot` is a mark that becomes a slot's name. */
const { node } = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("element")),
  element: fc
    .record({
      name: pick("div", "p", "a", "section", "b", "adaptive-slot"),
      slot: fc.option(pick(" data-slot=#", " data-slot='#'", " class=b data-slot=#"), { freq: 2 }),
      attributes: fc.uniqueArray(attribute, {
        maxLength: 3,
        selector: (text) => text.toLowerCase().replace(/=.*/, ""),
      }),
      children: fc.array(tie("node"), { maxLength: 4 }),
    })
    .map(({ name, slot, attributes, children }) => {
      const own = name === "adaptive-slot" && slot !== null ? " name=#" : (slot ?? "");
      const others = attributes.filter((text) => !(own.includes("class") && text.startsWith("class")));
      return `<${name}${own}${others.map((text) => ` ${text}`).join("")}>${children.join("")}</${name}>`;
    }),
}));
/** Slots are numbered as they come, so that what is around another comes first in the decision as well; there are more than are decided. */
const page = fc
  .tuple(
    fc.array(node, { minLength: 1, maxLength: 6 }),
    pick("<body>#</body>", "<html><body class=x>#</body></html>", "#"),
  )
  .map(([nodes, frame]) => {
    let slot = 0;
    return frame.replace("#", () => nodes.join("").replaceAll("#", () => `s${slot++}`));
  });

const value = pick("", "plain", 'a "quoted" one', "<i>é</i>", "a & b", "<b>x</b>&amp;", "c -a", "-b");
const selector = pick(
  ..."a|p|b.a|.b|#i|*|[data-x]|[data-x='1']|[class~=b]|[class^='A' i]|[class$=b]|[href*='&']|div > p|div p|section a > b".split(
    "|",
  ),
  ..."p:not(.a)|:not(p)|:nth-child(2)|p:first-child|p:nth-of-type(2n+1)|b:first-of-type|div:not([data-x]) b|img|input".split(
    "|",
  ),
);
const inside = ["html", "text", "append", "prepend", "class", "attribute"];
const patch = fc.oneof(
  fc.record({ op: pick(...inside, "remove"), value, name: pick("title", "data-x", "hidden") }),
  fc.record({
    op: pick(...inside, "before", "after", "replace", "remove"),
    value,
    name: pick("title", "DATA-X", "class"),
    selector,
  }),
  fc.record({ op: fc.constant("attribute"), name: pick("class", "hidden", "href"), selector }),
);
const content = fc.oneof(
  fc.constant({}),
  fc.record({ html: value }),
  fc.record({ patches: fc.array(patch, { minLength: 1, maxLength: 3 }) }),
);
const shown = fc.record({ variant: pick("v", 'w"&'), content });
const slots = fc
  .array(shown, { minLength: 4, maxLength: 6 })
  .map((all) => Object.fromEntries(all.map((one, index) => [`s${index}`, one])));
const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });

test("a page becomes what HTMLRewriter makes of it, as a whole and in pieces", async (t) => {
  const cases = fc.sample(fc.record({ page, slots, lengths }), { seed: SEED, numRuns: CASES });
  t.diagnostic(`seed ${SEED}`);
  let changed = 0;
  for (let at = 0; at < cases.length; at += 50) {
    const some = cases.slice(at, at + 50);
    for (const [index, { whole, inPieces, reference }] of (await rewritten(some)).entries()) {
      const told = JSON.stringify(some[index], null, 2);
      assert.equal(ordered(whole), ordered(reference), told);
      assert.equal(inPieces, whole, told);
      if (whole !== some[index].page) changed++;
    }
  }
  t.diagnostic(`${changed} of ${cases.length} pages were changed`);
  assert.ok(changed > cases.length / 2);
});

describe("where a page is not as it should be", () => {
  const ENDING = '<script id="ending"></script>';
  const insert = (op, selector) => ({ op, value: "NEW", ...(selector && { selector }) });

  test("what belongs to the end of an element comes before the tag that ends it", async () => {
    assert.equal(
      await adapted("<body><div><p data-slot=s>a</div><p>b</body>", [insert("append")]),
      `<body><div><p data-slot=s data-slotwise="v">aNEW</div><p>b${ENDING}</body>`,
    );
    assert.equal(
      await adapted("<ul data-slot=s><li><b>a</ul>", [insert("replace", "li"), insert("append")]),
      `<ul data-slot=s data-slotwise="v">NEWNEW</ul>${ENDING}`,
    );
  });

  test("an element that is open at the end of the page ends there", async () => {
    assert.equal(
      await adapted("<p data-slot=s>a<b>b", [insert("append")]),
      `<p data-slot=s data-slotwise="v">a<b>bNEW${ENDING}`,
    );
    assert.equal(
      await adapted("<p data-slot=s>a<b>b", [insert("html")]),
      `<p data-slot=s data-slotwise="v">NEW${ENDING}`,
    );
  });

  for (const end of ["<a href='", "<a", "<!-- ", "<script>", "<title>x"]) {
    test(`nothing is written behind ${end}, of which it would become a part`, async () => {
      assert.equal(await adapted(`<p data-slot=s>a</p>${end}`), `<p data-slot=s data-slotwise="v">a</p>${end}`);
    });
  }

  test("a slot that is there twice is shown twice, and one that is adapted already is left alone", async () => {
    const page = "<p data-slot=s>a</p><p data-slot=s data-slotwise=v>b</p><p data-slot=s>c</p>";
    const shown = '<p data-slot=s data-slotwise="v">NEW</p>';
    assert.equal(
      await adapted(page, [insert("html")]),
      `${shown}<p data-slot=s data-slotwise=v>b</p>${shown}${ENDING}`,
    );
  });

  test("an attribute that lacks its value is no place for another one", async () => {
    assert.equal(await adapted("<p data-slot=s a= >"), `<p data-slot=s a="" data-slotwise="v" >${ENDING}`);
    const title = { op: "attribute", name: "title", value: "t" };
    assert.equal(
      await adapted("<p title= data-slot=s>"),
      "<p title= data-slot=s>",
      "the value of title is what looks like a slot",
    );
    assert.equal(
      await adapted("<p data-slot=s title=>", [title]),
      `<p data-slot=s title="t" data-slotwise="v">${ENDING}`,
    );
  });

  test("an attribute that keeps its neighbours apart leaves a blank", async () => {
    const patch = { op: "attribute", name: "b" };
    assert.equal(await adapted("<p data-slot=s a b='1'c>", [patch]), `<p data-slot=s a c data-slotwise="v">${ENDING}`);
    assert.equal(await adapted("<p b data-slot=s B=2>", [patch]), `<p data-slot=s data-slotwise="v">${ENDING}`);
  });

  test("tags as long as a picture are waited for", async () => {
    const picture = `<img src="data:image/png;base64,${"A".repeat(300_000)}">`;
    const page = `<p data-slot=s>a${picture}</p>`;
    assert.equal(
      await adapted(page, [insert("append")], [4000]),
      `<p data-slot=s data-slotwise="v">a${picture}NEW</p>${ENDING}`,
    );
  });

  test("a tag that does not end is not waited for, however much of it comes", async () => {
    for (const tag of [`<p a='${"x".repeat(3_000_000)}`, `<p a='${"x> ".repeat(500_000)}`]) {
      const page = `<p data-slot=s>a</p>${tag}`;
      assert.equal(await adapted(page, [], [100_000]), page.replace("data-slot=s", '$& data-slotwise="v"'));
    }
  });

  test("a nest of elements takes no longer than its length, whatever is looked for in it", async () => {
    const [open, close] = ["<div>", "</div>"].map((tag) => tag.repeat(2000));
    const page = `<p data-slot=s>${open}<b></b>${close}</p>`;
    const begun = Date.now();
    // The clock of a Worker stands still, so it is looked at from outside.
    await adapted(
      page,
      [insert("html", "i div div div div div div b"), insert("html", "i div > div div > div b")],
      [5000],
    );
    assert.ok(Date.now() - begun < 20_000, `${Date.now() - begun} ms`);
  });

  test("in a page that does not say its charset, nothing becomes a sign of HTML by shifting to other letters", async () => {
    const rest = "\x1b$B<p data-slot=s>\x1b(B";
    const page = `<p data-slot=s>a</p>${rest}`;
    const slots = { s: { variant: "v", content: {} } };
    const [{ whole, inPieces }] = await rewritten([{ page, slots, lengths: [20], charset: null }]);
    for (const html of [whole, inPieces]) assert.ok(html.endsWith(rest), html);
    assert.equal(
      await adapted("<p data-slot=s>a", [{ op: "html", value: "\x1b$B é" }], [1], null),
      `<p data-slot=s data-slotwise="v">&#27;$B &#233;${ENDING}`,
    );
  });

  test("classes stay the same in a page that is not in UTF-8", async () => {
    assert.equal(
      await adapted("<p data-slot=s class=é>", [{ op: "class", value: "ą" }], [1], "iso-8859-1"),
      `<p data-slot=s class="&#233; &#261;" data-slotwise="v">${ENDING}`,
    );
  });

  for (const page of [
    "<select><svg><script>'<p data-slot=s>'</script>",
    "<table><tr><td><svg><desc><td></td></desc><script>'<p data-slot=s>'</script>",
    "<math><mi><mglyph><style><!--</style><p data-slot=s>-->",
    "<svg><desc><![CDATA[ > <p data-slot=s> ]]>",
    "<script\0><!-- <p data-slot=s> --></script>",
    "<svg><desc><p></desc><style><!--</style><p data-slot=s>-->",
    "<p><b></p><svg></b><script>'<p data-slot=s>'</script>",
  ]) {
    test(`nothing is written into what is no markup to a browser: ${JSON.stringify(page)}`, async () => {
      assert.equal(await adapted(page, [insert("html")]), page);
    });
  }

  test("where it is not certain how a browser reads on, the rest passes as it is", async () => {
    const rest = "<select><xmp></select><p data-slot=s>b</p>";
    assert.equal(await adapted(`<p data-slot=s>a</p>${rest}`), `<p data-slot=s data-slotwise="v">a</p>${rest}`);
  });

  test("and so does what would have been left out, unless it is too long to be kept until it ends", async () => {
    const slots = { s: { variant: "v", content: { html: "NEW" } } };
    const uncertain = "<select><xmp></select></p>";
    const page = `<i data-slot=s>a</i>é<p data-slot=s>${"a".repeat(3000)}${uncertain}`;
    const beginning = `<i data-slot=s data-slotwise="v">NEW</i>`;
    const long = `<p data-slot=s>${"a".repeat(1_200_000)}${uncertain}`;
    const cases = [
      { page, slots, lengths: [1] },
      { page, slots, lengths: [500] },
      { page: long, slots, lengths: [100_000] },
      { page: "<p data-slot=s>a<!-- ", slots, lengths: [5] },
    ];
    const [first, second, third, cut] = await rewritten(cases);
    assert.equal(first.whole, beginning + page.slice(page.indexOf("é")));
    assert.deepEqual([first.inPieces, second.inPieces], [first.whole, first.whole]);
    assert.deepEqual([third.whole, third.inPieces], [long, null]);
    assert.deepEqual([cut.whole, cut.inPieces], [cases[3].page, cases[3].page]);
  });

  test("what is left out may be longer than what is kept of it", async () => {
    const patches = [{ op: "html", value: "NEW" }, insert("append")];
    for (const length of [1000, 3_000_000]) {
      const page = `<body>a<p data-slot=s>${"é".repeat(length)}</p>b</body>`;
      const expected = `<body>a<p data-slot=s data-slotwise="v">NEWNEW</p>b${ENDING}</body>`;
      assert.equal(await adapted(page, patches, [70_001]), expected);
    }
  });
});
