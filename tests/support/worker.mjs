// Starts the real Worker in workerd, offline, on a port of its own.

import { unstable_startWorker } from "wrangler";

/**
 * The Worker as `wrangler.toml` has it, or with other settings.
 *
 *   const worker = await startWorker({ config: "target/…/wrangler.toml" });
 *   await worker.fetch("/");        // a Response; redirects are not followed
 *   await worker.url                // where a browser finds it
 *   await worker.dispose();
 */
export async function startWorker({ config = "wrangler.toml" } = {}) {
  const worker = await unstable_startWorker({
    config,
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      watch: false,
      logLevel: "none",
      persist: false,
    },
  });
  await worker.ready;
  const url = await worker.url;
  return {
    url,
    fetch: (path, options) => worker.fetch(new URL(path, url).href, { redirect: "manual", ...options }),
    dispose: () => worker.dispose(),
  };
}
