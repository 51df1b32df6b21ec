import type { Reason, Shown, Source } from "../types.js";

/** Why a slot shows what it shows, for people; the guide to bundles says the same of each code. */
const REASONS: Record<Reason, string> = {
  forced: "This preview asks for it.",
  matched: "The rule applies: its condition holds, or it has none.",
  ranked: "The items of the catalog were ranked for the visitor.",
  nothing_to_rank: "The default shows: a ranking has no item that it may show.",
  assigned: "The visitor’s bucket lies in this arm of the experiment.",
  sticky: "An earlier visit was given this arm of the experiment, and it is kept.",
  arm_forced: "The experiment is set to show this arm to all who take part.",
  held_out: "The visitor is held out of the experiment, to measure what experiments do together.",
  no_match: "No rule applies to this visitor, so the default shows.",
  consent_required: "The default shows: the visitor has not consented to what an experiment needs.",
  no_hash_value: "The default shows: nothing identifies the visitor, so an experiment cannot assign an arm.",
  not_targeted: "The default shows: the experiment is not for this visitor, its condition does not hold.",
  requirement_unmet: "The default shows: something that the experiment requires does not hold.",
  not_in_namespace: "The default shows: the visitor is outside the experiment’s part of its namespace.",
  not_covered: "The default shows: the experiment does not cover the visitor’s bucket.",
  not_started: "The default shows: the experiment has not begun yet.",
  sticky_blocked: "The default shows: an earlier visit was given an arm of a version that is blocked now.",
  too_large: "The default shows: the content that was decided grew too large.",
  default_too_large: "The page stays as it is: the content grew too large, and so did the default’s.",
  engine_failed: "The page stays as it is: the engine failed, which is a mistake of ours.",
  damaged: "The default shows: the bundle lacks an experiment that it refers to.",
};

const SOURCES: Record<Source, string> = {
  forced: "the preview",
  rule: "a rule",
  experiment: "an experiment",
  rank: "a ranking",
  bandit: "a bandit",
  holdout: "a holdout",
  default: "nothing",
  error: "an error",
};

const DECIDERS = {
  edge: "Decided before the page was sent.",
  page: "Decided in this page.",
  nobody: "Nobody decided in time: the page shows its defaults.",
};

/** Why, in a sentence; a code from a newer version stands for itself. */
export function reasonOf({ reason }: Shown): string {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason] : reason;
}

/** Who decided the whole page, in a sentence. */
export function deciderOf(decidedBy: keyof typeof DECIDERS): string {
  return DECIDERS[decidedBy];
}

/** The facts of a decision, in the order in which they are shown. */
export function factsOf({
  source,
  rule,
  experiment,
  arm,
  factors,
  bucket,
  holdout,
}: Shown): [term: string, fact: string][] {
  const facts: [string, string | undefined][] = [
    ["Decided by", Object.hasOwn(SOURCES, source) ? SOURCES[source] : source],
    ["Rule", rule === undefined ? undefined : String(rule)],
    ["Experiment", experiment],
    ["Arm", arm],
    [
      "Factors",
      factors &&
        Object.entries(factors)
          .map((pair) => pair.join(": "))
          .join(", "),
    ],
    ["Bucket", bucket === undefined ? undefined : String(bucket)],
    ["Holdout", holdout],
  ];
  return facts.filter((pair): pair is [string, string] => pair[1] !== undefined);
}
