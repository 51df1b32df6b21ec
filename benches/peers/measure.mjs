// Interleaved timing: every candidate runs once a round, so that whatever else the machine does meets all of them alike.

/** How long one turn of a candidate takes at least, in milliseconds: long against the clock's resolution and a collection. */
const TURN = 25;

/** How many turns each has: what warms up slowly is warm for most of them. */
const ROUNDS = 61;

/**
 * The median time of one call of each candidate, in microseconds. A candidate is a function of a number that counts up, so
 * that no two calls in a row are the same.
 */
export function medians(candidates) {
  const turns = Object.entries(candidates).map(([name, run]) => ({ name, run, calls: calibrate(run), times: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const turn of turns) {
      // What one leaves behind is not to be cleaned up in the next one's time.
      globalThis.gc({ type: "minor" });
      turn.times.push(time(turn.run, turn.calls, round * turn.calls));
    }
  }
  return Object.fromEntries(turns.map(({ name, times }) => [name, median(times)]));
}

/** How many calls fill a turn, once the candidate is warm. */
function calibrate(run) {
  let calls = 1;
  for (;;) {
    const spent = time(run, calls, 0) * calls;
    if (spent >= TURN * 1000) return calls;
    calls = Math.ceil(calls * Math.min(10, Math.max(1.2, (TURN * 1200) / Math.max(spent, 1))));
  }
}

function time(run, calls, first) {
  const start = performance.now();
  for (let call = 0; call < calls; call++) run(first + call);
  return ((performance.now() - start) * 1000) / calls;
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
