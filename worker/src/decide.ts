import type { Cache, Context, Engine, Result } from "slotwise";
import { readForce } from "../../pkg/src/preview/force.ts";
import type { Place } from "./place.ts";
import type { Settings } from "./settings.ts";
import { assume, personaOf } from "./visitor/persona.ts";
import { contextOf, type Visitor, visitorOf, withoutKept } from "./visitor/visitor.ts";

/** What was decided for one request, and from what. */
export interface Decided {
  engine: Engine;
  visitor: Visitor;
  context: Context;
  result: Result;
  /** For how long and for whom the result holds, which takes some time to work out. */
  cache: Cache;
}

/** Decides what a page shows to the visitor who asks for it. */
export function decideFor(request: Request, engine: Engine, { settings, url }: Place): Decided {
  const { visitor, context } = askedBy(request, engine, settings);
  if (url.search !== "") context.force = readForce(url.searchParams.get("slotwise") ?? "");
  const result = engine.personalize(context);
  return { engine, visitor, context, result, cache: result.cache };
}

/** Who asks, and what is known for a decision. */
export function askedBy(request: Request, engine: Engine, settings: Settings): { visitor: Visitor; context: Context } {
  const visitor = visitorOf(request, settings, engine);
  const context = contextOf(request, visitor);
  const persona = settings.personas ? personaOf(request) : undefined;
  if (persona !== undefined) {
    assume(context, persona);
    // A persona leaves nothing behind.
    visitor.keeps = false;
  }
  return { visitor, context: withoutKept(context) };
}
