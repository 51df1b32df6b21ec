// The assets of a Worker that is started without Wrangler: the one file that the Worker itself asks for.

export default {
  fetch(request, { FILE }) {
    const isBundle = new URL(request.url).pathname === "/bundle.slotwise";
    return isBundle ? new Response(FILE) : new Response("not here", { status: 404 });
  },
};
