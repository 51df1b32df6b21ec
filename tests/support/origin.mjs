// An origin that misbehaves on command: a server whose answers each test sets, and which remembers what it was asked.

import { once } from "node:events";
import { createServer } from "node:http";

/** Bytes of headers that the origin takes: more than workerd does, so that the Worker is tested and not the origin. */
const MOST_HEADERS = 1024 * 1024;

/**
 * Starts an origin. `answers` has, by path, a function `(request, response)` that answers; `asked` lists the requests, each as
 * `{ method, url, headers, body }`. What has no answer gets 404.
 */
export async function startOrigin() {
  const answers = new Map();
  const asked = [];
  const server = createServer({ maxHeaderSize: MOST_HEADERS }, async (request, response) => {
    const { pathname } = new URL(request.url, "http://origin");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    const answer = answers.get(pathname);
    if (answer === undefined) response.writeHead(404, { "content-type": "text/plain" }).end("not here");
    else await answer(request, response);
  });
  // The WebSocket handshake (RFC 6455), and one text frame that says hello.
  server.on("upgrade", async (request, socket) => {
    const { createHash } = await import("node:crypto");
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join("\r\n")}\r\n\r\n`);
    socket.write(Buffer.concat([Buffer.from([0x81, 5]), Buffer.from("hello")]));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    answers,
    asked,
    /** The last request for a path. */
    lastAsked: (path) => asked.findLast(({ url }) => new URL(url, "http://origin").pathname === path),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer with a body and headers, by default a page. */
export function send(body, headers = {}, status = 200) {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers });
    response.end(body);
  };
}
