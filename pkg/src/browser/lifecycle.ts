/** Whether a page is being rendered for somebody who may never open it. */
export function isPrerendered(): boolean {
  return (document as { prerendering?: boolean }).prerendering === true;
}

/** Runs something once the page is really opened: at once, unless it is prerendered. */
export function whenActive(run: () => void): void {
  if (isPrerendered()) document.addEventListener("prerenderingchange", run, { once: true });
  else run();
}

/** Runs something when the page is open and loaded and has nothing else to do; not for visitors who save data. */
export function whenIdle(run: () => void): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  const wait = () => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(run, { timeout: 5000 });
    else setTimeout(run, 200);
  };
  whenActive(() => {
    if (document.readyState === "complete") wait();
    else addEventListener("load", wait, { once: true });
  });
}

/** What is told of a page that goes and comes back. */
export interface Lifecycle {
  /** The page is put into the back/forward cache, or ends. */
  leave(): void;
  /** The page comes back from the back/forward cache. */
  comeBack(): void;
  /** The page is looked at again. */
  appear(): void;
  signal: AbortSignal;
}

/** Follows a page. There is no handler of `unload` or `beforeunload`: they would keep it out of the back/forward cache. */
export function followPage({ leave, comeBack, appear, signal }: Lifecycle): void {
  addEventListener("pagehide", leave, { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && comeBack(), { signal });
  const look = () => document.visibilityState === "visible" && appear();
  document.addEventListener("visibilitychange", look, { signal });
}
