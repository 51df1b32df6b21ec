/** A window of a question: milliseconds, or by its name. */
export type Within = number | "session" | "last-session" | "ever";

/** What a bundle asks of a profile, as its manifest says it. */
export type Question =
  | { feature: string }
  | { count: [event: string, within: Within] }
  | { each: [event: string, within: Within] }
  | { cluster: Clusters };

/** The names of clusters and where their centres lie, as `nearest` in `src/profile/clusters.rs` has it. */
export interface Clusters {
  numbers: number[];
  names: string[];
}

/** A question, and the input that takes its answer. */
export type Asked = { input: number } & Question;

/** All questions of a bundle, and the purpose that the visitor has to agree to; `null` when there is none. */
export interface Questions {
  consent: string | null;
  asked: Asked[];
}

/** Paths below `profile`. */
export const FEATURES = [
  "isNew",
  "sessions",
  "engagement",
  "rfm.recency",
  "rfm.frequency",
  "rfm.monetary",
  "categories",
  "items",
  "leftCart",
] as const;
