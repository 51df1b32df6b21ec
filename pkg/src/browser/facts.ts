import type { Context } from "../types.js";

/** Holds context that the page itself supplies, as JSON. */
const CONTEXT = "slotwise-context";

/** What the page knows without asking anyone. */
export function facts(): NonNullable<Context["request"]> {
  const { userAgent, language } = navigator;
  return { url: location.href, referrer: document.referrer, userAgent, language };
}

/** Context that the page supplies in a script element. */
export function suppliedContext(): Pick<Context, "attributes" | "consent"> {
  const text = document.getElementById(CONTEXT)?.textContent;
  if (!text) return {};
  try {
    const { attributes, consent } = JSON.parse(text);
    return { ...(isObject(attributes) && { attributes }), ...(isObject(consent) && { consent }) } as ReturnType<
      typeof suppliedContext
    >;
  } catch (thrown) {
    console.warn(`slotwise: #${CONTEXT} is not JSON and is left out:`, thrown);
    return {};
  }
}

/** Attributes over other attributes: members of plain objects are taken one by one. */
export function merged(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const both = { ...under, ...over };
  for (const [name, value] of Object.entries(over)) {
    const other = Object.hasOwn(under, name) ? under[name] : undefined;
    if (isObject(value) && isObject(other)) both[name] = merged(other, value);
  }
  return both;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
