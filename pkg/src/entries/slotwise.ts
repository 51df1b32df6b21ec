// One script tag: <script type="module" src="…/slotwise.js" data-bundle="/bundle.slotwise"></script>

import { personalize } from "../browser/personalize.js";

const script = [...document.scripts].find(({ src }) => src === import.meta.url);
const bundle = script?.dataset.bundle;

/** The personalised page, for scripts that come after. */
export const session = personalize(bundle === undefined ? {} : { bundle });
