// Shows Slotwise at work: `make demo`, or tools/with-env.sh node tools/demo.mjs [--print]
//
// Prints for three visitors what each slot of the page in www/ shows and why, as the npm package decides it in Node.
// Then serves the page itself, adapted by the Worker, until Ctrl-C; with --print it stops before that.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { freePort, startDevServer } from "./dev-server.mjs";
import { addressOf, VISITORS } from "./visitors.mjs";

const PACKAGE = new URL("../pkg/dist/index.node.js", import.meta.url);
const BUNDLE = new URL("../worker/site/bundle.slotwise", import.meta.url);
const USUAL_PORT = 8787;
/** Steps that only announce another, which says how it came out. */
const OPENINGS = ["segment", "experiment"];
/** Tests inside a segment are left out: whether the visitor is in it says enough. */
const OUTERMOST = 0;

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const style = (code) => (text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = style(1);
const dim = style(2);
const green = style(32);

async function open() {
  try {
    const { load } = await import(PACKAGE);
    return await load(await readFile(BUNDLE));
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(`this needs what \`make build\` makes: ${error.message}`);
  }
}

async function describe(engine, { name, context }) {
  const { result, steps } = await engine.explain(context);
  const lines = [bold(name)];
  for (const [slot, { variant, content, items }] of Object.entries(result.slots)) {
    const words = items === undefined ? inWords(content) : items.map(({ id }) => id).join(" ");
    lines.push(`  ${slot.padEnd(10)}${green(variant)}: ${words}`);
    const why = steps[slot].filter(({ step, depth }) => !OPENINGS.includes(step) && (depth ?? OUTERMOST) === OUTERMOST);
    for (const { text } of why) lines.push(dim(`${" ".repeat(12)}${text}`));
  }
  return lines.join("\n");
}

/** What a visitor would see of a content, in one line. */
function inWords({ html, patches = [], value }) {
  const texts =
    html === undefined ? patches.filter((patch) => patch.op === "text").map((patch) => patch.value) : [html];
  const words = texts.flatMap((text) => text.split(/<[^>]*>/)).filter((text) => text.trim() !== "");
  if (value !== undefined) words.push(JSON.stringify(value));
  return words.join(" / ") || "the page as it is";
}

async function serve() {
  const quit = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => quit.abort());
  const port = await freePort(USUAL_PORT);
  console.log(`\nStarting the Worker on port ${port} …`);
  const server = await startDevServer(port, quit.signal);
  if (!quit.signal.aborted) {
    console.log(`\n${bold(server.address)}  the page, as it is for you`);
    for (const visitor of VISITORS) console.log(`\n${visitor.name}\n  ${addressOf(visitor, server.address)}`);
    console.log(`\n${dim("Ctrl-C ends it.")}`);
    await Promise.race([server.exited, once(quit.signal, "abort")]);
  }
  await server.stop();
  if (!quit.signal.aborted) throw new Error(`the Worker's server has ended. It said:\n${server.output()}`);
}

try {
  const engine = await open();
  console.log(`Bundle "${engine.id}", revision ${engine.revision}: what three visitors see, and why`);
  for (const visitor of VISITORS) console.log(`\n${await describe(engine, visitor)}`);
  if (!process.argv.includes("--print")) await serve();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
