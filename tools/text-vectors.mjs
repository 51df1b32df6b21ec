// What the demonstration's items are like, from their texts: a vector each, so that likeness can be reckoned with.
//
// TF-IDF gives a number for each word of a text, the larger the rarer the word; a singular value decomposition leaves the few dimensions
// that tell most. It stands in for an embedding model, whose vectors a real site would bring along in the same format.

import { Matrix, SVD } from "ml-matrix";

/** Words that say nothing of a thing. */
const EMPTY = new Set(
  "a after all also and are as at back be before best better but by can comes do does every few first for from get half has have her hers how if in into is it its just long made make makes more most never no not of off on once one or other our out over own same say says so still than that the their them then they this those three to two up us was we were what when which who will with without year you your".split(
    " ",
  ),
);
/** Longer endings first; what is left must still be a word. */
const ENDINGS = /(?<=\p{L}{3})(?:ers?|ing|ed|es|s)$/u;

/** A row for each text, of `dimensions` numbers. The same texts give the same rows. */
export function textVectors(texts, dimensions) {
  const documents = texts.map(wordsOf);
  const containing = new Map();
  for (const words of documents)
    for (const word of new Set(words)) containing.set(word, (containing.get(word) ?? 0) + 1);
  // What stands in one text only likens it to nothing.
  const vocabulary = [...containing.keys()].filter((word) => containing.get(word) > 1).sort();
  const column = new Map(vocabulary.map((word, index) => [word, index]));
  const weights = Matrix.zeros(texts.length, vocabulary.length);
  for (const [row, words] of documents.entries()) {
    for (const word of words) {
      if (!column.has(word)) continue;
      const rarity = Math.log(texts.length / containing.get(word)) + 1;
      weights.set(row, column.get(word), weights.get(row, column.get(word)) + rarity);
    }
  }
  const { leftSingularVectors, diagonal } = new SVD(unitRows(weights), { autoTranspose: true });
  const kept = Math.min(dimensions, diagonal.length);
  const reduced = leftSingularVectors.subMatrix(0, texts.length - 1, 0, kept - 1).mulRowVector(diagonal.slice(0, kept));
  return unitRows(reduced).to2DArray();
}

/** Rows of numbers as a NumPy file of 32-bit floats. */
export function npy(rows) {
  const shape = `(${rows.length}, ${rows[0].length})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  // Magic, version and length are ten bytes; the numbers begin at a multiple of 64.
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  const numbers = Buffer.alloc(rows.length * rows[0].length * 4);
  for (const [index, number] of rows.flat().entries()) numbers.writeFloatLE(number, index * 4);
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(padded, "latin1"), numbers]);
}

function wordsOf(text) {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.filter((word) => !EMPTY.has(word)).map((word) => word.replace(ENDINGS, ""));
}

function unitRows(matrix) {
  const lengths = matrix.to2DArray().map((row) => Math.hypot(...row) || 1);
  return matrix.divColumnVector(lengths);
}
