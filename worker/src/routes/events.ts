// What the visitor did, from pages and applications that do not keep a profile themselves.

import type { TrackedEvent } from "slotwise/profile";
import { profiles } from "slotwise/profile";
import { cookieText, KEPT_FOR } from "../../../pkg/src/visitor/cookies.ts";
import { PROFILE_COOKIE, writeProfile } from "../../../pkg/src/visitor/profile.ts";
import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import { keptProfile, type NotKept } from "../visitor/kept-profile.ts";
import { isObject } from "./body.ts";
import { liveFor } from "./live.ts";
import { saidBy } from "./said.ts";

/** As much as `navigator.sendBeacon` takes. */
const LARGEST = 64 * 1024;
const MOST_EVENTS = 100;

const TEXTS = ["name", "item", "category", "id"];
const NUMBERS = ["value", "time"];
const MEMBERS = [...TEXTS, ...NUMBERS];

/** What is wrong with an event, and where: a JSON pointer. */
interface Mistake {
  pointer: string;
  message: string;
}

/** `POST events`: adds one event, or a list of them, to the visitor's profile. */
export async function postEvents(request: Request, place: Place): Promise<Response> {
  const said = await saidBy(request, place, LARGEST);
  if (said instanceof Response) return said;
  const events = eventsIn(said.json);
  if (events instanceof Response) return events;
  const live = await liveFor(place);
  if (live instanceof Response) return live;
  const { bytes, notKept } = keptProfile(request, live.engine, place.settings);
  if (notKept !== undefined) return kept(0, notKept);
  const opened = await profiles();
  const profile = opened.open(bytes);
  try {
    const now = Date.now();
    const added = events.filter((event) => profile.track(event, now)).length;
    const response = kept(added);
    if (added > 0) {
      const scope = { maxAge: KEPT_FOR, domain: place.settings.cookieDomain };
      response.headers.append("set-cookie", cookieText(PROFILE_COOKIE, writeProfile(profile.toBytes()), scope));
    }
    return response;
  } finally {
    profile.free();
  }
}

function kept(count: number, reason?: NotKept): Response {
  return Response.json({ kept: count, reason }, { headers: { "cache-control": "no-store" } });
}

/** The events that were sent, when nothing is wrong with any of them. */
function eventsIn(json: unknown): TrackedEvent[] | Response {
  const events = Array.isArray(json) ? json : [json];
  if (events.length > MOST_EVENTS) {
    return problem("bad-request", `At most ${MOST_EVENTS} events are taken at once; these are ${events.length}.`);
  }
  const problems = events.flatMap((event, place) => mistakesOf(event, Array.isArray(json) ? `/${place}` : ""));
  if (problems.length === 0) return events;
  const count = `${problems.length} mistake${problems.length === 1 ? "" : "s"}`;
  return problem("bad-request", `Nothing was kept: there ${problems.length === 1 ? "is" : "are"} ${count}.`, {
    problems,
  });
}

function mistakesOf(event: unknown, pointer: string): Mistake[] {
  if (!isObject(event)) return [{ pointer, message: 'an event is an object, such as {"name": "view_item"}' }];
  const mistakes = Object.keys(event).flatMap((member) => {
    const message = mistakeIn(member, event[member]);
    return message === undefined ? [] : [{ pointer: `${pointer}/${escaped(member)}`, message }];
  });
  const isUnnamed = !Object.hasOwn(event, "name");
  return isUnnamed ? [{ pointer, message: "the name of the event is missing" }, ...mistakes] : mistakes;
}

function mistakeIn(member: string, value: unknown): string | undefined {
  if (!MEMBERS.includes(member)) return `there is no such member; there are ${MEMBERS.join(", ")}`;
  if (NUMBERS.includes(member)) return typeof value === "number" ? undefined : "should be a number";
  return typeof value === "string" && value !== "" ? undefined : "should be a text, and not empty";
}

/** A name within a JSON pointer. */
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
