// One script tag: <script type="module" src="…/slotwise.js" data-bundle="/bundle.slotwise"></script>

import { personalize } from "../browser/personalize.js";
import type { PersonalizeOptions } from "../browser/session.js";

const script = [...document.scripts].find(({ src }) => src === import.meta.url);
const { bundle, deadline, consentCookie, gpc, cookieDomain } = script?.dataset ?? {};

const options: PersonalizeOptions = {
  ...(bundle !== undefined && { bundle }),
  ...(Number.isFinite(Number(deadline ?? Number.NaN)) && { deadline: Number(deadline) }),
  ...(consentCookie !== undefined && { consentCookie }),
  ...(gpc === "ignore" && { gpc }),
  ...(cookieDomain !== undefined && { cookieDomain }),
};

/** The personalised page, for scripts that come after. */
export const session = personalize(options);
