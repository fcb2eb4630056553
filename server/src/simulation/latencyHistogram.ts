/**
 * Counts of durations in buckets of equal relative width (1/64 of a power of two: at most 1.6 %), from
 * 1 ns to about 4.6 days.
 */
export interface LatencyHistogram {
  readonly counts: Float64Array;
  total: number;
}

const SUB_BITS = 6;
const SUB = 1 << SUB_BITS;
const OCTAVES = 49;
const TWO_31 = 2147483648;

export function latencyHistogram(): LatencyHistogram {
  return { counts: new Float64Array(SUB * OCTAVES), total: 0 };
}

export function addLatency(histogram: LatencyHistogram, ns: number): void {
  const bucket = bucketOf(ns);
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.total += 1;
}

export function clearLatencies(histogram: LatencyHistogram): void {
  histogram.counts.fill(0);
  histogram.total = 0;
}

export function mergeLatencies(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const merged = latencyHistogram();
  for (const { counts, total } of histograms) {
    counts.forEach((count, bucket) => (merged.counts[bucket] = (merged.counts[bucket] ?? 0) + count));
    merged.total += total;
  }
  return merged;
}

/** The duration below which `share` of the counts lie, interpolated inside its bucket; NaN without counts. */
export function percentile(histogram: LatencyHistogram, share: number): number {
  if (histogram.total === 0) return Number.NaN;
  const wanted = share * histogram.total;
  let before = 0;
  for (let bucket = 0; bucket < histogram.counts.length; bucket += 1) {
    const count = histogram.counts[bucket] ?? 0;
    if (count > 0 && before + count >= wanted) {
      const low = lowerBound(bucket);
      return low + (lowerBound(bucket + 1) - low) * ((wanted - before) / count);
    }
    before += count;
  }
  return lowerBound(histogram.counts.length);
}

/** The first octave holds 0…63 ns in steps of 1 ns, each further one a power of two. */
function bucketOf(ns: number): number {
  let value = ns < 0 ? 0 : ns;
  let octave = 0;
  if (value >= TWO_31) {
    while (value >= TWO_31) {
      value /= 2;
      octave += 1;
    }
  }
  const whole = value | 0;
  if (whole < SUB) return Math.min(whole, SUB - 1);
  const shift = 31 - SUB_BITS - Math.clz32(whole);
  octave += shift + 1;
  return Math.min(octave * SUB + ((whole >> shift) - SUB), SUB * OCTAVES - 1);
}

function lowerBound(bucket: number): number {
  const octave = Math.floor(bucket / SUB);
  if (octave === 0) return bucket;
  return (SUB + (bucket % SUB)) * 2 ** (octave - 1);
}
