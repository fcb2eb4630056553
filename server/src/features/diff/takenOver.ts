import { assignsMember, takeOvers, type TakeOver } from '../../kernel/takeOvers';
import type { SnapshotSite } from '../../workspace/snapshot';

/** Text of a file as it is after the change; undefined where there is none. */
export type ReadText = (file: string) => string | undefined;

/** Files whose calls fell away because the core allocates for them now. */
export interface TakenOver {
  readonly takeOver: TakeOver;
  /** Of each API those that called it. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Looks which files with removed calls ask the core for the memory instead. */
export function takenOverFiles(removed: readonly SnapshotSite[], renamed: ReadonlyMap<string, string>, readAfter: ReadText): readonly TakenOver[] {
  const asks = (file: string, { member }: TakeOver): boolean => assignsMember(readAfter(renamed.get(file) ?? file) ?? '', member);
  return takeOvers.map((takeOver) => {
    const callers = (api: string): ReadonlySet<string> => new Set(removed.filter(({ site }) => site.fact.api === api).map(({ site }) => site.file));
    return { takeOver, files: new Map(takeOver.apis.map((api) => [api, new Set([...callers(api)].filter((file) => asks(file, takeOver)))])) };
  });
}

/** Why a removed call is no saving; null where it is not known to be taken over. */
export function takenOverNote({ site }: SnapshotSite, taken: readonly TakenOver[]): string | null {
  const found = taken.find(({ files }) => files.get(site.fact.api)?.has(site.file) === true);
  return found === undefined ? null : `the file sets ${found.takeOver.member} now, so ${found.takeOver.by} allocates it`;
}

/** Where the calls of an API went that are gone. */
export function takenOverCalls(api: string, taken: readonly TakenOver[]): string | null {
  const found = taken.find(({ files }) => (files.get(api)?.size ?? 0) > 0);
  if (found === undefined) return null;
  const count = found.files.get(api)?.size ?? 0;
  const who = count === 1 ? '1 file sets' : `${count} files set`;
  return `${who} ${found.takeOver.member} instead and share the calls in ${found.takeOver.by}`;
}
