// How much memory a process takes over time, and whether that grows.

const MB = 1024 * 1024;

/** The mean, in MB. */
const mean = (samples) => samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length / MB;

/** The slope of the line that fits the samples best, in MB a minute. */
export function slopeOf(samples) {
  const middle = samples.reduce((sum, { minute }) => sum + minute, 0) / samples.length;
  const level = mean(samples);
  let both = 0;
  let square = 0;
  for (const { minute, bytes } of samples) {
    both += (minute - middle) * (bytes / MB - level);
    square += (minute - middle) ** 2;
  }
  return both / square;
}

/** Minutes until everything has been used and the heaps have their size; and how many more it takes to tell whether they keep it. */
const WARM_UP = 1;
const JUDGED_AFTER = 3;

/**
 * What became of the memory: at the start, and once warm in the first and in the last quarter of the rest. It counts as flat when the last
 * is at most a tenth above the first; what was too short to tell is `undefined`.
 */
export function memoryOf(samples) {
  const isJudged = samples.at(-1).minute >= JUDGED_AFTER * 0.99;
  const rest = isJudged ? samples.filter(({ minute }) => minute >= WARM_UP) : samples;
  const quarter = Math.max(1, Math.floor(rest.length / 4));
  const warm = mean(rest.slice(0, quarter));
  const end = mean(rest.slice(-quarter));
  return {
    start: samples[0].bytes / MB,
    warm,
    end,
    most: Math.max(...samples.map(({ bytes }) => bytes)) / MB,
    slope: slopeOf(rest),
    isFlat: isJudged ? end <= warm * 1.1 : undefined,
  };
}
