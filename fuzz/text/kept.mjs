// What once broke a law, by that law: tried before anything else.

export const KEPT = {};
