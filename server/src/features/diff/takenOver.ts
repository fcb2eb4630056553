import { assignsMember, takeOvers, type TakeOver } from '../../kernel/takeOvers';
import type { SnapshotSite } from '../../workspace/snapshot';

/** Text of a file as it is after the change; undefined where there is none. */
export type ReadText = (file: string) => string | undefined;

/** Files whose calls fell away because the core allocates for them now. */
export interface TakenOver {
  readonly takeOver: TakeOver;
  readonly files: ReadonlySet<string>;
}

/** Looks which files with removed calls ask the core for the memory instead. */
export function takenOverFiles(removed: readonly SnapshotSite[], renamed: ReadonlyMap<string, string>, readAfter: ReadText): readonly TakenOver[] {
  return takeOvers.flatMap((takeOver) => {
    const candidates = new Set(removed.filter(({ site }) => takeOver.apis.includes(site.fact.api)).map(({ site }) => site.file));
    const files = [...candidates].filter((file) => assignsMember(readAfter(renamed.get(file) ?? file) ?? '', takeOver.member));
    return files.length === 0 ? [] : [{ takeOver, files: new Set(files) }];
  });
}

/** Why a removed call is no saving; null where it is not known to be taken over. */
export function takenOverNote({ site }: SnapshotSite, taken: readonly TakenOver[]): string | null {
  const found = taken.find(({ takeOver, files }) => takeOver.apis.includes(site.fact.api) && files.has(site.file));
  return found === undefined ? null : `the file sets ${found.takeOver.member} now, so ${found.takeOver.by} allocates it`;
}

/** Where the calls of an API went that are gone. */
export function takenOverCalls(api: string, taken: readonly TakenOver[]): string | null {
  const found = taken.find(({ takeOver }) => takeOver.apis.includes(api));
  if (found === undefined) return null;
  const count = found.files.size;
  const who = count === 1 ? '1 file sets' : `${count} files set`;
  return `${who} ${found.takeOver.member} instead and share the calls in ${found.takeOver.by}`;
}
