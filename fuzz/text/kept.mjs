// What once broke a law, by that law: tried before anything else.

export const KEPT = {
  // Both are written as the character that stands for what is none: no bundle has such names.
  "what was read is written as it was": [[{ "\ud800": "", "\udc00": "" }]],
  // White space around a name does not come back from the address.
  "what an address previews is what was chosen": [[{ " hero": "urgent" }, "https://a.example/"]],
  // An arm too long for the cookie was news at every request, which then set the cookie again.
  "the second request sets nothing that the first has set": [
    [
      {
        consentCookie: "slotwise_consent",
        consentHeader: undefined,
        assumed: {},
        heedsGpc: true,
        idCookie: "slotwise_id",
        cookieDomain: undefined,
      },
      { cta__0: "x".repeat(1100) },
    ],
  ],
};
