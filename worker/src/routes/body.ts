import { problem } from "../problem.ts";

/** The body of a request; a problem as soon as it is longer than `most` bytes, without reading the rest. */
export async function bodyOf(request: Request, most: number): Promise<Uint8Array | Response> {
  const tooLarge = () => problem("too-large", `At most ${most.toLocaleString("en")} bytes are taken here.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) return tooLarge();
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > most) return tooLarge();
    parts.push(part);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.byteLength;
  }
  return body;
}

/** What the body says in JSON. */
export async function jsonOf(request: Request, most: number): Promise<{ json: unknown } | Response> {
  const body = await bodyOf(request, most);
  return body instanceof Response ? body : readJson(body);
}

/** The body as a JSON object. */
export async function objectOf(request: Request, most: number): Promise<Record<string, unknown> | Response> {
  const body = await bodyOf(request, most);
  return body instanceof Response ? body : readObject(body);
}

export function readObject(body: Uint8Array): Record<string, unknown> | Response {
  const read = readJson(body);
  if (read instanceof Response) return read;
  return isObject(read.json) ? read.json : problem("bad-request", "The body should be a JSON object.");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readJson(body: Uint8Array): { json: unknown } | Response {
  try {
    return { json: JSON.parse(new TextDecoder().decode(body) || "{}") };
  } catch (thrown) {
    return problem("bad-request", `The body is not JSON: ${(thrown as Error).message}`);
  }
}
