export { type PersonalizeOptions, personalize, type Session } from "../browser/personalize.js";
export { SlotwiseError } from "../error.js";
export type * from "../types.js";
