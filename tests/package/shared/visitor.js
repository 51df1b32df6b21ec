/** Ewa of tests/support/edge.mjs, from Kraków, who has agreed: for whom every slot of its bundle but one differs from its default. */
export const VISITOR = {
  attributes: { id: "ewa", geo: { city: "Kraków" } },
  consent: { personalization: true },
};

/** What an engine decides for her. */
export const answerOf = (engine) => JSON.stringify(engine.personalize(VISITOR).slots);

/** Why her hero shows what it shows, in words. */
export async function reasonOf(engine) {
  const { steps } = await engine.explain(VISITOR);
  return steps.hero.map(({ text }) => text).join("\n");
}
