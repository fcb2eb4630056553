import type { KernelVersion } from '../kernel/version';
import { composeLifeCycles } from '../lifecycle/compose';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { objectKinds, objectLifeCycle } from '../lifecycle/object';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { evaluate } from './evaluation';

/** What strategies are judged on: everything that is created together with a site, as one. */
export interface Subject {
  readonly name: string;
  readonly sites: readonly SnapshotSite[];
  readonly lifeCycle: LifeCycle;
  /** What is created with it but not known, so that a share of the whole would mislead; null where all is known. */
  readonly missing: string | null;
}

const creatingKinds: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect']);

/** The sites of one function that create memory, in the order of the source. */
export function createdTogether(snapshot: Snapshot, file: string, functionName: string | null): readonly SnapshotSite[] {
  if (functionName === null) return [];
  return (snapshot.sites.get(file) ?? []).filter(
    ({ site }) => site.fact.function === functionName && creatingKinds.has(site.fact.kind) && !site.fact.inMacro,
  );
}

/**
 * The whole object that a site belongs to: one that the kernel creates in the site's function where its areas agree
 * with those found there, else what that function creates. Null where nothing there has a known life.
 */
export function subjectOf(snapshot: Snapshot, { site }: SnapshotSite): Subject | null {
  const sites = createdTogether(snapshot, site.file, site.fact.function);
  const known = sites.flatMap(({ site: one }) => {
    const { lifeCycle } = evaluate(one, snapshot);
    return lifeCycle === null || lifeCycle.create.length === 0 ? [] : [{ site: one, lifeCycle }];
  });
  const lives = known.map(({ lifeCycle }) => lifeCycle);
  const name = `created in ${site.fact.function ?? 'one place'}`;
  const composed = composeLifeCycles(name, lives);
  if (composed === null) return null;
  const object = knownObject(site, composed, snapshot.kernel);
  const unknown = sites.filter(({ site: one }) => one.size.size !== 0 && !known.some((other) => other.site === one));
  return { name: object?.subject ?? name, sites, lifeCycle: object ?? composed, missing: object === null ? missingText(unknown) : null };
}

function missingText(unknown: readonly SnapshotSite[]): string | null {
  const [first] = unknown;
  if (first === undefined) return null;
  const others = unknown.length === 1 ? '' : ` and ${unknown.length - 1} more`;
  return `${first.site.fact.api} on line ${first.site.fact.line}${others} is created with it and not known: ${first.site.size.reason}`;
}

/** An object that the kernel is known to create there, if what it allocates is what was found. */
function knownObject(site: ResolvedSite, found: LifeCycle, kernel: KernelVersion): LifeCycle | null {
  const place = `${site.file} ${site.fact.function ?? ''}`;
  for (const kind of objectKinds) {
    const object = objectLifeCycle(kind, kernel);
    if (object?.sites.includes(place) === true && sameAreas(object, found)) return object;
  }
  return null;
}

function sameAreas(a: LifeCycle, b: LifeCycle): boolean {
  const sizes = (lifeCycle: LifeCycle): string => lifeCycle.areas.map(({ size }) => size).sort((x, y) => x - y).join();
  return sizes(a) === sizes(b);
}
