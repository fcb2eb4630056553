import { openNames } from '../resolve/openNames';
import type { SiteReachOptions } from '../resolve/siteReach';
import { siteReach } from '../resolve/siteReach';
import type { IndexedFacts } from './factsMessages';
import { scanFiles, type ScanOptions } from './scanFiles';

/** Each level is a pass over the text of the tree; what two levels do not reach stays unknown. */
const mostLevels = 2;

/** Fewer names are not worth a further pass. */
const fewestNames = 16;

/** A function mentioned in more files is called from everywhere: that says nothing about a site below it. */
const hubFiles = 24;

/** Bounds one level's search; sites of unknown class come first. */
const mostNames = 3_000;

export interface LinkOptions extends Omit<ScanOptions, 'task' | 'onFacts' | 'onMentioned' | 'onProgress'>, Pick<SiteReachOptions, 'apiOf'> {
  /** Facts so far; callers' files are added, without sites. */
  readonly facts: Map<string, IndexedFacts>;
  /** Functions found to be called from everywhere are added. */
  readonly hubs: Set<string>;
}

/**
 * Finds the callers of functions with sites in files that mention no API: level by level looks for files with the
 * names whose callers are not known, and takes the calls of those.
 */
export async function linkFiles(files: readonly string[], options: LinkOptions): Promise<void> {
  const searched = new Set<string>();
  const sources = files.filter(isSearched);
  for (let level = 0; level < mostLevels; level++) {
    const names = namesToSearch(options, searched, level === 0);
    if (names.length === 0 || (level > 0 && names.length < fewestNames)) return;
    const mentions = await mentionsOf(names, sources, options);
    for (const name of names) {
      searched.add(name);
      if ((mentions.get(name)?.length ?? 0) > hubFiles) options.hubs.add(name);
    }
    const found = new Set(names.flatMap((name) => (options.hubs.has(name) ? [] : (mentions.get(name) ?? []))));
    const fresh = [...found].filter((file) => !options.facts.has(file)).sort();
    await scanFiles(fresh, { ...options, task: { kind: 'link' }, onFacts: (file, facts) => options.facts.set(file, { ...facts, sites: [] }) });
  }
}

/** Prototypes fill headers, callers do not: those with code mention APIs, or are macros of the kernel's own headers. */
function isSearched(file: string): boolean {
  return file.endsWith('.c') && !/^(tools|samples|scripts|Documentation)\//.test(file);
}

function namesToSearch({ facts, hubs, apiOf }: LinkOptions, searched: ReadonlySet<string>, all: boolean): readonly string[] {
  const { reach, calls } = siteReach(facts, { apiOf, wrappers: new Set(), hubs });
  const urgent = openNames(facts, reach, calls, false);
  const names = new Set([...urgent, ...(all ? openNames(facts, reach, calls, true) : [])]);
  return [...names].filter((name) => !searched.has(name) && apiOf(name) === undefined).slice(0, mostNames);
}

/** Files by the name that they mention. */
async function mentionsOf(names: readonly string[], files: readonly string[], options: LinkOptions): Promise<ReadonlyMap<string, string[]>> {
  const byName = new Map<string, string[]>();
  await scanFiles(files, {
    ...options,
    task: { kind: 'mentions', names },
    onFacts: () => undefined,
    onProblem: () => undefined,
    onMentioned: (file, found) => {
      for (const name of found) byName.set(name, [...(byName.get(name) ?? []), file]);
    },
  });
  return byName;
}
