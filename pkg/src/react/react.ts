import {
  type ComponentProps,
  createContext,
  createElement,
  type ElementType,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { trustedHtml } from "../browser/trusted-html.js";
import { type Handoff, STATE, writeHandoff } from "../handoff/handoff.js";
import type { Content, Result, Shown } from "../types.js";
import { drawingOf } from "./draw.js";
import { OWNER, renderedHandoff } from "./page.js";
import { type SlotSession, SlotStore } from "./store.js";

/**
 * What a server decided, as plain data: the engine's `id` and `revision`, the result's `slots` and `exposures`. `prefix` is where
 * the Worker's routes are, when that server has them; none by default.
 */
export type SlotState = Pick<Handoff, "id" | "revision" | "prefix" | "slots" | "exposures">;

/** Where decisions come from. With nothing given, from the handoff that the page came with. */
export interface SlotProviderProps {
  /** On a server: what the engine decided for this visitor. The engine goes with it. */
  result?: Result | undefined;
  engine?: { readonly id: string; readonly revision: number } | undefined;
  /** The same as plain data, which a server component can pass on. */
  state?: SlotState | undefined;
  /** In the browser: what `personalize()` of `slotwise/browser` returns. Changes are followed. */
  session?: SlotSession | Promise<SlotSession> | undefined;
  children?: ReactNode;
}

/** What a slot shows and why. Only `content` is there, and empty, where nobody has decided. */
export type SlotDecision = Partial<Shown> & { content: Content };

export type SlotProps<Tag extends ElementType> = Omit<ComponentProps<Tag>, "as" | "name" | "variants"> & {
  /** The slot's name in the bundle. */
  name: string;
  /** The element to render. Default: `div`. */
  as?: Tag;
  /** What is rendered for a variant, by its name, instead of its own content. */
  variants?: Readonly<Record<string, ReactNode>> | undefined;
  /** The default. */
  children?: ReactNode;
};

const UNDECIDED: SlotDecision = Object.freeze({ content: Object.freeze({}) });
const Decisions = createContext(new SlotStore(undefined, undefined));

/** Gives the slots inside it their decisions, and writes the handoff into the page where a server renders it. */
export function SlotProvider({ result, engine, state, session, children }: SlotProviderProps): ReactElement {
  const { id, revision } = engine ?? {};
  const decided = useMemo(() => state ?? stateOf(result, id, revision), [state, result, id, revision]);
  const store = useMemo(() => new SlotStore(decided, session), [decided, session]);
  return createElement(Decisions.Provider, { value: store }, createElement(Handover, { state: decided }), children);
}

function stateOf(result: Result | undefined, id = "", revision = Number.NaN): SlotState | undefined {
  if (result === undefined) return undefined;
  if (id === "")
    throw new Error("SlotProvider: a result needs its engine: <SlotProvider result={result} engine={engine}>");
  return { id, revision, slots: result.slots, exposures: result.exposures };
}

/** The handoff in the page: made on the server, and the same again where a browser takes that page over. */
function Handover({ state }: { state: SlotState | undefined }): ReactElement | null {
  const [json] = useState(() => renderedHandoff()?.text ?? (isServer() && state ? written(state) : undefined));
  if (json === undefined) return null;
  const content = { __html: trustedHtml(json) };
  // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON, which does not run, without any "<".
  return createElement("script", { type: "application/json", id: STATE, dangerouslySetInnerHTML: content });
}

const isServer = () => typeof document === "undefined";
const written = (state: SlotState) => writeHandoff({ prefix: "", ...state, owner: OWNER }, () => true);

/** What a slot shows, and why. The component renders again when that changes. */
export function useSlot(name: string): SlotDecision {
  const store = useContext(Decisions);
  const current = useCallback(() => store.current(name), [store, name]);
  const rendered = useCallback(() => store.rendered(name), [store, name]);
  return useSyncExternalStore(store.subscribe, current, rendered) ?? UNDECIDED;
}

/**
 * A slot. Shows what `variants` has for the decision, or else its HTML or text, or else the children. The element is marked
 * as React's own, so that neither the edge nor the page's script changes what is in it.
 */
export function Slot<Tag extends ElementType = "div">(props: SlotProps<Tag>): ReactElement {
  const { name, as = "div", variants, children, ...rest } = props as SlotProps<"div">;
  const { variant, content } = useSlot(name);
  const own = variants !== undefined && variant !== undefined && Object.hasOwn(variants, variant);
  const drawing = own ? undefined : drawingOf(content);
  const isShown = drawing?.kind !== "undrawable";
  // The same object as long as it is the same HTML: React writes another one into the page anew.
  const html = drawing?.kind === "html" ? drawing.value : undefined;
  const inner = useMemo(() => html !== undefined && { __html: trustedHtml(html) }, [html]);
  useEffect(() => {
    if (!isShown) warnOnce(name, variant);
  }, [isShown, name, variant]);
  const marked = {
    ...rest,
    "data-slot": name,
    // Without the mark, nobody counts the variant as seen.
    "data-slotwise": isShown ? variant : undefined,
    "data-slotwise-owner": OWNER,
  };
  if (inner) return createElement(as, { ...marked, dangerouslySetInnerHTML: inner });
  if (drawing?.kind === "text") return createElement(as, marked, drawing.value);
  return createElement(as, marked, own ? variants[variant] : children);
}

const warned = new Set<string>();

function warnOnce(slot: string, variant: string | undefined): void {
  const key = JSON.stringify([slot, variant]);
  if (warned.has(key) || isProduction()) return;
  warned.add(key);
  console.warn(
    `slotwise: <Slot name="${slot}"> shows its default, because the variant "${variant}" is made of patches to elements ` +
      "that React renders. Give the slot what to render, variants={{ … }}, or give the variant html or a value.",
  );
}

/** Bundlers put the answer in; where nobody has, there is no `process` and nobody to warn. */
function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === "production";
  } catch {
    return true;
  }
}
