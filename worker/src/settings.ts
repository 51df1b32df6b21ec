import { type Consent, readConsent } from "../../pkg/src/visitor/consent.ts";
import { CONSENT_COOKIE, ID_COOKIE } from "../../pkg/src/visitor/cookies.ts";

/** Variables, secrets and bindings, as `wrangler.toml` names them. All but ASSETS may be missing. */
export interface Env {
  ASSETS: Fetcher;
  BUNDLES?: KVNamespace;
  PUBLISH_LIMIT?: RateLimit;
  ORIGIN?: string;
  PREFIX?: string;
  BUNDLE_TOKEN?: string;
  BUNDLE_PUBLIC_KEY?: string;
  BUNDLE_REFRESH?: string;
  DEADLINE?: string;
  CONSENT_COOKIE?: string;
  CONSENT_HEADER?: string;
  CONSENT_DEFAULT?: string;
  GPC?: string;
  ID_COOKIE?: string;
  COOKIE_DOMAIN?: string;
  PAGE_CACHE?: string;
  LOG_SAMPLE?: string;
  PERSONAS?: string;
}

/** What the variables mean; docs/deploy.md explains each. */
export interface Settings {
  /** Where pages come from; the bundled assets when there is none. */
  origin: URL | undefined;
  /** Under which path the Worker's own routes are, with slashes around it. */
  prefix: string;
  token: string | undefined;
  publicKey: string | undefined;
  /** Seconds for which an isolate does not ask whether there is a newer bundle. */
  refresh: number;
  /** Milliseconds that a page waits for the bundle at most. */
  deadline: number;
  consentCookie: string;
  consentHeader: string | undefined;
  assumed: Consent;
  heedsGpc: boolean;
  idCookie: string;
  cookieDomain: string | undefined;
  /** Whether adapted pages may be kept at the edge, by what they show. */
  pageCache: boolean;
  /** The share of pages that are logged. */
  logSample: number;
  /** Whether visitors may be somebody else: for demonstrations. */
  personas: boolean;
  /** What is wrong with the variables. A variable that is wrong counts as missing. */
  mistakes: string[];
}

const known = new WeakMap<Env, Settings>();

/** The settings of a Worker; read once for each isolate. */
export function settingsOf(env: Env): Settings {
  let settings = known.get(env);
  if (settings === undefined) {
    settings = read(env);
    known.set(env, settings);
    for (const mistake of settings.mistakes) console.error(JSON.stringify({ message: "slotwise: setting", mistake }));
  }
  return settings;
}

function read(env: Env): Settings {
  const mistakes: string[] = [];
  /** The value that a reader makes of a variable; the default when it is missing or makes no sense. */
  const value = <T>(name: keyof Env, fallback: T, wanted: string, reader: (text: string) => T | undefined): T => {
    const text = env[name];
    if (typeof text !== "string" || text === "") return fallback;
    const found = reader(text);
    if (found === undefined) mistakes.push(`${name} is "${text}", but should be ${wanted}`);
    return found ?? fallback;
  };
  const text = (name: keyof Env) => value<string | undefined>(name, undefined, "text", (given) => given);
  const number = (name: keyof Env, fallback: number, least: number, most: number) =>
    value(name, fallback, `a number from ${least} to ${most}`, (given) => {
      const found = Number(given);
      return found >= least && found <= most ? found : undefined;
    });
  const choice = (name: keyof Env, fallback: boolean, yes: string, no: string) =>
    value(name, fallback, `"${yes}" or "${no}"`, (given) => (given === yes ? true : given === no ? false : undefined));
  const cookieName = (name: keyof Env, fallback: string) =>
    value(name, fallback, "the name of a cookie", (given) => (/^[\w!#$%&'*+.^`|~-]+$/.test(given) ? given : undefined));
  return {
    origin: value<URL | undefined>("ORIGIN", undefined, "an address such as https://www.example.com", address),
    prefix: value("PREFIX", "/_slotwise/", "a path such as /_slotwise/", (given) =>
      /^\/(?:[\w.~-]+\/)+$/.test(given) ? given : undefined,
    ),
    token: text("BUNDLE_TOKEN"),
    publicKey: text("BUNDLE_PUBLIC_KEY"),
    refresh: number("BUNDLE_REFRESH", 15, 1, 3600),
    deadline: number("DEADLINE", 100, 0, 10_000),
    consentCookie: cookieName("CONSENT_COOKIE", CONSENT_COOKIE),
    consentHeader: value<string | undefined>("CONSENT_HEADER", undefined, "the name of a header", (given) =>
      /^[\w-]+$/.test(given) ? given : undefined,
    ),
    assumed: value("CONSENT_DEFAULT", {}, "purposes such as personalization.analytics", readConsent),
    heedsGpc: choice("GPC", true, "refuse", "ignore"),
    idCookie: cookieName("ID_COOKIE", ID_COOKIE),
    cookieDomain: value<string | undefined>("COOKIE_DOMAIN", undefined, "a domain such as example.com", (given) =>
      /^\.?[\w-]+(?:\.[\w-]+)+$/.test(given) ? given : undefined,
    ),
    pageCache: choice("PAGE_CACHE", true, "on", "off"),
    logSample: number("LOG_SAMPLE", 0, 0, 1),
    personas: choice("PERSONAS", false, "on", "off"),
    mistakes,
  };
}

function address(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}
