// GrowthBook's edge app as its documentation sets it up. The payload is read once, not from KV for every request.

import { handleRequest } from "@growthbook/edge-cloudflare";

let payload;

export default {
  fetch(request, { ORIGIN, PAYLOAD }) {
    payload ??= JSON.parse(PAYLOAD);
    const env = {
      PROXY_TARGET: ORIGIN,
      GROWTHBOOK_API_HOST: "https://cdn.growthbook.io",
      GROWTHBOOK_CLIENT_KEY: "sdk-bench",
      RUN_VISUAL_EDITOR_EXPERIMENTS: "edge",
    };
    return handleRequest(request, env, { payload });
  },
};
