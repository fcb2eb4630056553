import type { ComparedStrategy } from '../estimate/compare';
import type { Gain } from '../estimate/gain';
import { growthOf } from '../lifecycle/growth';
import { formatBytes, formatDurations, formatShare } from '../util/format';
import { exactly } from '../util/interval';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { isHot, triggerWords } from './classWords';
import { withheldBecause } from './withheld';
import type { KnownKind, Subject } from './subject';
import { suppressedAt, suppressionText } from './suppression';

/**
 * Advice is pushed (hints, diagnostics) only where its author could defend it in a review: the object is known and often
 * created, its own code is what changes, nothing gets dearer or less exact for it, and rate × saving is worth a patch.
 */

/** Advice that saves less of creation and destruction together is not worth an interruption. */
export const worthwhileShare = 0.1;
/** CPU time that the whole machine has to save: a thousandth of one CPU. */
const worthwhileCpus = 0.001;
/** Bytes kept ready for each CPU that are no price to speak of. */
const pinnedForEachCpu = 256 * 1024;

/** Why a strategy that applies is not pushed at a site; null where it is. */
export function notPushedBecause(strategy: ComparedStrategy, subject: Subject, site: SnapshotSite, snapshot: Snapshot): string | null {
  if (!strategy.applies || strategy.gain === null) return 'it does not apply';
  const suppressed = suppressedAt(snapshot, strategy.id, site.site);
  if (suppressed !== null) return suppressionText(suppressed);
  const withheld = withheldBecause(snapshot, subject);
  if (withheld !== null) return `its gain is unknown because ${withheld}`;
  return wrongPlace(subject.kind) ?? wrongKind(strategy, subject) ?? wrongPrice(strategy.gain, snapshot) ?? tooLittle(strategy.gain);
}

/** Why nothing is pushed for such objects; null where something may be. */
export function wrongPlace(kind: KnownKind | null): string | null {
  if (kind === null) return 'no object that is known to be created often is created here';
  return isHot(kind.frequencyClass) ? null : `it happens on ${triggerWords(kind.frequencyClass)}: not often enough to interrupt`;
}

function wrongKind({ id, changes, standingKind }: ComparedStrategy, { kind }: Subject): string | null {
  if (changes === 'user space') return 'user space asks for it; there is nothing to change here';
  if (changes !== 'object') return `it changes the ${changes}, not the code here`;
  if (standingKind === 'dropped') return 'the kernel had it and dropped it';
  const stays = kind !== null && growthOf(kind.frequencyClass) > 0;
  return id === 'ctor-dtor' && stays ? 'such objects stay: slab has few constructed ones to hand out again' : null;
}

function wrongPrice({ dearerUpdate, error, pinnedBytes }: Gain, { machine: { topology } }: Snapshot): string | null {
  if (dearerUpdate > 0.5) return `every update costs ${formatDurations(exactly(dearerUpdate))} more`;
  if (error.before !== null && (error.after ?? Infinity) > error.before) return 'reads of the counters get less exact';
  return pinnedBytes > pinnedForEachCpu * topology.onlineCpus ? `it keeps ${formatBytes(pinnedBytes)} ready on the machine` : null;
}

function tooLittle({ saved, savedCpus }: Gain): string | null {
  if (saved === null || saved.mid <= 0) return 'it saves no time on this machine';
  if (saved.mid < worthwhileShare) return `it saves ${formatShare(saved.mid)} of create and destroy, less than a tenth`;
  if (saved.low <= 0) return 'it may save nothing within what is known of the constants';
  if (savedCpus === null) return 'how often such an object is created is not known';
  const cpus = savedCpus.value?.mid ?? 0;
  return cpus < worthwhileCpus ? `at the rate of its class it saves ${formatDurations(exactly(Math.max(0, cpus) * 1e9))} of CPU time a second on the whole machine, less than 1 ms` : null;
}
