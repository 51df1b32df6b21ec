import { type Consent, consentOf } from "../visitor/consent.js";
import { CONSENT_COOKIE, cookie, cookieText, ID_COOKIE, isId, KEPT_FOR, STICKY_COOKIE } from "../visitor/cookies.js";
import { PROFILE_COOKIE, readProfile, writeProfile } from "../visitor/profile.js";
import { addSticky, readSticky } from "../visitor/sticky.js";
import { suppliedContext } from "./facts.js";
import type { Page } from "./page.js";

/** The visitor, as the page may know him: what he consents to, and what is kept of him with that. */
export class Visitor {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What counts by now. `assumed` is what the edge lets count until the visitor has answered. */
  consent(assumed: Consent = {}): Record<string, boolean> {
    const told = this.#page.options.consent ?? suppliedContext().consent;
    const answered = this.#answered(assumed);
    return { ...(isRefusing() && this.#heedsGpc ? {} : (told ?? answered)) };
  }

  /** What the visitor has answered the site, or their browser has for them: what the edge hears of it as well. */
  get answer(): Consent | undefined {
    const unanswered: Consent = {};
    const answered = this.#answered(unanswered);
    return answered === unanswered ? undefined : answered;
  }

  #answered(assumed: Consent): Consent {
    const { consentCookie = CONSENT_COOKIE } = this.#page.options;
    return consentOf(cookie(document.cookie, consentCookie), isRefusing(), { assumed, heedsGpc: this.#heedsGpc });
  }

  get #heedsGpc(): boolean {
    return this.#page.options.gpc !== "ignore";
  }

  /** Whether nobody has answered in this page's hearing, so that what the edge lets count counts. */
  get isOpen(): boolean {
    return this.consent({ unanswered: true }).unanswered === true;
  }

  /** Whether the visitor has answered the site, or their browser has, and agreed to nothing. */
  get hasRefused(): boolean {
    const told = this.#page.options.consent ?? suppliedContext().consent;
    if (told !== undefined) return false;
    return !Object.values(this.consent({ unanswered: true })).some(Boolean);
  }

  /** The id that is kept. */
  get id(): string | undefined {
    const id = cookie(document.cookie, ID_COOKIE);
    return isId(id) ? id : undefined;
  }

  /** Arms of earlier visits. */
  get sticky(): Record<string, string> {
    return readSticky(cookie(document.cookie, STICKY_COOKIE));
  }

  /**
   * What the visitor did, as it is kept. The cookie counts, as long as there is one: the edge writes it as well, when it is sent events, and
   * when the visitor is to be forgotten.
   */
  get profile(): Uint8Array | undefined {
    return readProfile(cookie(document.cookie, PROFILE_COOKIE) ?? stored());
  }

  /** As much of it as the edge is told. */
  get profileForEdge(): Uint8Array | undefined {
    return readProfile(cookie(document.cookie, PROFILE_COOKIE));
  }

  /** Keeps what the visitor did, for this page and for the edge. */
  keepProfile(bytes: Uint8Array): void {
    const text = writeProfile(bytes);
    store(text);
    this.#keep(PROFILE_COOKIE, text);
  }

  /** Keeps an id, unless another tab has been faster. Gives the one that is kept; nothing where none can be. */
  keepId(candidate: string): Promise<string | undefined> {
    return this.alone(() => {
      if (this.id === undefined) this.#keep(ID_COOKIE, candidate);
      return this.id;
    });
  }

  /** Does something with what is kept while no other tab does: each would undo what the other has done. */
  async alone<T>(work: () => T): Promise<T> {
    let isBegun = false;
    const run = async () => {
      isBegun = true;
      const done = work();
      await written();
      return done;
    };
    try {
      return await navigator.locks.request("slotwise", run);
    } catch (thrown) {
      if (isBegun) throw thrown;
      // There are no locks over plain HTTP, and some pages are not given any.
      return run();
    }
  }

  /** Keeps arms for the next visit, besides those of other pages. */
  keepSticky(sticky: Record<string, string>): void {
    const longer = addSticky(cookie(document.cookie, STICKY_COOKIE), sticky);
    if (longer !== undefined) this.#keep(STICKY_COOKIE, longer);
  }

  /** Deletes what is kept, whichever of the site's domains it is kept for. */
  forget(): void {
    const { hostname } = location;
    const labels = hostname.split(".");
    const domains = [this.#page.options.cookieDomain, ...labels.map((_, index) => labels.slice(index).join("."))];
    store(undefined);
    for (const name of [ID_COOKIE, STICKY_COOKIE, PROFILE_COOKIE]) {
      for (const domain of [undefined, ...domains]) write(cookieText(name, "", { maxAge: 0, domain, secure }));
    }
  }

  #keep(name: string, value: string): void {
    write(cookieText(name, value, { maxAge: KEPT_FOR, domain: this.#page.options.cookieDomain, secure }));
  }
}

/** Whether the browser sends Global Privacy Control. */
function isRefusing(): boolean {
  return (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
}

/** What is in the page's storage, where there is one that may be read. */
function stored(): string | null {
  try {
    return localStorage.getItem(PROFILE_COOKIE);
  } catch {
    return null;
  }
}

function store(text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(PROFILE_COOKIE);
    else localStorage.setItem(PROFILE_COOKIE, text);
  } catch {
    // Full, or forbidden: the cookie is enough.
  }
}

/** Resolves once other tabs read what has been written: Chromium takes cookies in after it has said so. */
async function written(): Promise<void> {
  // Whoever asks is answered after whoever has written. Where nobody may ask, nothing more can be done.
  await globalThis.cookieStore?.get(ID_COOKIE).catch(() => {});
}

/** Browsers refuse `Secure` over plain HTTP, but for the machine itself. */
const secure = isSecureContext;

function write(text: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not everywhere, and too late for what is decided before the first paint
  document.cookie = text;
}
