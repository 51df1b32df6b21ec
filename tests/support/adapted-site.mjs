// A small site in front of which something like the edge may stand: it decides with the package, marks slots, hands over, and answers
// the routes that a page asks. It stands in for the Worker where a test is about the page.

import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { load } from "../../pkg/dist/index.node.js";
import { writeHandoff } from "../../pkg/src/handoff/handoff.ts";
import { cookie, ID_COOKIE } from "../../pkg/src/visitor/cookies.ts";
import { compiled } from "./bundles.mjs";
import { always, startStaticServer } from "./static-server.mjs";

const TYPES = { js: "text/javascript", wasm: "application/wasm", css: "text/css" };
/** What a careful site sends. */
const CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * Starts a site that shows a bundle.
 *
 *   const site = await startAdaptedSite(bundle);
 *   site.page("/", slots => body, options)      // body: HTML, made of what is decided (edge) or of nothing (page)
 *   site.script("/app.js", "…")                 // for pages' own code: inline scripts are forbidden
 *   site.url, site.asked, site.answers, site.close()
 *   site.knows                                  // attributes that only the edge knows
 *   site.decisions                              // bodies of POST decide, in order
 */
export async function startAdaptedSite(bundle) {
  const bytes = await compiled({ revision: 7, ...bundle });
  const engine = await load(bytes);
  const server = await startStaticServer("tests/support/none");
  for (const path of globSync("pkg/{hold.css,dist/*.{js,wasm}}")) {
    const file = readFileSync(path);
    server.answers.set(`/_slotwise/${basename(path)}`, always(TYPES[path.split(".").at(-1)], file));
  }
  server.answers.set("/bundle.slotwise", always("application/octet-stream", bytes));
  server.answers.set("/_slotwise/bundle", always("application/octet-stream", bytes));
  server.answers.set("/icon.svg", always("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'));
  const site = { ...server, bundle: bytes, knows: {}, decisions: [] };

  const decide = ({ url, cookies, ...more }) => {
    const id = cookie(cookies, ID_COOKIE);
    const attributes = { ...site.knows, ...(id && { id }), ...more.attributes };
    const consent = more.consent ?? (/slotwise_consent=personalization/.test(cookies) ? { personalization: true } : {});
    const result = engine.personalize({ timeZone: 0, ...more, attributes, consent, request: { url } });
    return { result, context: { attributes: { ...site.knows, ...(id && { id }) }, timeZone: 0 } };
  };

  site.page = (path, body, { edge = false, head = "", tag = "", now, hold = true } = {}) => {
    server.answers.set(path, (request, response) => {
      const url = new URL(request.url, server.url).href;
      // On a busy machine a page takes longer than the second after which it would keep its default.
      const patient = tag.includes("data-deadline") ? tag : `data-deadline="60000" ${tag}`;
      const cookies = request.headers.cookie ?? "";
      const { result } = edge ? decide({ url, cookies, now }) : {};
      const script = edge
        ? `<script type="application/json" id="slotwise-state">${handoffOf(engine, result)}</script>
           <script type="module" src="/_slotwise/slotwise.js" ${tag}></script>`
        : `<script type="module" src="/_slotwise/slotwise.js" data-bundle="/bundle.slotwise" ${patient}></script>`;
      const sheet = edge || !hold ? "" : '<link rel="stylesheet" href="/_slotwise/hold.css">';
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP });
      response.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${path}</title>
        <link rel="icon" href="/icon.svg">${sheet}${head}</head><body>${body(result?.slots)}${script}</body></html>`);
    });
  };
  site.script = (path, code) => server.answers.set(path, always("text/javascript", code));
  server.answers.set("/_slotwise/decide", async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const { url, explain, ...more } = JSON.parse(text);
    site.decisions.push(JSON.parse(text));
    const known = { url, cookies: request.headers.cookie ?? "", ...more };
    const { result, context } = decide(known);
    const steps = explain && (await engine.explain({ ...context, ...more, request: { url } })).steps;
    const { slots, exposures } = result.toJSON();
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify({ id: engine.id, revision: engine.revision, slots, exposures, context, steps }));
  });
  return site;
}

function handoffOf({ id, revision }, { slots, exposures }) {
  return writeHandoff({ id, revision, slots, exposures });
}

/** A slot's element, as the page has it, or as the edge sends it when something is decided. */
export function slot(name, shown, original = "", attributes = "") {
  const mark = shown?.[name] === undefined ? "" : `data-slotwise="${shown[name].variant}"`;
  return `<section data-slot="${name}" ${mark} ${attributes}>${shown?.[name]?.content.html ?? original}</section>`;
}
