import type { KernelVersion } from '../kernel/version';
import { composeLifeCycles } from '../lifecycle/compose';
import type { Area, LifeCycle, ObjectKind } from '../lifecycle/lifeCycle';
import { objectLifeCycle } from '../lifecycle/object';
import { objectName } from '../resolve/objects/formObjects';
import { objectKinds } from '../resolve/objects/objectKinds';
import type { ObjectKindId } from '../resolve/objects/membership';
import { type FrequencyClass, frequencyClasses, type ResolvedSite } from '../resolve/resolvedSite';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { evaluate } from './evaluation';
import { createdWith } from './formedObjects';

/** A kind of object, and what triggers its creation. */
export interface KnownKind {
  readonly id: ObjectKindId;
  readonly frequencyClass: FrequencyClass;
}

/** What strategies are judged on: everything that is created together with a site, as one. */
export interface Subject {
  readonly name: string;
  readonly sites: readonly SnapshotSite[];
  readonly lifeCycle: LifeCycle;
  /** What is created with it but not known, so that a share of the whole would mislead; null where all is known. */
  readonly missing: string | null;
  /** The kind of object; null where it is none that is known, so that its rate is not known either. */
  readonly kind: KnownKind | null;
}

/**
 * What is created together with a site in its file: the site's own, and those of the same objects. Nothing where the
 * site is no part of any object.
 */
function createdTogether(snapshot: Snapshot, site: SnapshotSite): readonly SnapshotSite[] {
  return (snapshot.sites.get(site.site.file) ?? []).filter((other) => other.id === site.id || (other.site.accountedBy === null && createdWith(site, other)));
}

/** The object that a site belongs to, as far as its file creates it. Null where nothing there has a known life. */
export function subjectOf(snapshot: Snapshot, site: SnapshotSite): Subject | null {
  const sites = site.site.objects.length === 0 ? [] : createdTogether(snapshot, site);
  const known = sites.flatMap(({ site: one }) => {
    const { lifeCycle } = evaluate(one, snapshot);
    return lifeCycle === null || lifeCycle.create.length === 0 ? [] : [{ site: one, lifeCycle }];
  });
  const lives = known.map(({ lifeCycle }) => lifeCycle);
  const name = nameOf(site.site);
  const composed = composeLifeCycles(name, lives);
  if (composed === null) return null;
  const lifeCycle = wholeLife(site.site, composed, snapshot.kernel);
  const unknown = sites.filter(({ site: one }) => one.size.size !== 0 && !known.some((other) => other.site === one));
  const recorded = lifeCycle !== composed;
  return { name: recorded ? lifeCycle.subject : name, sites, lifeCycle, kind: knownKind(site.site), missing: recorded ? null : missingText(unknown) };
}

/** `ext4 superblock`; where several variants share the site, the kind: `tc action`. */
function nameOf({ objects }: ResolvedSite): string {
  const [first, ...more] = objects;
  if (first === undefined) return 'no object';
  return more.some(({ kind }) => kind === first.kind) ? objectName(first.kind, null) : objectName(first.kind, first.variant);
}

function missingText(unknown: readonly SnapshotSite[]): string | null {
  const [first] = unknown;
  if (first === undefined) return null;
  const others = unknown.length === 1 ? '' : ` and ${unknown.length - 1} more`;
  return `${first.site.fact.api} on line ${first.site.fact.line}${others} is created with it and not known: ${first.site.size.reason}`;
}

const recordedKinds: Partial<Record<ObjectKindId, ObjectKind>> = { mm: 'mm', 'tc-action': 'tc-action' };

/** The object as recorded on a real kernel, if what it allocates is what was found. */
function knownObject({ objects }: ResolvedSite, found: LifeCycle, kernel: KernelVersion): LifeCycle | null {
  const kind = objects[0] === undefined ? undefined : recordedKinds[objects[0].kind];
  const object = kind === undefined ? null : objectLifeCycle(kind, kernel);
  return object !== null && sameAreas(object, found) ? object : null;
}

function sameAreas(a: LifeCycle, b: LifeCycle): boolean {
  const sizes = (lifeCycle: LifeCycle): string => lifeCycle.areas.map(({ size }) => size).sort((x, y) => x - y).join();
  return sizes(a) === sizes(b);
}

/** The life of the whole object as recorded, with what no site shows (an mm's sums at exit), where it is the one found; else what was found. */
export function wholeLife(site: ResolvedSite, found: LifeCycle, kernel: KernelVersion): LifeCycle {
  const object = knownObject(site, found, kernel);
  return object === null ? found : withOrigins(object, found);
}

/** A recorded object whose areas come from the sites found: recorded and found in the same order. */
function withOrigins(object: LifeCycle, found: LifeCycle): LifeCycle {
  if (!object.areas.every(({ size }, index) => found.areas[index]?.size === size)) return object;
  return { ...object, areas: object.areas.map((area, index) => ({ ...area, ...originOf(found.areas[index]) })) };
}

function originOf(area: Area | undefined): Pick<Area, 'origin'> {
  return area?.origin === undefined ? {} : { origin: area.origin };
}

/** The most frequent kind of object that a site is a part of; null where none is known. */
export function knownKind({ objects }: Pick<ResolvedSite, 'objects'>): KnownKind | null {
  const kinds = objectKinds.filter(({ id }) => objects.some(({ kind }) => kind === id));
  const [first] = [...kinds].sort((a, b) => frequencyClasses.indexOf(a.frequencyClass) - frequencyClasses.indexOf(b.frequencyClass));
  return first === undefined ? null : { id: first.id, frequencyClass: first.frequencyClass };
}
