/**
 * Tells when a single-page application has gone from one URL to another; another fragment is the same page. `settled` resolves once
 * the application has finished going there, as far as it says so.
 */
export function followNavigation(from: string, gone: (settled: Promise<void>) => void, signal: AbortSignal): void {
  let there = pageOf(from);
  const look = (settled: Promise<void>) => {
    const here = pageOf(location.href);
    if (here === there) return;
    there = here;
    gone(settled);
  };
  // It may have gone somewhere before this was loaded.
  look(Promise.resolve());
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

function pageOf(url: string): string {
  return url.split("#", 1)[0] as string;
}
