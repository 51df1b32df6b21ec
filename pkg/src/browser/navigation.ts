/**
 * Tells when a single-page application has gone to another URL; another fragment is the same page. `settled` resolves once
 * the application has finished going there, as far as it says so.
 */
export function followNavigation(gone: (settled: Promise<void>) => void, signal: AbortSignal): void {
  let there = pageUrl();
  const look = (settled: Promise<void>) => {
    const here = pageUrl();
    if (here === there) return;
    there = here;
    gone(settled);
  };
  if (typeof navigation === "object" && navigation !== null) {
    const changed = () => look(finished(navigation.transition));
    navigation.addEventListener("currententrychange", changed, { signal });
  } else {
    followHistory(() => look(Promise.resolve()), signal);
  }
}

function finished(transition: NavigationTransition | null): Promise<void> {
  return transition === null
    ? Promise.resolve()
    : transition.finished.then(
        () => {},
        () => {},
      );
}

/** Where there is no Navigation API, nothing tells of `pushState` and `replaceState`: they are wrapped. */
function followHistory(look: () => void, signal: AbortSignal): void {
  addEventListener("popstate", look, { signal });
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    const wrapped: History["pushState"] = function (this: History, ...args) {
      original.apply(this, args);
      look();
    };
    history[name] = wrapped;
    signal.addEventListener("abort", () => {
      if (history[name] === wrapped) history[name] = original;
    });
  }
}

function pageUrl(): string {
  return location.href.split("#", 1)[0] as string;
}
