// The origin: a process of its own that sends the same page to everybody; under /trickle in pieces, over two seconds. It prints its port.

import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { makePage } from "./page.mjs";

const PAGE = Buffer.from(makePage());
const PIECES = 20;
const TRICKLE = 2000;

const HEADERS = { "content-type": "text/html; charset=utf-8", "cache-control": "private, no-cache" };

const server = createServer(async (request, response) => {
  if (!request.url.startsWith("/trickle")) {
    response.writeHead(200, { ...HEADERS, "content-length": PAGE.length }).end(PAGE);
    return;
  }
  response.writeHead(200, HEADERS);
  const length = Math.ceil(PAGE.length / PIECES);
  for (let at = 0; at < PAGE.length; at += length) {
    if (at > 0) await wait(TRICKLE / PIECES);
    response.write(PAGE.subarray(at, at + length));
  }
  response.end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
console.log(server.address().port);
