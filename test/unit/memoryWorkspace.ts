import { emptyProfile } from '../../server/src/profile/profile';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { machineByName } from '../../server/src/machine/builtIn';
import { withCpus } from '../../server/src/machine/rescale';
import { objectSource } from '../../server/src/resolve/objects/objectSource';
import { linkTree } from '../../server/src/resolve/linkTree';
import { resolveSite } from '../../server/src/resolve/resolveSites';
import { ruleFactsOf } from '../../server/src/resolve/ruleFacts';
import { countOfSite, numberOfSite, sizeOfSite } from '../../server/src/resolve/siteSize';
import { memberOfSite } from '../../server/src/resolve/siteMember';
import { typeWorld } from '../../server/src/resolve/typeWorld';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';
import { timesNotModelled } from '../../server/src/workspace/kernelConfiguration';
import { settledSites } from '../../server/src/workspace/openDocument';
import type { Snapshot } from '../../server/src/workspace/snapshot';

export interface MemoryOptions {
  readonly cpus?: number;
  readonly kernel?: { readonly major: number; readonly minor: number };
  readonly config?: string;
}

/** A workspace that is only text: the snapshot that the server would have of these files. */
export function snapshotOfTexts(files: Readonly<Record<string, string>>, options: MemoryOptions = {}): Snapshot {
  const catalogue = catalogueFor(options.kernel ?? null);
  const paths = Object.keys(files);
  const facts = new Map(paths.map((file) => [file, fileFacts(files[file] ?? '', catalogue)]));
  const indexed = new Map([...facts].map(([file, fact]) => [file, indexedFacts(fact)]));
  const configuration = parseConfiguration(options.config ?? 'CONFIG_SMP=y\nCONFIG_64BIT=y\n', 'test');
  const world = typeWorld({
    tree: {
      read: (file) => files[file],
      list: (folder, suffixes) => paths.filter((file) => file.startsWith(folder) && suffixes.some((suffix) => file.endsWith(suffix))),
    },
    architecture: 'x86_64',
    configuration,
  });
  const apiOf = (name: string): ReturnType<typeof catalogue.byName.get> => catalogue.byName.get(name);
  const resolution = {
    apiOf,
    sizeOf: (file: string, site: Parameters<typeof sizeOfSite>[2]) => sizeOfSite(world, file, site, apiOf(site.api)),
    memberOf: (file: string, site: Parameters<typeof memberOfSite>[2]) => memberOfSite(world, file, site),
    countOf: (file: string, site: Parameters<typeof countOfSite>[2]) => countOfSite(world, file, site, apiOf(site.api)),
    batchOf: (file: string, site: Parameters<typeof countOfSite>[2]) => numberOfSite(world, file, site, apiOf(site.api), 'batch'),
    ...linkTree(indexed, { apiOf, objectSource: objectSource(world) }),
  };
  const server = machineByName('server-256');
  if (server === undefined) throw new Error('no machine server-256');
  return {
    revision: 0,
    root: '/',
    kernel: options.kernel ?? { major: 6, minor: 12 },
    kernelOrigin: 'test',
    kconfigOrigin: 'test',
    profile: emptyProfile,
    timesNotModelled: timesNotModelled(configuration),
    machine: withCpus(server, options.cpus ?? 256),
    status: { phase: 'ready', done: paths.length, total: paths.length, reason: null },
    sites: new Map([...facts].map(([file, { sites }]) => [file, settledSites(file, sites.map((site) => resolveSite(file, site, resolution)))])),
    functions: new Map([...facts].map(([file, { functions }]) => [file, functions])),
    ruleFacts: new Map([...facts].map(([file, fact]) => [file, ruleFactsOf(fact)])),
    problems: [],
  };
}

/** Text with one `$0` where the cursor is. */
export function cursor(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf('$0');
  if (offset === -1) throw new Error('no $0 in the fixture');
  return { text: text.slice(0, offset) + text.slice(offset + 2), offset };
}
