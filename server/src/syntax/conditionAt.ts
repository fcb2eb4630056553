import { conditionText, outsideConditions } from './conditions';
import type { Scan } from './segment';

/** The conjunction of the `#if`s open at `offset`; null outside any. */
export function conditionAt(scan: Pick<Scan, 'marks'>, offset: number): string | null {
  let low = 0;
  let high = scan.marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scan.marks[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return conditionText(scan.marks[low - 1]?.conditions ?? outsideConditions);
}
