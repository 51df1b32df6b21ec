// Measures one topic and prints its rows as JSON: node --expose-gc topic.mjs TOPIC

import { writeFileSync } from "node:fs";

const { rows } = await import(`./${process.argv[2]}.mjs`);
const measured = await rows((line) => console.error(`==> ${line}`));
writeFileSync(1, JSON.stringify(measured));
// Some peers keep timers that would keep the process.
process.exit();
