import type { Env, Settings } from "./settings.ts";

/** What is asked of the place where the Worker runs, for one request. */
export interface Place {
  env: Env;
  settings: Settings;
  /** The address that was asked for. */
  url: URL;
  /** Lets something go on after the answer. */
  waitUntil(promise: Promise<unknown>): void;
}
