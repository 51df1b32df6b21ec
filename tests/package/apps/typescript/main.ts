import { type Context, type Engine, load, type Result } from "slotwise";

const visitor: Context = {
  attributes: { id: "ewa", geo: { city: "Kraków" } },
  consent: { personalization: true },
};
const engine: Engine = await load(new URL("../public/bundle.slotwise", import.meta.url));
const { slots }: Result = engine.personalize(visitor);
console.log(JSON.stringify(slots));
