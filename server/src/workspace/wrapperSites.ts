import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import { wrapperIn } from '../resolve/linkTree';
import { discoverWrappers, type Wrapper } from '../resolve/wrappers';
import type { IndexedFacts, PassingFacts } from './factsMessages';
import { mayCallOne } from './callerSearch';
import { distinctApis, wrapperRounds } from './linkFiles';
import { scanFiles, supplyOf, type ScanOptions } from './scanFiles';

export interface WrapperSite {
  readonly site: SiteFact;
  /** From the wrapper called to the catalogue's API. */
  readonly via: readonly string[];
}

export interface WrapperSearch extends Pick<ScanOptions, 'pool' | 'processes' | 'cancellation' | 'onProblem'> {
  readonly apiOf: (name: string) => Api | undefined;
}

export interface SearchedTree {
  readonly files: readonly string[];
  /** Those of the catalogue. */
  readonly sites: ReadonlyMap<string, readonly SiteFact[]>;
  /** Files with sites that can be in wrappers. */
  readonly passing: ReadonlyMap<string, PassingFacts>;
}

/**
 * The calls of wrappers that the files define, by file. A wrapper is looked for in its own subsystem, where there are
 * other sites, and in all code but drivers and programs.
 */
export async function wrapperSites({ files, sites, passing }: SearchedTree, options: WrapperSearch): Promise<ReadonlyMap<string, readonly WrapperSite[]>> {
  const { apiOf } = options;
  const facts = new Map<string, IndexedFacts>();
  let wrappers: readonly Wrapper[] = [];
  for (let round = 0; round < wrapperRounds; round++) {
    const known = new Set(wrappers.map(identity));
    const fresh = discoverWrappers(new Map([...passing, ...facts]), apiOf, wrappers).filter((wrapper) => !known.has(identity(wrapper)));
    if (fresh.length === 0) break;
    wrappers = [...wrappers, ...[...fresh].sort((a, b) => (identity(a) < identity(b) ? -1 : 1))];
    await readFacts(await callersOf(fresh, files, sites, options), distinctApis(wrappers), facts, options);
  }
  return new Map([...facts].map(([file, own]) => [file, sitesVia(file, own, facts, wrappers, apiOf)]));
}

function identity({ file, name }: Wrapper): string {
  return `${file} ${name}`;
}

function sitesVia(
  file: string, { sites }: IndexedFacts, facts: ReadonlyMap<string, IndexedFacts>, wrappers: readonly Wrapper[], apiOf: WrapperSearch['apiOf'],
): readonly WrapperSite[] {
  return sites.flatMap((site) => {
    const wrapper = apiOf(site.api) === undefined ? wrapperIn(facts, wrappers, file, site.api) : undefined;
    return wrapper === undefined ? [] : [{ site, via: wrapper.via }];
  });
}

/** Files that mention a wrapper where its name can mean it. */
async function callersOf(
  wrappers: readonly Wrapper[], files: readonly string[], sites: ReadonlyMap<string, unknown>, options: WrapperSearch,
): Promise<readonly string[]> {
  const callers = new Set(wrappers.map(({ file }) => file));
  const visible = wrappers.filter((wrapper) => wrapper.visible);
  if (visible.length === 0) return [...callers].sort();
  const mayCall = mayCallOne(visible);
  const searched = files.filter((file) => sites.has(file) || mayCall(file));
  await scanFiles(supplyOf(searched), {
    ...options,
    task: { kind: 'mentions', names: [...new Set(visible.map(({ name }) => name))] },
    onMentioned: (file) => void callers.add(file),
    onProblem: () => undefined,
  });
  return [...callers].sort();
}

async function readFacts(
  files: readonly string[], furtherApis: readonly Api[], facts: Map<string, IndexedFacts>, options: WrapperSearch,
): Promise<void> {
  if (files.length === 0) return;
  await scanFiles(supplyOf(files), {
    ...options,
    task: { kind: 'analyse', furtherApis, knownContents: [] },
    onFacts: (file, _, text) => {
      if (text !== null) facts.set(file, JSON.parse(text) as IndexedFacts);
    },
  });
}
