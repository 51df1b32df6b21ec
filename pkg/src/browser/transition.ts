/**
 * Makes a change of the page inside a view transition, unless the browser has none, one is running (it would be cut short), the reader
 * wants less motion, or nobody looks. Resolves once the change is made.
 */
export async function inTransition(change: () => void): Promise<void> {
  if (!isWelcome()) {
    change();
    return;
  }
  const transition = document.startViewTransition(change);
  for (const promise of [transition.ready, transition.finished]) promise.catch(() => {});
  await transition.updateCallbackDone;
}

function isWelcome(): boolean {
  return (
    typeof document.startViewTransition === "function" &&
    document.visibilityState === "visible" &&
    !isRunning() &&
    !matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}

function isRunning(): boolean {
  if ("activeViewTransition" in document) return document.activeViewTransition !== null;
  try {
    return (document as Document).documentElement.matches(":active-view-transition");
  } catch {
    return false;
  }
}
