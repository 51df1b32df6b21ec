// Passes the page through an HTMLRewriter whose one handler does nothing.

export default {
  async fetch(request, { ORIGIN }) {
    const page = await fetch(new Request(ORIGIN + new URL(request.url).pathname, request));
    return new HTMLRewriter().on("body", { element() {} }).transform(page);
  },
};
