// What every app decides, wherever it runs.

/** What the apps decide for Ewa. The bucket is GrowthBook's for "ewa" with the seed "order-button". */
export const ANSWER = {
  hero: {
    variant: "city",
    source: "rule",
    reason: "matched",
    content: { html: "<h1>Hello, Kraków</h1>" },
    rule: "city",
  },
  order: {
    variant: "urgent",
    source: "experiment",
    reason: "assigned",
    content: { patches: [{ op: "text", selector: "a", value: "Order today" }] },
    rule: 0,
    experiment: "order-button",
    arm: "urgent",
    bucket: 0.5579,
  },
  delivery: { variant: "two", source: "default", reason: "no_match", content: { value: { days: 2 } } },
};
