import type { Limit } from '../../profile/limit';
import type { DiffReport, DiffSide } from '../../protocol/diff';
import { formatKernelVersion } from '../../kernel/version';
import { siteCount, type Snapshot } from '../../workspace/snapshot';
import { apiDifferences } from './apiDifferences';
import { brokenLimits } from './brokenLimits';
import { classDifferences } from './classDifferences';
import { matchSites } from './matchSites';
import { objectChanges } from './objectChanges';
import { siteChanges } from './siteChanges';
import { takenOverFiles, type ReadText } from './takenOver';

export interface ComparedTree {
  /** As the person named it. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

export interface DifferenceOptions {
  /** Text of a file after the change. */
  readonly readAfter: ReadText;
  /** What files of the one are called in the other, where they were renamed. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly limits: readonly Limit[];
  /** What bounds the answer, in sentences. */
  readonly notes: readonly string[];
}

/** What one state of a tree costs more or less than another, on the machine of the second. */
export function treeDifference(before: ComparedTree, after: ComparedTree, options: DifferenceOptions): DiffReport {
  const [one, other] = [before.snapshot, after.snapshot];
  const match = matchSites(one.sites, other.sites, options.renamed);
  const taken = takenOverFiles(match.removed, options.renamed, options.readAfter);
  const { changes, moved } = siteChanges(match, one, other, taken);
  const totals = classDifferences(one, other, changes);
  const { name, calibrated, topology } = other.machine;
  return {
    before: side(before),
    after: side(after),
    machine: name,
    calibrated,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    totals,
    apis: apiDifferences(one, other, taken),
    changes,
    objects: objectChanges(one, other, changes),
    moved,
    broken_limits: brokenLimits(options.limits, totals),
    notes: options.notes,
    problems: other.problems,
  };
}

function side({ name, snapshot }: ComparedTree): DiffSide {
  return { name, kernel: formatKernelVersion(snapshot.kernel), kconfig: snapshot.kconfigOrigin, sites: siteCount(snapshot) };
}
