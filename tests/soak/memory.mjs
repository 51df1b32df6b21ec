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

/**
 * What became of the memory: at the start, and after the first fifth, which warms up, in the first and in the last quarter of the rest.
 * It counts as flat when the last is at most a tenth above the first.
 */
export function memoryOf(samples) {
  const rest = samples.slice(Math.floor(samples.length / 5));
  const quarter = Math.max(1, Math.floor(rest.length / 4));
  const warm = mean(rest.slice(0, quarter));
  const end = mean(rest.slice(-quarter));
  return {
    start: samples[0].bytes / MB,
    warm,
    end,
    most: Math.max(...samples.map(({ bytes }) => bytes)) / MB,
    slope: slopeOf(rest),
    isFlat: end <= warm * 1.1,
  };
}
