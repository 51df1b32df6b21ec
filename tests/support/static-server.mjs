// A host without a Worker: the files of a folder, and whatever a test says instead of them.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Serves a folder on a port of its own. `answers` has, by path, a function `(request, response)` that answers in place of the
 * file, and can be changed between requests; `asked` lists the paths that were asked for.
 */
export async function startStaticServer(folder) {
  const answers = new Map();
  const asked = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(pathname);
    const answer = answers.get(pathname);
    if (answer !== undefined) return answer(request, response);
    const path = join(folder, normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    const file = await readFile(path).catch(() => undefined);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    const headers = { "content-type": file === undefined ? "text/plain" : type, "cache-control": "no-store" };
    response.writeHead(file === undefined ? 404 : 200, headers);
    response.end(file);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${server.address().port}/`),
    answers,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer that is always the same. */
export function always(type, body) {
  return (_request, response) => {
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
    response.end(body);
  };
}

/** Serves the project itself, with an empty page to run its modules in. */
export async function startProjectServer() {
  const server = await startStaticServer(".");
  server.answers.set("/", always("text/html; charset=utf-8", "<!doctype html><html lang=en><title>Tests</title>"));
  return server;
}
