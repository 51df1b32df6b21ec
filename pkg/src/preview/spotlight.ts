import { make } from "./dom.js";

/** For how long a slot is framed, in milliseconds. */
const LONG = 2500;

/** What shows a person where a slot is on the page: scrolls to it and frames it for a while. `undefined` when it is not there. */
export function spotlight(slot: string): (() => void) | undefined {
  const name = CSS.escape(slot);
  const find = () => document.querySelector(`[data-slot="${name}"],adaptive-slot[name="${name}"]`);
  if (find() === null) return undefined;
  return () => {
    const element = find();
    const root = document.querySelector("slotwise-preview")?.shadowRoot;
    if (element === null || !root) return;
    element.scrollIntoView({ block: "center" });
    const frame = make("div", { class: "spot" });
    root.append(frame);
    const end = performance.now() + LONG;
    const follow = () => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const place = { left: x - 6, top: y - 6, width: width + 12, height: height + 12 };
      for (const [side, pixels] of Object.entries(place)) frame.style.setProperty(side, `${pixels}px`);
      if (performance.now() < end && element.isConnected) requestAnimationFrame(follow);
      else frame.remove();
    };
    follow();
  };
}
