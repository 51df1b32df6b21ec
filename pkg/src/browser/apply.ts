import { holdsCode, patchedClasses, patchesOf } from "../engine/patches.js";
import type { Patch, Shown } from "../types.js";
import { MARK } from "./mark.js";
import { trustedHtml } from "./trusted-html.js";

/** A change that has been made to the page. */
export interface Change {
  /** What it put into the page. */
  readonly nodes: Node[];
  /** Whether it moved or removed an element, rather than what is in it. */
  readonly isOfTarget: boolean;
  /** Takes it back, as far as the page still has it. */
  undo(): void;
  /** Whether somebody has put back what was there before it, or has put something else in its place. */
  isLost(): boolean;
}

/**
 * Shows a decision in a slot's element. `again`: part of it may be there already, so nothing is added beside its like.
 * Nothing that a page makes of its elements may throw here.
 */
export function show(slot: Element, shown: Shown, again = false): Change[] {
  // Set first, so that what patches add is never taken for something that has to be patched again.
  slot.setAttribute(MARK, shown.variant);
  const changes: Change[] = [];
  for (const patch of patchesOf(shown.content)) {
    const targets = patch.selector === undefined ? [slot] : [...slot.querySelectorAll(patch.selector)];
    for (const target of targets) {
      const change = holdsCode(target.localName) ? undefined : apply(target, patch, again);
      if (change !== undefined) changes.push(orGone(change, slot, target, patch.selector));
    }
  }
  return changes;
}

/** Takes changes back, the last one first. */
export function undo(changes: Change[]): void {
  for (const change of changes.filter((made) => !made.isLost()).reverse()) change.undo();
}

/**
 * Whether a text, an attribute or a class of a decision is not on the page any more. Markup is not compared: a page may have
 * brought it to life.
 */
export function isUndone(slot: Element, { content }: Shown): boolean {
  return patchesOf(content).some(({ op, selector, name = "", value }) => {
    const targets = selector === undefined ? [slot] : [...slot.querySelectorAll(selector)];
    return targets.some((target) => {
      if (holdsCode(target.localName)) return false;
      const classes = target.getAttribute("class");
      if (op === "text") return target.textContent !== (value ?? "");
      if (op === "attribute") return target.getAttribute(name) !== (value ?? null);
      return op === "class" && patchedClasses(classes, value ?? "") !== patchedClasses(classes, "");
    });
  });
}

/** A change is lost as well when the slot has other elements now that it would be made to. */
function orGone(change: Change, slot: Element, target: Element, selector: string | undefined): Change {
  if (selector === undefined) return change;
  const isOurs = (element: Element) => change.nodes.some((node) => node.contains(element));
  const isBack = () =>
    !slot.contains(target) && [...slot.querySelectorAll(selector)].some((element) => !isOurs(element));
  return { ...change, isLost: () => isBack() || change.isLost() };
}

/** One change; the Worker's rewriter makes the same while the page streams. */
function apply(element: Element, { op, name = "", value }: Patch, again: boolean): Change | undefined {
  const content = value ?? "";
  switch (op) {
    case "html":
      return fill(element, () => {
        element.innerHTML = trustedHtml(content);
      });
    case "text":
      return fill(element, () => {
        element.textContent = content;
      });
    case "attribute":
      return setAttribute(element, name, value ?? null);
    case "class":
      return setAttribute(element, "class", patchedClasses(element.getAttribute("class"), content));
    case "append":
      return insert(element, "beforeend", content, again);
    case "prepend":
      return insert(element, "afterbegin", content, again);
    case "before":
      return insert(element, "beforebegin", content, again);
    case "after":
      return insert(element, "afterend", content, again);
    case "replace":
      return replace(element, content);
    case "remove":
      return replace(element, "");
  }
}

function fill(element: Element, write: () => void): Change {
  const before = [...element.childNodes];
  const text = element.textContent;
  write();
  const nodes = [...element.childNodes];
  const written = element.textContent;
  return {
    nodes,
    isOfTarget: false,
    undo: () => element.replaceChildren(...before),
    isLost() {
      if (isReplaced(element, nodes)) return true;
      // What removes a notice of ours may mean it; what puts the words back that were there has rendered the page again.
      return element.textContent !== written && element.textContent === text;
    },
  };
}

/** Whether none of an element's children is there any more, and others are instead. */
export function isReplaced(element: Element, children: Node[]): boolean {
  return children.length > 0 && element.hasChildNodes() && children.every((node) => node.parentNode !== element);
}

function setAttribute(element: Element, name: string, value: string | null): Change {
  const before = element.getAttribute(name);
  const set = (to: string | null) => (to === null ? element.removeAttribute(name) : element.setAttribute(name, to));
  set(value);
  return {
    nodes: [],
    isOfTarget: false,
    undo: () => element.getAttribute(name) === value && set(before),
    isLost: () => value !== before && element.getAttribute(name) === before,
  };
}

function insert(element: Element, where: InsertPosition, content: string, again: boolean): Change | undefined {
  const isInside = where === "beforeend" || where === "afterbegin";
  const parent = isInside ? element : element.parentNode;
  if (parent === null) return undefined;
  const others = [...parent.childNodes];
  element.insertAdjacentHTML(where, trustedHtml(content));
  let nodes: Node[] = [...parent.childNodes].filter((node) => !others.includes(node));
  const like = again ? likes(nodes, where === "beforeend" || where === "beforebegin") : undefined;
  if (like !== undefined) {
    removeAll(nodes);
    nodes = like;
  }
  const isGone = () => nodes.length > 0 && nodes.every((node) => !node.isConnected);
  return {
    nodes,
    isOfTarget: !isInside,
    undo: () => removeAll(nodes),
    // Gone alone, it may have been closed by the visitor; gone with all that was around it, the page was rendered again.
    isLost: () => isGone() && (isInside ? isReplaced(element, others) : !element.isConnected),
  };
}

/** The same nodes right beside those, when they are there already. */
function likes(nodes: Node[], isBefore: boolean): Node[] | undefined {
  let like: Node | null | undefined = isBefore ? nodes[0] : nodes.at(-1);
  const found: Node[] = [];
  for (const node of isBefore ? [...nodes].reverse() : nodes) {
    like = isBefore ? like?.previousSibling : like?.nextSibling;
    if (!like?.isEqualNode(node)) return undefined;
    found.push(like);
  }
  return found;
}

function replace(element: Element, content: string): Change | undefined {
  const parent = element.parentNode;
  if (parent === null) return undefined;
  const previous = element.previousSibling;
  // Keeps the place when nothing comes instead.
  if (content === "") element.before(document.createComment(""));
  else element.insertAdjacentHTML("beforebegin", trustedHtml(content));
  const nodes: Node[] = [];
  let node = previous === null ? parent.firstChild : previous.nextSibling;
  for (; node !== null && node !== element; node = node.nextSibling) nodes.push(node);
  element.remove();
  return {
    nodes,
    isOfTarget: true,
    undo() {
      const place = nodes.find((there) => there.isConnected) as ChildNode | undefined;
      place?.before(element);
      removeAll(nodes);
    },
    isLost: () => false,
  };
}

function removeAll(nodes: Node[]): void {
  for (const node of nodes) node.parentNode?.removeChild(node);
}
