import type { Snapshot } from '../workspace/snapshot';
import type { Subject } from './subject';

/** Why no gain can be given for what a site is created with; null where it can. */
export function withheldBecause({ timesNotModelled }: Snapshot, subject: Pick<Subject, 'missing'> | null): string | null {
  return timesNotModelled === null ? (subject?.missing ?? null) : `times are not modelled: ${timesNotModelled}`;
}
