import type { SiteFact } from '../../facts/fileFacts';
import { catalogueFor } from '../../kernel/catalogue';
import type { Api } from '../../kernel/api';
import type { KnownDetails } from '../../resolve/resolveSites';
import type { SiteDetails } from '../../resolve/siteDetails';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import type { Wrapper } from '../../resolve/wrappers';
import { cFilesNamedIn } from '../edited/hostsAsBefore';
import { lastPart } from '../edited/lastPart';
import { isSource } from '../sourceFiles';
import { includersOf } from './includeTable';
import { typeMeaning } from './typeMeaning';
import type { TreeState } from './treeState';

/** A state that is resolved, and what differs from it in another. */
export interface Derivation {
  readonly from: TreeState;
  /** Paths that may differ, of both. */
  readonly changed: ReadonlySet<string>;
  readonly readBefore: (file: string) => string | undefined;
  readonly readAfter: (file: string) => string | undefined;
}

export interface Known {
  readonly known: KnownDetails;
  /** True where nothing that the file's types are read from differs. */
  readonly isSame: (file: string) => boolean;
}

/** Folders where what the catalogue's APIs allocate is defined; a change there counts for all of them. */
const coreFolders = /^(mm|kernel|lib|block|net\/core)\//;

/**
 * What of the sites' own details need not be worked out again: all of a file that is the same, whose headers mean the
 * same to types, and whose wrappers are the same. A build file that changed counts for all below its folder, and a
 * header that came or went for all that include one of its name.
 */
export function knownSites({ from, changed, readBefore, readAfter }: Derivation): Known {
  const moved = [...changed].filter((file) => !isSource(file) || typeMeaning(file, readBefore(file) ?? '') !== typeMeaning(file, readAfter(file) ?? ''));
  const sources = new Set(moved.filter(isSource).flatMap((file) => namesakes(file, from, readBefore, readAfter)));
  const includers = includersOf(from.includes, sources);
  const folders = moved.filter(isBuildFile).map((file) => file.slice(0, file.lastIndexOf('/') + 1));
  const came = moved.some((file) => file.endsWith('.h') && (readBefore(file) === undefined) !== (readAfter(file) === undefined));
  // They may be compiled as parts of the files that name them now.
  const parts = new Set([...changed].filter((file) => file.endsWith('.c')).flatMap((file) => [...cFilesNamedIn(readAfter(file) ?? '')]));
  const isSame = (file: string): boolean => !changed.has(file) && !includers.has(file) && !parts.has(lastPart(file)) && !folders.some((folder) => file.startsWith(folder));
  const core = [...sources].some((file) => coreFolders.test(file));
  const bySite = new Map<string, ResolvedSite>();
  for (const [file, sites] of from.sites) if (isSame(file)) for (const site of sites) bySite.set(siteKey(file, site.fact), site);
  const { byName } = catalogueFor(null);
  return {
    isSame,
    known: (file, fact, wrapper) => {
      const site = bySite.get(siteKey(file, fact));
      if (site === undefined || (came && site.size.size === null)) return undefined;
      if (!isWrapperSame(wrapper, site, isSame) || wrapper?.inner.some((inner) => !byName.has(inner.site.api)) === true || !isCatalogueSame(site, byName.get(fact.api), core, isSame)) return undefined;
      return detailsOf(site);
    },
  };
}

function siteKey(file: string, { api, span }: SiteFact): string {
  return `${file}\0${span.start}\0${api}`;
}

function isBuildFile(file: string): boolean {
  return /(^|\/)(Makefile|Kbuild)[^/]*$/.test(file);
}

/** A header that is new may be found in place of another of its name. */
function namesakes(file: string, { includes }: TreeState, readBefore: Derivation['readBefore'], readAfter: Derivation['readAfter']): readonly string[] {
  if (readBefore(file) !== undefined && readAfter(file) !== undefined) return [file];
  const name = `/${file.slice(file.lastIndexOf('/') + 1)}`;
  return [file, ...includes.names.filter((other) => `/${other}`.endsWith(name))];
}

function isWrapperSame(wrapper: Wrapper | undefined, { via }: ResolvedSite, isSame: (file: string) => boolean): boolean {
  if (wrapper === undefined) return via.length === 0;
  return via[0] === wrapper.name && isSame(wrapper.file) && wrapper.inner.every(({ file }) => isSame(file));
}

/** Sizes that the catalogue knows by a type are read where the API is defined. */
function isCatalogueSame({ size }: ResolvedSite, api: Api | undefined, core: boolean, isSame: (file: string) => boolean): boolean {
  return size.source !== 'catalogue' || (!core && (api === undefined || isSame(api.source)));
}

function detailsOf({ type, size, count, turns, gfp, atomic, batch, member }: ResolvedSite): SiteDetails {
  return { type, size, count, turns, gfp, atomic, batch, member };
}
