/* Histograms out of what /metrics says (a map from `name{label="value"}` to a number). */

const UNITS = [
  [/_us$|_microseconds$/, 1e-3],
  [/_ms$|_milliseconds$/, 1],
  [/_seconds$|_s$/, 1e3],
];

/** The unit's factor to milliseconds, by the metric's name. */
function toMs(name) {
  return UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? 1;
}

/**
 * A percentile of the first histogram whose name has `word` in it, in ms.
 * @param {Map<string, number>} samples
 * @param {number} share 0 to 1
 * @returns {{ name: string, count: number, ms: number, upper_ms: number } | null} ms: interpolated inside the bucket whose upper
 *   end is upper_ms
 */
export function histogramPercentile(samples, word, share) {
  const buckets = [...samples]
    .map(([key, count]) => ({ match: key.match(/^(\w+)_bucket\{(?:.*,)?le="([^"]+)".*\}$/), count }))
    .filter(({ match }) => match?.[1].includes(word));
  if (!buckets.length) return null;
  const name = buckets[0].match[1];
  const steps = buckets
    .filter(({ match }) => match[1] === name)
    .map(({ match, count }) => ({ le: match[2] === '+Inf' ? Infinity : Number(match[2]), count }))
    .sort((a, b) => a.le - b.le);
  const count = steps.at(-1).count;
  if (!count) return null;
  const wanted = share * count;
  const at = steps.findIndex((step) => step.count >= wanted);
  const below = steps[at - 1] ?? { le: 0, count: 0 };
  const { le, count: upTo } = steps[at];
  const inside = Number.isFinite(le)
    ? below.le + ((le - below.le) * (wanted - below.count)) / (upTo - below.count || 1)
    : Infinity;
  return { name, count, ms: inside * toMs(name), upper_ms: le * toMs(name) };
}
