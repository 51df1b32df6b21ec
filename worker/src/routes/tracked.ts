import type { TrackedEvent } from "slotwise/profile";
import { problem } from "../problem.ts";
import { isObject } from "./body.ts";

const MOST_EVENTS = 100;

const TEXTS = ["name", "item", "category", "id"];
const NUMBERS = ["value", "time"];
const MEMBERS = [...TEXTS, ...NUMBERS];

/** What is wrong with an event, and where: a JSON pointer. */
interface Mistake {
  pointer: string;
  message: string;
}

/** The events that were sent; a problem when anything is wrong with any of them. */
export function eventsIn(json: unknown): TrackedEvent[] | Response {
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
