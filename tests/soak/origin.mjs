// The origin of the soak, in a thread of its own: pages in pieces, compressed, and such as may be shared, and a file.

import { once } from "node:events";
import { createServer } from "node:http";
import { parentPort } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { ORIGINAL } from "./site.mjs";

const HTML = { "content-type": "text/html; charset=utf-8" };
const PAGE = Buffer.from(ORIGINAL);
const ZIPPED = gzipSync(PAGE);
/** Pieces end wherever they do, inside of tags and letters too. */
const PIECE = 7001;

const ANSWERS = {
  "/page": async (response) => {
    response.writeHead(200, HTML);
    for (let at = 0; at < PAGE.length; at += PIECE) {
      if (!response.write(PAGE.subarray(at, at + PIECE))) await once(response, "drain");
    }
    response.end();
  },
  "/zipped": (response) => response.writeHead(200, { ...HTML, "content-encoding": "gzip" }).end(ZIPPED),
  "/shared": (response) => response.writeHead(200, { ...HTML, "cache-control": "public, max-age=60" }).end(PAGE),
  "/file": (response) => response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(PAGE),
};

const server = createServer((request, response) => {
  const answer = ANSWERS[new URL(request.url, "http://origin").pathname];
  if (answer === undefined) response.writeHead(404).end();
  else answer(response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
parentPort.postMessage(`http://127.0.0.1:${server.address().port}`);
