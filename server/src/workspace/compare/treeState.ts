import { catalogueFor } from '../../kernel/catalogue';
import type { Api } from '../../kernel/api';
import type { KernelVersion } from '../../kernel/version';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import type { Cancellation } from '../../util/cancellation';
import type { CacheFolder } from '../cacheFolder';
import { configurationFor, timesNotModelled } from '../kernelConfiguration';
import { versionInMakefile } from '../kernelRoot';
import type { FileProblem } from '../sourceFiles';
import { sourceTreeOf } from '../sourceTreeOf';
import { createTreeIndex, type ScanProgress } from '../treeIndex';
import { listSources, type TreeSource } from '../treeSource';
import { treeTypes } from '../treeTypes';

/** What a state of a tree is resolved with; the same for both sides of a comparison. */
export interface StateOptions {
  readonly arch: 'x86_64' | 'arm64';
  /** Kernel configuration file that was named; null: `dotConfig`, else the documented default. */
  readonly kconfig: string | null;
  /** Text of the `.config` that holds for the tree; undefined where there is none. */
  readonly dotConfig: string | undefined;
  /** Kernel version that was named; null: the tree's own. */
  readonly kernel: KernelVersion | null;
  readonly apis: readonly Api[];
  readonly factsEntry: string;
  /** Where facts are kept from one run to the next; null: nowhere. */
  readonly cache: CacheFolder | null;
  readonly processes: number;
}

/** All sites of a tree as it is in a folder or a commit. */
export interface TreeState {
  /** Null where the tree has no kernel Makefile and none was named. */
  readonly kernel: KernelVersion | null;
  readonly kconfigOrigin: string;
  readonly timesNotModelled: string | null;
  readonly sites: ReadonlyMap<string, readonly ResolvedSite[]>;
  readonly problems: readonly FileProblem[];
  /** Paths of the .c and .h files. */
  readonly files: readonly string[];
}

/** Indexes and resolves one whole tree. */
export async function wholeState(
  source: TreeSource,
  options: StateOptions,
  cancellation: Cancellation,
  onProgress: (progress: ScanProgress) => void,
): Promise<TreeState> {
  const tree = sourceTreeOf(source);
  try {
    const kernel = options.kernel ?? versionInMakefile(tree.read('Makefile') ?? '');
    const configuration = configurationFor({ ...options, version: kernel });
    const catalogue = catalogueFor(null, options.apis);
    const types = treeTypes({ tree, arch: options.arch, configuration, catalogue });
    const index = createTreeIndex({
      ...types,
      source,
      extraApis: options.apis,
      apiOf: (name) => catalogue.byName.get(name),
      factsEntry: options.factsEntry,
      cache: options.cache,
      processes: options.processes,
    });
    const { files } = await listSources(source, cancellation);
    await index.scan(cancellation, onProgress);
    const sites = new Map<string, readonly ResolvedSite[]>();
    await index.resolveAll(cancellation, (file, resolved) => sites.set(file, resolved));
    return { kernel, kconfigOrigin: configuration.source, timesNotModelled: timesNotModelled(configuration), sites, problems: index.problems, files };
  } finally {
    tree.close();
  }
}
