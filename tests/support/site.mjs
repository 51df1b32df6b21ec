// Serves files of the project to a browser, and nothing from outside of the folders that are named.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = ["/pkg/dist/", "/tests/support/"];
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const PAGE = "<!doctype html><html lang=en><title>Tests</title>";

/** Starts the server: an empty page at `/`, and whatever `extra` holds by its path. */
export async function serve(extra = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const [type, body] = await answerTo(pathname, extra);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, "cache-control": "no-store" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

async function answerTo(path, extra) {
  if (path === "/") return ["text/html; charset=utf-8", PAGE];
  if (Object.hasOwn(extra, path)) return ["application/octet-stream", extra[path]];
  if (!FOLDERS.some((folder) => path.startsWith(folder))) return ["text/plain", undefined];
  const body = await readFile(new URL(`.${path}`, ROOT)).catch(() => undefined);
  return [TYPES[extname(path)] ?? "application/octet-stream", body];
}
