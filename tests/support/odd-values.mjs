// Values that no condition was written for: wrong types, lies, traps and sizes.

import assert from "node:assert/strict";

export class Point {
  x = 1;
  get y() {
    throw new Error("y");
  }
}

function cyclic() {
  const value = { a: [], v: {} };
  value.a.push(value);
  value.v.w = value;
  return value;
}

export function nested(depth, wrap) {
  let value = "x";
  for (let index = 0; index < depth; index++) value = wrap(value);
  return value;
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A proxy of which every trap throws. */
function thrower(target = {}) {
  const handler = new Proxy({}, { get: (_, trap) => () => assert.fail(`the trap ${String(trap)} threw`) });
  return new Proxy(target, handler);
}

/** An array that says of itself what length it has. */
function lengthy(length) {
  return new Proxy([1, 2, 3], { get: (target, name) => (name === "length" ? length : target[name]) });
}

export const VALUES = {
  undefined,
  null: null,
  true: true,
  zero: 0,
  "negative zero": -0,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "greatest number": Number.MAX_VALUE,
  "least number": Number.MIN_VALUE,
  bigint: 5n,
  "huge bigint": 10n ** 3000n,
  symbol: Symbol("x"),
  "registered symbol": Symbol.for("x"),
  function: () => {},
  class: Point,
  "async function": async () => {},
  text: "x",
  "empty text": "",
  "lone surrogates": "\udc00\ud800x\ud83c",
  "a megabyte": "x".repeat(1 << 20),
  "fifty megabytes": "x".repeat(50 << 20),
  "a joined text": `${"y".repeat(1000)}${"🍕".repeat(100_000)}`,
  Date: new Date(0),
  "invalid Date": new Date(Number.NaN),
  "a Date that lies": Object.assign(new Date(0), { toISOString: () => ({ not: "text" }), getTime: () => "x" }),
  "a Date of itself": Object.assign(new Date(0), {
    toISOString() {
      return this;
    },
  }),
  "a Date that throws": Object.assign(new Date(0), {
    toISOString() {
      throw new Error("no");
    },
  }),
  Map: new Map([["v", 1]]),
  Set: new Set([1]),
  WeakMap: new WeakMap(),
  Promise: Promise.resolve(1),
  RegExp: /x/g,
  Error: new Error("x"),
  URL: new URL("https://x.example/?v=1"),
  Headers: new Headers({ v: "1" }),
  "class instance": new Point(),
  "boxed text": Object("text"),
  "boxed number": Object(5),
  "boxed symbol": Object(Symbol("x")),
  "boxed bigint": Object(5n),
  arguments: (function () {
    // biome-ignore lint/complexity/noArguments: this object is the test
    return arguments;
  })(1, 2),
  ArrayBuffer: new ArrayBuffer(8),
  SharedArrayBuffer: new SharedArrayBuffer(8),
  Uint8Array: new Uint8Array(100),
  "large Float64Array": new Float64Array(1 << 20),
  DataView: new DataView(new ArrayBuffer(8)),
  globalThis,
  Math,
  "no prototype": Object.assign(Object.create(null), { v: 1, w: "a" }),
  "array as prototype": Object.create([1, 2, 3]),
  "empty array": [],
  "sparse array": Object.assign(new Array(5), { 1: 1, 3: 2 }),
  "a million elements": new Array(1_000_000).fill(1),
  "a sparse million": new Array(1_000_000),
  "four thousand million": new Array(4_000_000_000),
  "an element far out": Object.assign([], { 4294967294: 1 }),
  "array with names": Object.assign([1], { v: 1, "-1": 2 }),
  "array subclass": new (class extends Array {})(1, 2, 3),
  "length -1": lengthy(-1),
  "length 2.5": lengthy(2.5),
  "length NaN": lengthy(Number.NaN),
  "length text": lengthy("2"),
  "length Infinity": lengthy(Number.POSITIVE_INFINITY),
  "length bigint": lengthy(2n),
  "length 2^28": lengthy(2 ** 28),
  "length object": lengthy({ valueOf: () => 2 }),
  "length undefined": lengthy(undefined),
  "a hundred thousand keys": Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index])),
  "a key of a megabyte": { ["k".repeat(1 << 20)]: 1 },
  "keys of lone surrogates": { "\ud800": 1, "\udc00": "\ud800" },
  "symbol keys": { [Symbol("v")]: 1, v: 2 },
  "nested arrays": nested(10_000, (value) => [value]),
  "nested objects": nested(10_000, (value) => ({ v: value, w: 1 })),
  "nested just enough": nested(33, (value) => [value, value]),
  cyclic: cyclic(),
  "getter that throws": {
    get v() {
      throw new Error("v");
    },
    get w() {
      throw null;
    },
  },
  "getter without end": {
    get v() {
      return this;
    },
  },
  "getter that grows": {
    get v() {
      return { ...Object.getOwnPropertyDescriptors(this), again: this };
    },
  },
  "element that throws": Object.defineProperty([1, 2, 3], 1, {
    get() {
      throw new Error("1");
    },
  }),
  "array that shrinks": (() => {
    const array = [1, 2, 3, 4];
    Object.defineProperty(array, 0, { get: () => (array.length = 1) });
    return array;
  })(),
  "object that loses keys": {
    get a() {
      delete this.b;
      return 1;
    },
    b: 2,
  },
  "revoked proxy": revoked({}),
  "revoked array": revoked([]),
  "proxy that throws": thrower(),
  "array proxy that throws": thrower([]),
  "function proxy": thrower(() => {}),
  "proxy of everything": new Proxy(
    {},
    { get: (_, name) => name, has: () => true, getOwnPropertyDescriptor: described },
  ),
  "proxy of many keys": new Proxy(
    {},
    { ownKeys: () => Array.from({ length: 30_000 }, (_, index) => `k${index}`), getOwnPropertyDescriptor: described },
  ),
  "own __proto__": JSON.parse(
    '{"__proto__": {"v": "a", "polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  ),
  "valueOf that throws": {
    valueOf() {
      throw new Error("valueOf");
    },
    toString() {
      throw new Error("toString");
    },
    toJSON() {
      throw new Error("toJSON");
    },
    [Symbol.toPrimitive]() {
      throw new Error("toPrimitive");
    },
  },
};

export function described() {
  return { value: 1, enumerable: true, configurable: true, writable: true };
}
