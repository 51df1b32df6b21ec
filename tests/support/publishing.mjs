// The Worker with a store, for bundles that are published while it runs.

import assert from "node:assert/strict";
import { BUNDLE, JOE, PAGE, startEdge } from "./edge.mjs";
import { htmlOf } from "./markup.mjs";
import { send } from "./origin.mjs";

export const TOKEN = "correct horse battery staple";
export const ROUTE = "/_slotwise/bundle";

/** The bundle with another revision, which the hero shows. */
export const revision = (number) => ({
  ...BUNDLE,
  revision: number,
  slots: { ...BUNDLE.slots, hero: { default: "it", variants: { it: { html: `<h1>Revision ${number}</h1>` } } } },
});

/** Starts the Worker with a store, and what tests do with it. */
export async function startPublishing(name, { vars = {}, ...options } = {}) {
  const edge = await startEdge(name, {
    kv: true,
    vars: { BUNDLE_TOKEN: TOKEN, BUNDLE_REFRESH: 1, ...vars },
    ...options,
  });
  edge.origin.answers.set("/", send(PAGE));
  const authorised = { authorization: `Bearer ${TOKEN}` };
  return {
    ...edge,
    put: async (body, headers = authorised) => {
      const sent = body instanceof Uint8Array ? body : JSON.stringify(body);
      return edge.worker.fetch(ROUTE, { method: "PUT", body: sent, headers });
    },
    rollback: (statement, headers = {}) =>
      edge.worker.fetch(`${ROUTE}/rollback`, {
        method: "POST",
        body: JSON.stringify(statement),
        headers: { ...authorised, ...headers },
      }),
    /** What the hero of the page shows, and the header that says what became of it. */
    page: async () => {
      const answer = await edge.get("/", JOE);
      return { hero: htmlOf(await answer.text(), "hero"), outcome: answer.headers.get("x-slotwise") };
    },
  };
}

/** A problem of the Worker, with its status. */
export async function problemOf(answer) {
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const problem = await answer.json();
  assert.equal(problem.status, answer.status);
  assert.match(problem.type, /#[a-z-]+$/);
  return problem;
}
