// How much of the language random cases reach: every operator with every outcome, and with every kind of value.

const COMBINATORS = ["$and", "$or", "$nor", "$not"];

/** What a value is, as far as operators tell values apart. */
export function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "empty list" : "list";
  if (typeof value === "number") return Number.isFinite(value) ? "number" : "no finite number";
  if (typeof value === "string") return value.isWellFormed() ? "text" : "lone surrogate";
  return typeof value;
}

/** Every kind that {@link kindOf} tells apart. */
export const KINDS = [
  "null",
  "undefined",
  "boolean",
  "number",
  "no finite number",
  "text",
  "lone surrogate",
  "empty list",
  "list",
  "object",
];

/** Counts what is reached. */
export class Reach {
  #counts = new Map();
  #evaluate;

  /** `evaluate(attributes, condition)` says whether a condition holds, for {@link note}. */
  constructor(evaluate = undefined) {
    this.#evaluate = evaluate;
  }

  /** Notes every test in a condition, inner ones too, with what it makes of a visitor. */
  note(condition, visitor, depth = 0) {
    this.count(`nesting of ${depth}`);
    for (const [name, operand] of Object.entries(condition)) {
      if (!name.startsWith("$")) {
        this.#onValue(operand, valueAt(visitor, name), depth);
        continue;
      }
      this.count(`${name}, combining: ${this.#evaluate(visitor, { [name]: operand })}`);
      const inside = COMBINATORS.includes(name) ? [operand].flat() : [];
      for (const inner of inside) this.note(inner, visitor, depth + 1);
    }
  }

  #onValue(asked, value, depth) {
    const isOperators = typeof asked === "object" && asked !== null && Object.keys(asked)[0]?.startsWith("$");
    for (const [name, operand] of isOperators ? Object.entries(asked) : [[undefined, asked]]) {
      const holds = this.#evaluate({ value }, { value: isOperators ? { [name]: operand } : operand });
      const told = name ?? `bare ${Array.isArray(operand) ? "list" : kindOf(operand)}`;
      this.count(`${told}: ${holds}`);
      this.count(`${told} of ${kindOf(value)}`);
      this.#inside(name, operand, value, depth + 1);
    }
  }

  #inside(name, operand, value, depth) {
    const elements = Array.isArray(value) ? value : [];
    if (name === "$not") this.#onValue(operand, value, depth);
    if (name === "$size" && typeof operand === "object" && Array.isArray(value)) {
      this.#onValue(operand, value.length, depth);
    }
    if (name === "$all" || name === "$alli") {
      const tests = operand.filter((test) => name === "$all" || typeof test !== "string");
      for (const test of tests) for (const element of elements) this.#onValue(test, element, depth);
    }
    if (name === "$elemMatch") {
      const isOperators = Object.keys(operand).length > 0 && Object.keys(operand).every((key) => key.startsWith("$"));
      for (const element of elements.filter((element) => (element ?? null) !== null)) {
        if (isOperators) this.#onValue(operand, element, depth);
        else this.note(operand, element, depth);
      }
    }
  }

  count(cell) {
    this.#counts.set(cell, this.of(cell) + 1);
  }

  /** How often a cell was reached. */
  of(cell) {
    return this.#counts.get(cell) ?? 0;
  }

  /** Those cells that were reached fewer times than `least`, with how often they were. */
  lacking(cells, least) {
    const found = cells.map((cell) => [cell, this.of(cell)]);
    return found.filter(([, count]) => count < least).map(([cell, count]) => `${cell} (${count})`);
  }

  /** Everything that was counted, rarest first. */
  entries() {
    return [...this.#counts].sort(([, one], [, other]) => one - other);
  }
}

function valueAt(root, path) {
  let value = root;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
    value = value[name];
  }
  return value;
}
