// Every law of text that a visitor can send, by what it is about and by what it says.

import { consent } from "./laws/consent.mjs";
import { cookies } from "./laws/cookies.mjs";
import { handoff } from "./laws/handoff.mjs";
import { preview } from "./laws/preview.mjs";
import { profile } from "./laws/profile.mjs";
import { sticky } from "./laws/sticky.mjs";
import { visitor } from "./laws/visitor.mjs";

export const LAWS = { cookies, consent, sticky, handoff, preview, profile, visitor };
