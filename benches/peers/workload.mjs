// What every engine is asked, in words of no engine: slots (flags, features) that each have rules, and visitors.

export const ARMS = ["control", "treatment"];

/** Everyday targeting, one test each, over the four attributes besides what identifies the visitor. All hold for all visitors. */
const TESTS = [
  { attribute: "country", in: ["DE", "FR", "NL"] },
  { attribute: "plan", is: "pro" },
  { attribute: "device", is: "phone" },
  { attribute: "visits", atLeast: 3 },
];

/** The like, which hold for nobody. */
const MISSES = [
  { attribute: "country", in: ["BR", "MX"] },
  { attribute: "plan", is: "free" },
  { attribute: "device", is: "desktop" },
  { attribute: "visits", atLeast: 100 },
];

/**
 * `count` slots of `rules` rules each: all but the last hold for nobody, and the last splits the visitors for whom its test
 * holds in two halves. So every engine has to ask every rule, and to bucket every time.
 */
export function makeSlots(count, rules = 1) {
  return Array.from({ length: count }, (_, slot) => ({
    name: `slot-${slot}`,
    misses: Array.from({ length: rules - 1 }, (_, rule) => MISSES[(slot + rule) % MISSES.length]),
    test: TESTS[slot % TESTS.length],
  }));
}

/**
 * A visitor by number, with `others` attributes that nobody asks for. What identifies visitors is called as flagd wants it, which is
 * the only engine that does not ask for the name: so all are given the same object.
 */
export function makeVisitor(number, others = 0) {
  const visitor = { targetingKey: `visitor-${number}`, country: "DE", plan: "pro", device: "phone", visits: 12 };
  for (let index = 0; index < others; index++) visitor[`other-${index}`] = `value ${index}`;
  return visitor;
}

/**
 * As many different visitors as a cache of answers would not hold. V8 keeps an object that gained many members one by one as a hash
 * table, which takes long to copy, and what `JSON.parse` or a literal makes as a list, which does not.
 */
export function makeVisitors(others = 0) {
  return Array.from({ length: 1000 }, (_, number) => makeVisitor(number, others));
}

/** Throws unless an engine gives both arms to about half of some visitors each; `armOf` finds the arm of a slot in an answer. */
export function checkSplit(name, visitors, decide, slots, armOf) {
  const counts = Object.fromEntries(ARMS.map((arm) => [arm, 0]));
  for (const visitor of visitors) {
    const answer = decide(visitor);
    for (const [index, slot] of slots.entries()) counts[armOf(answer, slot.name, index)]++;
  }
  const asked = visitors.length * slots.length;
  for (const arm of ARMS) {
    const share = counts[arm] / asked;
    if (!(share > 0.4 && share < 0.6))
      throw new Error(`${name} gives "${arm}" to ${share} of the visitors, not to a half`);
  }
}
