import { frequencyClasses, type FrequencyClass, type Reach } from '../resolvedSite';
import type { Membership, ObjectKindId } from './membership';
import { objectKinds } from './objectKinds';

/** A site as far as forming objects needs it. */
export interface ObjectSite {
  readonly file: string;
  readonly accountedBy: string | null;
  readonly objects: readonly Membership[];
  readonly reach: readonly Reach[];
}

export interface Member<T> {
  readonly site: T;
  readonly membership: Membership;
}

/** What the kernel creates as one, with the sites that allocate its percpu memory. */
export interface FormedObject<T> {
  readonly kind: ObjectKindId;
  readonly variant: string | null;
  /** `ext4 superblock`, `network namespace`, `created in nvme_probe`. */
  readonly name: string;
  readonly frequencyClass: FrequencyClass;
  /** In the order of the files and their text; those that every object of the kind has first. */
  readonly members: readonly Member<T>[];
  /** Sums over the CPUs when one is released. */
  readonly sums: readonly Member<T>[];
}

/**
 * Groups sites by the objects they are a part of. An object of a variant has what every object of its kind has, and
 * its own; a byte that another site accounts for is no part.
 */
export function formObjects<T>(sites: readonly T[], siteOf: (one: T) => ObjectSite): readonly FormedObject<T>[] {
  const groups = new Map<string, Member<T>[]>();
  for (const one of sites) {
    const site = siteOf(one);
    if (site.accountedBy !== null) continue;
    for (const membership of site.objects) {
      const key = keyOf(membership.kind, membership.variant);
      groups.set(key, [...(groups.get(key) ?? []), { site: one, membership }]);
    }
  }
  return [...groups.values()].filter((members) => members.some(isMade)).map((members) => formed(members, groups, siteOf)).sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function keyOf(kind: ObjectKindId, variant: string | null): string {
  return `${kind}\0${variant ?? ''}`;
}

function formed<T>(own: readonly Member<T>[], groups: ReadonlyMap<string, readonly Member<T>[]>, siteOf: (one: T) => ObjectSite): FormedObject<T> {
  const first = own.find(isMade) ?? own[0];
  if (first === undefined) throw new Error('a group has a member');
  const { kind, variant } = first.membership;
  const common = inherits(kind, variant) ? (groups.get(keyOf(kind, null)) ?? []) : [];
  const all = [...common, ...own.filter(({ site }) => !common.some((other) => other.site === site))];
  return { kind, variant, name: objectName(kind, variant), frequencyClass: classOf(kind, siteOf(first.site)), members: all.filter(isMade), sums: all.filter((member) => !isMade(member)) };
}

function isMade<T>({ membership }: Member<T>): boolean {
  return membership.phase === 'create';
}

/** Where the variant decides what it has of what is common, its own memberships say so. */
function inherits(kind: ObjectKindId, variant: string | null): boolean {
  return variant !== null && kind !== 'creator' && objectKinds.find(({ id }) => id === kind)?.decidedBy === undefined;
}

/** Words for an object. */
export function objectName(kind: ObjectKindId, variant: string | null): string {
  if (kind === 'creator') return `created in ${(variant ?? '').replace(/^.* /, '')}`;
  const known = objectKinds.find(({ id }) => id === kind)?.name ?? kind;
  return variant === null ? known : `${variant} ${known}`;
}

function classOf(kind: ObjectKindId, first: ObjectSite): FrequencyClass {
  return objectKinds.find(({ id }) => id === kind)?.frequencyClass ?? first.reach[0]?.frequencyClass ?? 'unknown';
}

function rank({ frequencyClass }: { readonly frequencyClass: FrequencyClass }): number {
  return frequencyClasses.indexOf(frequencyClass);
}
