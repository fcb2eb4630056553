import type { SiteFact } from '../../facts/fileFacts';
import { catalogueFor } from '../../kernel/catalogue';
import type { EarlierAnswers } from '../../resolve/askedTexts';
import type { KnownDetails, KnownSite } from '../../resolve/resolveSites';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import type { NamedRead } from '../../resolve/unitReads';
import type { Wrapper } from '../../resolve/wrappers';
import type { Basis } from '../edited/basis';
import { definesNamed } from '../edited/definesNamed';
import { functionPlaces } from '../../facts/functionPlaces';
import { onDemand } from '../../util/onDemand';
import { isSource } from '../sourceFiles';
import { samenessOf, type Derivation, type Sameness } from './derivation';
import { includesIn } from './includeTable';
import { knownSizes, type KnownSizes } from './knownSizes';
import { sitePlaces, type SitePlaces } from './sitePlaces';

export interface Known {
  readonly known: KnownDetails;
  readonly sizes: KnownSizes;
  /** Nothing that the file's types are read from means something else to them. */
  readonly meansSame: (file: string) => boolean;
  /** What was asked for the objects of the other state; undefined where that is not known. */
  readonly answers: EarlierAnswers | undefined;
  /** Files whose sites are worked out anew, with all that their types were read from. */
  readonly toRead: () => readonly string[];
  /** Types that the catalogue names: those that are found here as they were there, and those that may not be. */
  readonly named: { readonly same: readonly NamedRead[]; readonly other: readonly NamedRead[] };
}

/**
 * What of the sites' own details need not be worked out again: all of a file that is the same, whose headers mean the
 * same to types, and whose wrappers are the same; of a file that differs in functions alone, what stands in the others.
 */
export function knownSites(derivation: Derivation): Known {
  const { from, changed } = derivation;
  const same = samenessOf(derivation);
  const basis = from.basis();
  const named = basis === null ? { same: [], other: [] } : namedAsBefore(basis, same, derivation);
  const details = onDemand(() => knownDetails(derivation, same, basis !== null && named.other.length === 0));
  return {
    meansSame: same.meansSame,
    toRead: () => {
      const rows = includesIn(from.includes, (file) => changed.has(file) || !same.meansSame(file));
      return [...new Set([...rows].flatMap(([file, files]) => [file, ...files]))];
    },
    answers: basis === null ? undefined : { asked: basis.asked, hasText: (file) => !changed.has(file), hasTypes: same.meansSame, hasBuild: same.isBuiltSame },
    named,
    known: (...site) => details()(...site),
    sizes: knownSizes(derivation, same),
  };
}

/** A type is looked for in its API's file, then where the text of a file seems to define it. */
function namedAsBefore(basis: Pick<Basis, 'named'>, { moved, meansSame }: Sameness, { readBefore, readAfter }: Derivation): Known['named'] {
  const { named } = basis;
  const mayBeElsewhere = !moved.every((file) => file.endsWith('.c')) || [readBefore, readAfter].some((read) => definesNamed(moved, basis, read));
  if (mayBeElsewhere) return { same: [], other: named };
  const isSame = ({ source, units }: NamedRead): boolean => [source, ...units].every(meansSame);
  return { same: named.filter(isSame), other: named.filter((one) => !isSame(one)) };
}

function knownDetails({ from, changed, readBefore, readAfter }: Derivation, same: Sameness, areNamedSame: boolean): KnownDetails {
  const defined = definedIn(changed, [readBefore, readAfter]);
  const before = sitePlaces(changed, readBefore);
  const after = sitePlaces(changed, readAfter);
  const bySite = new Map<string, ResolvedSite>();
  for (const [file, sites] of from.sites) if (same.meansSame(file)) for (const site of sites) bySite.set(siteKey(file, site.fact, before), site);
  const { byName } = catalogueFor(null);
  return (file, fact, wrapper) => {
    const site = same.meansSame(file) ? bySite.get(siteKey(file, fact, after)) : undefined;
    if (site === undefined || (!same.areHeadersThere && site.size.size === null)) return undefined;
    const isPassedOn = wrapper?.inner.some((inner) => !byName.has(inner.site.api)) === true;
    if (!isWrapperSame(wrapper, site, same) || isPassedOn || site.via.some((name) => defined.has(name))) return undefined;
    return areNamedSame || !asksCatalogue(site) ? detailsOf(site) : undefined;
  };
}

function siteKey(file: string, fact: SiteFact, placeOf: SitePlaces): string {
  return `${file}\0${placeOf(file, fact)}\0${fact.api}`;
}

function isWrapperSame(wrapper: Wrapper | undefined, { via }: ResolvedSite, { isSame }: Sameness): boolean {
  if (wrapper === undefined) return via.length === 0;
  return via[0] === wrapper.name && isSame(wrapper.file) && wrapper.inner.every(({ file }) => isSame(file));
}

/** Functions and macros that the files define, or did: a name may mean another of them now. */
function definedIn(files: ReadonlySet<string>, reads: readonly Derivation['readAfter'][]): ReadonlySet<string> {
  const texts = [...files].filter(isSource).flatMap((file) => reads.map((read) => read(file) ?? ''));
  return new Set(texts.flatMap((text) => [...functionPlaces(text).map(({ name }) => name), ...[...text.matchAll(/#[ \t]*define[ \t]+(\w+)/g)].map(([, name = '']) => name)]));
}

/** Sizes that the catalogue knows by a type, and of what a wrapper asks for there may be one among others. */
function asksCatalogue({ size, via }: ResolvedSite): boolean {
  return size.source === 'catalogue' || via.length > 0;
}

function detailsOf({ type, size, count, turns, gfp, atomic, batch, member, walk }: ResolvedSite): KnownSite {
  return { type, size, count, turns, gfp, atomic, batch, member, walk };
}
