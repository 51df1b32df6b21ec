/** On a slot's element: the variant that it shows. On the root: who decided. The edge sets the first as well. */
export const MARK = "data-slotwise";
/** On a slot's element: somebody else, such as a framework's component, shows what is decided. */
export const OWNER = "data-slotwise-owner";
/** Elements that are slots. */
export const SLOTS = "[data-slot],adaptive-slot[name]";

/** The name of an element's slot, if it is one. */
export function slotOf(element: Element): string | null {
  return (
    element.getAttribute("data-slot") ?? (element.localName === "adaptive-slot" ? element.getAttribute("name") : null)
  );
}
