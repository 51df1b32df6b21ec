/** Where each kind of problem is explained. */
const EXPLAINED = "https://github.com/slotwise/slotwise/blob/main/docs/deploy.md#";

/** The kinds of problems that the Worker's routes answer with. */
const TITLES = {
  "bad-request": [400, "The request is not what this route takes"],
  unauthorized: [401, "A token is needed"],
  "cross-site": [403, "The request comes from another site"],
  "not-found": [404, "There is nothing here"],
  "method-not-allowed": [405, "This route has other methods"],
  conflict: [409, "The revision is not newer"],
  "consent-not-taken": [409, "The visitor's answer is not kept here"],
  "precondition-failed": [412, "Another bundle is live by now"],
  "too-large": [413, "The body is too large"],
  "unsupported-type": [415, "The body is of a type that is not taken here"],
  "bundle-refused": [422, "The bundle cannot be used"],
  "too-many-requests": [429, "There were too many requests"],
  failed: [500, "Something went wrong in the Worker"],
  "origin-unreachable": [502, "The origin did not answer"],
  "no-bundle": [503, "There is no bundle"],
  "no-store": [503, "There is no store for bundles"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

/** What is said may repeat what was sent, so nobody may take it for a page. */
const HEADERS = {
  "content-type": "application/problem+json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

export type ProblemKind = keyof typeof TITLES;

/** An error as problem details (RFC 9457): what kind, what happened, and whatever else there is to say. */
export function problem(
  kind: ProblemKind,
  detail: string,
  extra: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  const [status, title] = TITLES[kind];
  return Response.json(
    { type: EXPLAINED + kind, title, status, detail, ...extra },
    { status, headers: { ...headers, ...HEADERS } },
  );
}
