// What no text of a visitor may do.

import assert from "node:assert/strict";

const known = Reflect.ownKeys(Object.prototype).length;

/** Asserts that nothing has got at the prototype of all objects, or at that of this one. */
export function isPlain(value, told) {
  assert.equal(Reflect.ownKeys(Object.prototype).length, known, "Object.prototype has changed");
  assert.ok([Object.prototype, null].includes(Object.getPrototypeOf(value)), `${told}: another prototype`);
}

/** Asserts that a `Set-Cookie` is one cookie with the attributes that are always set, and that `Headers` takes it. */
export function isOneCookie(header) {
  new Headers().append("set-cookie", header);
  const [pair, ...attributes] = header.split("; ");
  assert.match(pair, /^[\w!#$%&'*+.^`|~-]+=[!#-+\--:<-[\]-~]*$/);
  for (const attribute of attributes)
    assert.match(attribute, /^(Path=\/|Max-Age=\d+|SameSite=Lax|Secure|Domain=[\w.-]+)$/);
}
