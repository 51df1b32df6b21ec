// Stands in for the assets. Pages come from the origin and the bundle from the store, so nothing is asked for.

export default { fetch: () => new Response("", { status: 404 }) };
