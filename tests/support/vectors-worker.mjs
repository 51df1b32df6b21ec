// A Worker that runs the vectors with the package as Workers import it. It is sent what has been compiled elsewhere, and
// answers with what every vector gave.

import { load } from "slotwise";
import { profiles } from "slotwise/profile";
import { ranks } from "slotwise/rank";
import { planOf, runPlan } from "./vectors.mjs";

export default {
  async fetch(request) {
    try {
      const { documents, files } = await request.json();
      const bytesOf = (file) => Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
      const engines = await Promise.all(files.map((file) => load(bytesOf(file), { profiles, ranks })));
      return Response.json({ ...runPlan(planOf(documents), engines, await profiles()), id: engines[0].mintId() });
    } catch (thrown) {
      return Response.json({ failures: [{ file: "the Worker", name: "itself", problem: thrown.stack }] });
    }
  },
};
