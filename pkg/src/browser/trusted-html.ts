/** As much of https://w3c.github.io/trusted-types/ as is used here. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

/** The policy that a page allows by `trusted-types slotwise`. */
const POLICY = "slotwise";

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/**
 * A bundle's HTML, in which visitors' values are escaped, as pages take it that ask for Trusted Types. It is a text for all
 * others, and where such a page allows no policy of ours: then it refuses the text, as it should.
 */
export function trustedHtml(html: string): string {
  policy ??= makePolicy();
  return policy.createHTML(html);
}

function makePolicy(): NonNullable<typeof policy> {
  const asItIs = { createHTML: (html: string) => html };
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  try {
    return trustedTypes?.createPolicy(POLICY, asItIs) ?? asItIs;
  } catch (thrown) {
    console.warn("slotwise: the content security policy should allow `trusted-types slotwise`:", thrown);
    return asItIs;
  }
}
