// What once broke a law, by that law: tried before anything else.

export const KEPT = {
  // White space around a name does not come back from the address.
  "what an address previews is what was chosen": [[{ " hero": "urgent" }, "https://a.example/"]],
};
