// What reads text that a visitor can send: the sources of the package and of the Worker, bundled, since some of it is in no
// entry of the package.

import { build } from "esbuild";

const SOURCES = [
  "pkg/src/visitor/cookies.ts",
  "pkg/src/visitor/consent.ts",
  "pkg/src/visitor/sticky.ts",
  "pkg/src/visitor/profile.ts",
  "pkg/src/handoff/handoff.ts",
  "pkg/src/preview/address.ts",
  "pkg/src/preview/force.ts",
  "pkg/src/browser/facts.ts",
  "worker/src/visitor/persona.ts",
  "worker/src/visitor/visitor.ts",
  "worker/src/visitor/forget.ts",
  "worker/src/routes/body.ts",
  "worker/src/routes/tracked.ts",
];

const { outputFiles } = await build({
  stdin: { contents: SOURCES.map((source) => `export * from "./${source}";`).join("\n"), resolveDir: process.cwd() },
  bundle: true,
  format: "esm",
  write: false,
});

export const parsers = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);
