// Puts together what the Worker serves: the pages of www/, the compiled bundle, and the browser's part of the package.
// Twice: as the Worker serves it, and as a host without a Worker would. What the shop's rows are ranked with is learned before.

import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { demoLog } from "./demo-log.mjs";
import { drawings, sitePages } from "./site-pages.mjs";

const SOURCE = "www";
const SITE = "worker/site";
const STATIC_SITE = "target/static-site";
const LOG = "target/demo-log.jsonl";
const COMMAND = "target/release/slotwise";

train();
assemble(SITE);
assemble(STATIC_SITE);

// A page on a static host has three more lines: what the Worker does, the page has to do. The persona comes first, because the
// page's scripts run in their order.
for (const page of globSync(`${STATIC_SITE}/**/*.html`)) {
  const hold = '<link rel="stylesheet" href="/_slotwise/hold.css" />';
  const persona = '<script type="module" src="/demo/context.js"></script>';
  const tag = '<script type="module" src="/_slotwise/slotwise.js" data-bundle="/bundle.slotwise"></script>';
  const html = readFileSync(page, "utf8")
    .replace("</head>", `  ${hold}\n    ${persona}\n  </head>`)
    .replace("</body>", `  ${tag}\n  </body>`);
  writeFileSync(page, html);
}

function assemble(site) {
  rmSync(site, { recursive: true, force: true });
  mkdirSync(join(site, "_slotwise"), { recursive: true });
  cpSync(join(SOURCE, "public"), site, { recursive: true });
  for (const { file, html } of sitePages()) {
    mkdirSync(dirname(join(site, file)), { recursive: true });
    writeFileSync(join(site, file), html);
  }
  for (const { name, svg } of drawings()) writeFileSync(join(site, "images", name), svg);
  for (const file of globSync("pkg/{hold.css,dist/{slotwise.js,chunk-*.js,{runtime,profile,rank}.wasm}}")) {
    cpSync(file, join(site, "_slotwise", basename(file)));
  }
  const output = join(site, "bundle.slotwise");
  slotwise("build", join(SOURCE, "bundle.json"), "-o", output);
}

/** Learns what the shop ranks with. */
function train() {
  writeFileSync(LOG, demoLog());
  const said = ["name", "category", "origin", "notes", "lead"].join(",");
  const log = ["--events", LOG, "--items", join(SOURCE, "items.jsonl"), "--text", said, "--by", "geo.country"];
  slotwise("train", ...log, "--parameters", join(SOURCE, "learning.json"), "-o", join(SOURCE, "model"));
}

/** What it prints of its own accord is of no interest here; what goes wrong is. */
function slotwise(...words) {
  const { status, stderr } = spawnSync(COMMAND, words, { encoding: "utf8" });
  if (status === 0) return;
  process.stderr.write(stderr);
  throw new Error(`slotwise ${words[0]} ended with ${status}`);
}
