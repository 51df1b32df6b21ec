/** The Cloudflare Worker: name it as `main` in `wrangler.toml`, or hand requests to it. Its variables are in docs/deploy.md. */
declare const worker: {
  fetch(
    request: Request,
    env: Record<string, unknown>,
    context: { waitUntil(promise: Promise<unknown>): void; passThroughOnException(): void },
  ): Promise<Response>;
};
export default worker;
