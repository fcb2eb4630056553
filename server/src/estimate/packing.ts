import { reservedSize } from '../lifecycle/allocation';
import type { Area } from '../lifecycle/lifeCycle';
import type { Interval } from '../util/interval';

/** Objects placed one after the other to see how their areas pack. */
const run = 64;

/**
 * Bytes on all possible CPUs that one object's areas take: the areas alone at least, with the gaps that alignment
 * leaves when such objects are placed one after the other at most; areas of others fill some of the gaps.
 */
export function packedBytes(areas: readonly Area[], possibleCpus: number): Interval {
  const alone = areas.reduce((sum, { size }) => sum + reservedSize(size), 0) * possibleCpus;
  const packed = strideOf(areas) * possibleCpus;
  return { low: alone, mid: alone, high: packed };
}

function strideOf(areas: readonly Area[]): number {
  let end = 0;
  for (let count = 0; count < run; count++) {
    for (const { size, align } of areas) end = Math.ceil(end / align) * align + reservedSize(size);
  }
  return Math.max(end / run, areas.reduce((sum, { size }) => sum + reservedSize(size), 0));
}
