// Decisions for code: a page that goes on after the edge, an application, another server.

import type { Context, Engine } from "slotwise";
import { mayKeep } from "../../../pkg/src/visitor/consent.ts";
import { askedBy } from "../decide.ts";
import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import { cookiesFor, withoutKept } from "../visitor/visitor.ts";
import { objectOf } from "./body.ts";
import { liveFor } from "./live.ts";

const LARGEST = 64 * 1024;

/** What may be sent; see docs/deploy.md. */
const MEMBERS = new Set(["attributes", "consent", "timeZone", "url", "referrer", "force", "explain"]);

/** `POST decide`: what every slot shows to the one who asks. */
export async function postDecide(request: Request, place: Place): Promise<Response> {
  // A form of another site could send any other type without asking.
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    return problem("unsupported-type", "Send JSON, with the content type application/json.");
  }
  const sent = await objectOf(request, LARGEST);
  if (sent instanceof Response) return sent;
  const unknown = Object.keys(sent).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) {
    return problem("bad-request", `There is no member "${unknown}"; there are ${[...MEMBERS].join(", ")}.`);
  }
  const live = await liveFor(place);
  if (live instanceof Response) return live;
  const { engine } = live;
  const { visitor, context: edge } = askedBy(request, engine, place.settings);
  const context = merged(edge, sent, request);
  // Whoever takes back all consent for one question is asked to keep nothing, and loses nothing by it.
  visitor.keeps &&= agrees(context) || !agrees(edge);
  const result = engine.personalize(context);
  const { slots, exposures } = result;
  const known = {
    attributes: read(edge.attributes ?? {}, engine),
    timeZone: edge.timeZone,
    consent: edge.consent,
  };
  const answer = { id: engine.id, revision: engine.revision, slots, exposures, context: known };
  const steps = sent.explain === true ? (await engine.explain(context)).steps : undefined;
  const response = Response.json({ ...answer, steps }, { headers: { "cache-control": "private, no-store" } });
  for (const text of cookiesFor(visitor, result, result.cache, place.settings))
    response.headers.append("set-cookie", text);
  return response;
}

/** Whether the visitor has agreed to anything. */
const agrees = ({ consent = {} }: Context) => mayKeep(consent, undefined);

/**
 * What the edge knows, with what was sent over it. Consent can be taken back here, but not given; where all of it is taken back, what
 * was kept of the visitor is not looked at.
 */
function merged(edge: Context, sent: Record<string, unknown>, request: Request): Context {
  const object = (name: string) => {
    const value = sent[name];
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  };
  const text = (name: string) => (typeof sent[name] === "string" ? (sent[name] as string) : undefined);
  const left = object("consent");
  const consent = Object.fromEntries(
    Object.entries(edge.consent ?? {}).filter(([purpose]) => left === undefined || left[purpose] === true),
  );
  const known = withoutKept({ ...edge, consent });
  const timeZone = text("timeZone") ?? edge.timeZone;
  return {
    ...known,
    attributes: { ...known.attributes, ...object("attributes") },
    request: {
      ...edge.request,
      url: text("url") ?? request.headers.get("referer"),
      referrer: text("referrer") ?? null,
    },
    ...(timeZone !== undefined && { timeZone }),
    ...(object("force") && { force: object("force") as Record<string, string> }),
  };
}

/** Of the attributes, those that the bundle reads: nothing else has to leave. */
function read(attributes: Record<string, unknown>, engine: Engine): Record<string, unknown> {
  const wanted: Record<string, unknown> = {};
  for (const path of engine.inputs) copy(attributes, wanted, path.split("."));
  return wanted;
}

function copy(from: Record<string, unknown>, to: Record<string, unknown>, [name = "", ...rest]: string[]): void {
  if (!Object.hasOwn(from, name) || from[name] === undefined) return;
  const value = from[name];
  if (rest.length === 0 || typeof value !== "object" || value === null) {
    to[name] = value;
    return;
  }
  const inner = Object.hasOwn(to, name) ? to[name] : {};
  if (inner === value) return;
  to[name] = inner;
  copy(value as Record<string, unknown>, inner as Record<string, unknown>, rest);
}
