import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import { wrapperIn } from '../resolve/linkTree';
import { discoverWrappers, mayPassOn, type Wrapper } from '../resolve/wrappers';
import type { IndexedFacts } from './factsMessages';
import { distinctApis, mayCallOne, wrapperRounds } from './linkFiles';
import { scanFiles, type ScanOptions } from './scanFiles';

export interface WrapperSite {
  readonly site: SiteFact;
  /** From the wrapper called to the catalogue's API. */
  readonly via: readonly string[];
}

export interface WrapperSearch extends Pick<ScanOptions, 'pool' | 'processes' | 'cancellation' | 'onProblem'> {
  readonly apiOf: (name: string) => Api | undefined;
}

/**
 * The calls of wrappers that the files define, by file. `sites` are those of the catalogue. A wrapper is looked for in
 * its own subsystem, where there are other sites, and in all code but drivers and programs.
 */
export async function wrapperSites(
  files: readonly string[], sites: ReadonlyMap<string, readonly SiteFact[]>, options: WrapperSearch,
): Promise<ReadonlyMap<string, readonly WrapperSite[]>> {
  const { apiOf } = options;
  const facts = new Map<string, IndexedFacts>();
  const passing = [...sites].filter(([, own]) => own.some((site) => mayPassOn(site, apiOf(site.api)))).map(([file]) => file);
  await readFacts(passing, [], facts, options);
  let wrappers: readonly Wrapper[] = [];
  for (let round = 0; round < wrapperRounds; round++) {
    const known = new Set(wrappers.map(identity));
    const fresh = discoverWrappers(facts, apiOf, wrappers).filter((wrapper) => !known.has(identity(wrapper)));
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
  await scanFiles(searched, {
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
  await scanFiles(files, {
    ...options,
    task: { kind: 'analyse', furtherApis, knownContents: [] },
    onFacts: (file, _, text) => {
      if (text !== null) facts.set(file, JSON.parse(text) as IndexedFacts);
    },
  });
}
