// What the demonstration's items are like, as numbers: tools/text-vectors.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { npy, textVectors } from "../../tools/text-vectors.mjs";

const TEXTS = [
  "A hand grinder with burrs of steel",
  "Burrs of ceramic, in a grinder for the road",
  "Apricot and jasmine, from Ethiopia",
  "Jasmine and lemon, a light roast from Ethiopia",
];
const product = (one, other) => one.reduce((sum, number, index) => sum + number * other[index], 0);

test("texts that share words that few have are alike, others are not", () => {
  const [steel, ceramic, guji, sidama] = textVectors(TEXTS, 2);
  assert.ok(product(steel, ceramic) > 0.9, `${product(steel, ceramic)}`);
  assert.ok(product(guji, sidama) > 0.9, `${product(guji, sidama)}`);
  assert.ok(Math.abs(product(steel, guji)) < 0.1, `${product(steel, guji)}`);
});

test("rows are as long as each other, and the same each time", () => {
  const rows = textVectors(TEXTS, 3);
  for (const row of rows) assert.ok(Math.abs(product(row, row) - 1) < 1e-9);
  assert.deepEqual(textVectors(TEXTS, 3), rows);
});

test("a text of which nothing is known is like nothing", () => {
  const rows = textVectors([...TEXTS, "Unheard"], 2);
  assert.deepEqual(rows.at(-1).map(Math.abs), [0, 0]);
});

test("a NumPy file has its header, its padding and its numbers", () => {
  const file = npy([
    [1, 2.5],
    [-3, 0],
    [0.5, 4],
  ]);
  // As the format's documentation has it: magic, version 1.0, the header's length, the header, the numbers from a multiple of 64 on.
  assert.equal(file.subarray(0, 8).toString("latin1"), "\x93NUMPY\x01\x00");
  const start = 10 + file.readUInt16LE(8);
  assert.equal(start % 64, 0);
  const header = file.subarray(10, start).toString("latin1");
  assert.match(header, /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3, 2\), \} *\n$/);
  const numbers = Array.from({ length: 6 }, (_, index) => file.readFloatLE(start + index * 4));
  assert.deepEqual(numbers, [1, 2.5, -3, 0, 0.5, 4]);
  assert.equal(file.length, start + 6 * 4);
});
