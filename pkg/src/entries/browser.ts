export { registerSlot } from "../browser/page.js";
export { personalize } from "../browser/personalize.js";
export type {
  ContextUpdate,
  PersonalizeOptions,
  SeenExposure,
  Session,
  SessionEvents,
  SessionExplanation,
  SlotChange,
} from "../browser/session.js";
export { SlotwiseError } from "../error.js";
export type * from "../types.js";
