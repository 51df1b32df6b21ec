/** Dispatches an event on a slot's element, also heard outside of the shadow root that it may be in. */
export function dispatch(element: Element, type: string, detail: object): void {
  element.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
}

/** Calls listeners. What one of them throws is reported as if nobody had caught it, and disturbs nobody else. */
export function tell<Event>(listeners: Iterable<(event: Event) => void>, event: Event): void {
  for (const listener of [...listeners]) {
    try {
      listener(event);
    } catch (thrown) {
      if (typeof reportError === "function") reportError(thrown);
      else console.error(thrown);
    }
  }
}
