// The Cache API in memory, for a Worker that is started without Wrangler: what workerd asks for `match` and `put`. What is put comes as
// a whole HTTP message. The last pages alone are kept, and none expires.

const MOST_PAGES = 100;
const END_OF_HEADERS = "\r\n\r\n";

const pages = new Map();

export default {
  async fetch(request) {
    const key = `${request.headers.get("cf-cache-namespace")} ${request.url}`;
    if (request.method === "PUT") {
      pages.delete(key);
      pages.set(key, read(new Uint8Array(await request.arrayBuffer())));
      for (const oldest of pages.keys()) if (pages.size > MOST_PAGES) pages.delete(oldest);
      return new Response(null, { status: 204 });
    }
    const page = pages.get(key);
    if (page === undefined) return new Response(null, { status: 504, headers: { "cf-cache-status": "MISS" } });
    return new Response(page.body, { headers: [...page.headers, ["cf-cache-status", "HIT"]] });
  },
};

function read(message) {
  const text = new TextDecoder("latin1").decode(message);
  const end = text.indexOf(END_OF_HEADERS);
  const [, ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => line.split(/: ?(.*)/s, 2)).filter(([name]) => !/^transfer-encoding$/i.test(name));
  return { headers, body: message.slice(end + END_OF_HEADERS.length) };
}
