/** The words of one decision, as `pack` in `src/wasm/packed.rs` writes them. What they mean is said by the functions here. */
export type Words = readonly number[];

/** A decision in numbers, and the texts rendered for it. */
export interface Decided {
  words: Words;
  texts: string[];
}

/** The first patch whose text is none of the variant's: see `ASKED` in `src/bundle/content.rs`. */
export const ASKED = 0x8000;

/** Words of the header, of a slot, of an assignment and of a rendered text. */
const HEADER = 5;
const SLOT = 2;
const ASSIGNMENT = 2;
const RENDERED = 3;
/** The number of `Source::Experiment`. */
const EXPERIMENT = 2;

/** Seconds until time alone can change the answer. */
export function maxAge(words: Words): number {
  return at(words, 1);
}

/** How many experiments were asked. */
export function assignments(words: Words): number {
  return at(words, 2);
}

/** How many texts were rendered. */
export function rendered(words: Words): number {
  return at(words, 3);
}

/** What a slot shows and why: the variant, its source << 16, its reason << 24. */
export function what(words: Words, slot: number): number {
  return at(words, HEADER + slot * SLOT);
}

/** The rule that decided a slot, counted from 1 as all of them here, and << 16 the assignment or the holdout; 0 when none did. */
export function by(words: Words, slot: number): number {
  return at(words, HEADER + slot * SLOT + 1);
}

/** The assignment that decided a slot; 0 when none did. */
export function assignmentOf(words: Words, slot: number): number {
  return assignmentIn(what(words, slot), by(words, slot));
}

/** The same, by what the slot shows and who decided it. */
export function assignmentIn(what: number, by: number): number {
  return ((what >>> 16) & 0xff) === EXPERIMENT ? by >>> 16 : 0;
}

/** The experiment of an assignment, counted from 0, and its arm << 16; no arm is 0. */
export function assigned(words: Words, assignment: number): number {
  return at(words, assignmentAt(words, assignment));
}

/** Why an assignment was made: its reason, and << 8 whether the fallback attribute identified the visitor. */
export function why(words: Words, assignment: number): number {
  return at(words, assignmentAt(words, assignment) + 1) & 0xffff;
}

/** Where an assignment stands that decided one of so many slots, without a look at the words. */
export function placeOf(assignment: number, slots: number): number {
  return HEADER + slots * SLOT + (assignment - 1) * ASSIGNMENT;
}

/** As `assigned`, of the assignment at a place. */
export function assignedAt(words: Words, place: number): number {
  return at(words, place);
}

/** Where the visitor falls, in ten-thousandths and counted from 1; 0 when that was never asked. */
export function bucketAt(words: Words, place: number): number {
  return at(words, place + 1) >>> 16;
}

/** Where a rendered text belongs, the slot and the patch << 16; where it starts and how long it is, in code units. */
export function text(words: Words, index: number): [where: number, start: number, length: number] {
  const first = renderedAt(words) + index * RENDERED;
  return [at(words, first), at(words, first + 1), at(words, first + 2)];
}

/** Whether an input was read. */
export function isRead(words: Words, input: number): boolean {
  const first = renderedAt(words) + rendered(words) * RENDERED;
  return ((at(words, first + (input >>> 5)) >>> (input & 31)) & 1) === 1;
}

/** The word of the header that says how many slots there are decides where everything behind them is. */
function assignmentAt(words: Words, assignment: number): number {
  return placeOf(assignment, at(words, 4));
}

function renderedAt(words: Words): number {
  return assignmentAt(words, assignments(words) + 1);
}

function at(words: Words, index: number): number {
  return words[index] as number;
}
