// Stands in for KV: one published bundle and the pointer to it, as our Worker keeps them.

export default {
  fetch(request, { POINTER, FILE }) {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (key === "live") return new Response(POINTER);
    return key.startsWith("bundle/") ? new Response(FILE) : new Response("", { status: 404 });
  },
};
