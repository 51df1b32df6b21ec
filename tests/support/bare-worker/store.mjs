// KV in memory, for a Worker that is started without Wrangler: what workerd asks for a namespace.

const values = new Map();

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (request.method === "PUT") {
      values.set(pathname, await request.arrayBuffer());
      return new Response();
    }
    return values.has(pathname) ? new Response(values.get(pathname)) : new Response("not here", { status: 404 });
  },
};
