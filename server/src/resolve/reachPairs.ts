import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';

/** A site with the file it is in. */
export interface PlacedSite {
  readonly file: string;
  readonly site: SiteFact;
}

/** What a site creates or releases, and the sites at the other end of its life. */
export interface Pairing {
  creationsOf(file: string, site: SiteFact): readonly PlacedSite[];
  releasesOf(file: string, site: SiteFact): readonly PlacedSite[];
}

/**
 * Pairs creations with releases by the member that holds the memory: `mm->pcpu_cid = alloc_percpu(…)` with
 * `free_percpu(mm->pcpu_cid)`. Members pair within a folder, else with the only other folder that has one of that
 * name; plain variables pair within their file.
 */
export function pairing(
  files: ReadonlyMap<string, { readonly sites: readonly SiteFact[] }>,
  apiOf: (name: string) => Api | undefined,
): Pairing {
  const creations = emptyEnds();
  const releases = emptyEnds();
  for (const [file, { sites }] of files) {
    for (const site of sites) {
      const holder = holderOf(site, apiOf(site.api));
      if (holder === null) continue;
      if (creates(site)) add(creations, file, site, holder);
      else if (releasesMemory(site)) add(releases, file, site, holder);
    }
  }
  return {
    creationsOf: (file, site) => otherEnd(creations, file, holderOf(site, apiOf(site.api))),
    releasesOf: (file, site) => otherEnd(releases, file, holderOf(site, apiOf(site.api))),
  };
}

export function creates({ kind, family }: SiteFact): boolean {
  return family !== 'static' && (kind === 'alloc' || kind === 'init' || kind === 'indirect');
}

export function releasesMemory({ kind }: SiteFact): boolean {
  return kind === 'free' || kind === 'destroy';
}

/** What holds the memory of a site: sites are paired by its name. */
export interface Holder {
  /** `pcpu_cid` of `mm->pcpu_cid`, `&mm->rss_stat[0]` is `rss_stat`. */
  readonly name: string;
  readonly isMember: boolean;
}

/** What holds the memory: the object that is initialised or released, else the result's place. */
export function holderOf(site: SiteFact, api: Api | undefined): Holder | null {
  const target = api?.roles.target;
  const written = target === undefined ? site.assignedTo : site.arguments[target];
  if (written === null || written === undefined) return null;
  const plain = written.replace(/\[[^\]]*\]|\([^()]*\*\s*\)|[()&*\s]|__percpu/g, '');
  const match = /^((?:[A-Za-z_]\w*(?:->|\.))*)([A-Za-z_]\w*)$/.exec(plain);
  return match?.[2] === undefined ? null : { name: match[2], isMember: match[1] !== '' };
}

interface Ends {
  readonly byFile: Map<string, PlacedSite[]>;
  readonly byFolder: Map<string, PlacedSite[]>;
  readonly byName: Map<string, PlacedSite[]>;
}

function emptyEnds(): Ends {
  return { byFile: new Map(), byFolder: new Map(), byName: new Map() };
}

function add(ends: Ends, file: string, site: SiteFact, holder: Holder): void {
  const placed = { file, site };
  append(ends.byFile, `${file} ${holder.name}`, placed);
  if (!holder.isMember) return;
  append(ends.byFolder, `${folderOf(file)} ${holder.name}`, placed);
  append(ends.byName, holder.name, placed);
}

function otherEnd(ends: Ends, file: string, holder: Holder | null): readonly PlacedSite[] {
  if (holder === null) return [];
  const near = ends.byFile.get(`${file} ${holder.name}`);
  if (near !== undefined || !holder.isMember) return near ?? [];
  const beside = ends.byFolder.get(`${folderOf(file)} ${holder.name}`);
  if (beside !== undefined) return beside;
  const all = ends.byName.get(holder.name) ?? [];
  return new Set(all.map((placed) => folderOf(placed.file))).size === 1 ? all : [];
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function append(map: Map<string, PlacedSite[]>, key: string, placed: PlacedSite): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [placed]);
  else known.push(placed);
}
