// Passes the page on, untouched: what any Worker in front of a site costs.

export default {
  fetch: (request, { ORIGIN }) => fetch(new Request(ORIGIN + new URL(request.url).pathname, request)),
};
