// One answer everywhere: the same cases to native code, Node, workerd and Chromium, and their answers compared as text.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { chromium } from "playwright-core";
import { compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { chromiumOptions } from "../../tools/chromium.mjs";
import { answersOf } from "../support/answers.mjs";
import { nativeAnswers } from "../support/decider.mjs";
import { installed } from "../support/installed.mjs";
import { written } from "../support/js-values.mjs";
import { startProjectServer } from "../support/static-server.mjs";
import { startWorker } from "../support/worker.mjs";
import { bundle } from "./bundles.mjs";
import { context } from "./contexts.mjs";
import { Random } from "./random.mjs";
import { Reach } from "./reach.mjs";
import { isObject, shrunk } from "./shrink.mjs";

const BUNDLES = 20;
const CONTEXTS = 10;
/** Decisions in one batch, which is what is done between two calls of `onProgress`. */
const BATCH = BUNDLES * CONTEXTS;

/** Starts every place. Each answers cases; call `close` when done. */
export async function startPlaces() {
  const closing = [];
  const places = {
    native: nativeAnswers,
    Node: answersHere,
    workerd: await startWorkerd(closing),
    Chromium: await startChromium(closing),
  };
  return { places, close: () => Promise.all(closing.map((close) => close())) };
}

/** Lets others speak after every case: a connection to workerd that is silent for too long is closed. */
async function answersHere(cases) {
  const answers = [];
  for (const one of cases) {
    answers.push(...(await answersOf([one], { compile, load })));
    await setImmediate();
  }
  return answers;
}

async function startWorkerd(closing) {
  const site = installed("answers-worker.mjs", "answers.mjs", "js-values.mjs");
  closing.push(() => site.dispose());
  const config = join(site.folder, "wrangler.toml");
  writeFileSync(config, 'name = "answers"\nmain = "answers-worker.mjs"\ncompatibility_date = "2026-10-01"\n');
  const worker = await startWorker({ config });
  closing.push(() => worker.dispose());
  return async (cases) => {
    const response = await worker.fetch("/", { method: "POST", body: JSON.stringify(cases) });
    return response.json();
  };
}

async function startChromium(closing) {
  const site = await startProjectServer();
  closing.push(() => site.close());
  const browser = await chromium.launch(chromiumOptions());
  closing.push(() => browser.close());
  const page = await browser.newPage();
  await page.goto(site.url.href);
  return (cases) => page.evaluate(answersInPage, cases);
}

/** Runs in the page. */
async function answersInPage(cases) {
  const { load } = await import("/pkg/dist/index.web.js");
  const { compile } = await import("/pkg/dist/compiler.web.js");
  const { answersOf } = await import("/tests/support/answers.mjs");
  return answersOf(cases, { compile, load });
}

/** Compares decisions in all places; says what was reached. */
export async function compareEverywhere({ seed, cases, places, onProgress = () => {} }) {
  const random = new Random(seed);
  const reach = new Reach();
  let done = 0;
  while (done < cases) {
    const batch = Array.from({ length: BUNDLES }, () => {
      const made = bundle(random);
      return { bundle: made, contexts: Array.from({ length: CONTEXTS }, () => written(context(random, made))) };
    });
    const answers = await everywhere(places, batch);
    for (const [index, one] of batch.entries()) {
      const found = differing(answers, index);
      if (found !== undefined) {
        await tell(seed, places, { ...one, contexts: one.contexts.slice(...found.contexts) }, found.place);
      }
      count(reach, answers.Node[index].decisions);
    }
    done += BATCH;
    onProgress(done);
  }
  return { done, reach };
}

async function everywhere(places, cases) {
  const asked = Object.entries(places).map(async ([name, answer]) => [name, await answer(cases)]);
  return Object.fromEntries(await Promise.all(asked));
}

/** What differs from Node: in which place, and for which contexts, as arguments of `slice`. */
function differing(answers, index) {
  const { file, decisions } = answers.Node[index];
  // A bundle that is refused is a mistake of the generator's.
  if (file.startsWith("refused")) return { place: "Node", is: file, contexts: [] };
  for (const [place, { [index]: theirs }] of Object.entries(answers)) {
    if (theirs.file !== file) return { place, is: theirs.file, inNode: file, contexts: [] };
    const at = theirs.decisions.findIndex((decision, context) => decision !== decisions[context]);
    if (at >= 0) return { place, is: theirs.decisions[at], inNode: decisions[at], contexts: [at, at + 1] };
  }
  return undefined;
}

function count(reach, decisions) {
  for (const decision of decisions) {
    const { result, steps } = JSON.parse(decision);
    for (const { source, reason, factors } of Object.values(result.slots)) {
      reach.count(`${source}, ${reason}`);
      if (factors !== undefined) reach.count("factors");
    }
    for (const { step, operator, holds } of Object.values(steps).flat()) {
      reach.count(step === "test" ? `${operator} ${holds}` : step);
    }
  }
}

async function tell(seed, { Node, ...others }, start, place) {
  const two = { Node, [place]: others[place] };
  const differ = async (candidate) => {
    try {
      const { contexts } = candidate;
      if (contexts.length !== 1 || !isObject(contexts[0])) return false;
      const answers = await everywhere(two, [candidate]);
      return !answers.Node[0].file.startsWith("refused") && differing(answers, 0) !== undefined;
    } catch {
      return false; // It is no case any more.
    }
  };
  const smallest = place === "Node" ? start : await shrunk(start, differ);
  const { is, inNode = is } = differing(await everywhere(two, [smallest]), 0);
  const first = [...is].findIndex((character, at) => character !== inNode[at]);
  const around = (text) => text.slice(Math.max(0, first - 300), first + 100);
  const told = { case: JSON.stringify(smallest), [place]: around(is), Node: around(inNode) };
  const lines = Object.entries(told).map(([name, value]) => `${name.padEnd(10)}${value}`);
  assert.fail(`SEED=${seed}\n  ${lines.join("\n  ")}`);
}
