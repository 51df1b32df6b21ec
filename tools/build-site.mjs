// Puts together what the Worker serves: the pages of www/, the compiled bundle, and the browser's part of the package.
// Twice: as the Worker serves it, and as a host without a Worker would. What the items of www/ are like is worked out before.

import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { drawings, items, sitePages } from "./site-pages.mjs";
import { npy, textVectors } from "./text-vectors.mjs";

const SOURCE = "www";
const SITE = "worker/site";
const STATIC_SITE = "target/static-site";
/** How many numbers say what an item is like. */
const DIMENSIONS = 16;

writeFileSync(join(SOURCE, "items.npy"), npy(textVectors(items().map(textOf), DIMENSIONS)));
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
  for (const { path, html } of sitePages()) {
    mkdirSync(join(site, path), { recursive: true });
    writeFileSync(join(site, path, "index.html"), html);
  }
  for (const { name, svg } of drawings()) writeFileSync(join(site, "images", name), svg);
  for (const file of globSync("pkg/{hold.css,dist/{slotwise.js,chunk-*.js,{runtime,profile,rank}.wasm}}")) {
    cpSync(file, join(site, "_slotwise", basename(file)));
  }
  const output = join(site, "bundle.slotwise");
  execFileSync("target/release/slotwise", ["build", join(SOURCE, "bundle.json"), "-o", output], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** What is said of an item; its name and its category twice, since they say most. */
function textOf({ name, category, origin, notes, lead }) {
  return [name, name, category, category, origin, notes, lead].join(" ");
}
