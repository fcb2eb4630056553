import { createHash } from 'node:crypto';
import path from 'node:path';
import { catalogueFor, type Catalogue } from '../../kernel/catalogue';
import type { Api } from '../../kernel/api';
import type { KernelConfiguration } from '../../kernel/kconfig';
import type { KernelVersion } from '../../kernel/version';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import type { Cancellation } from '../../util/cancellation';
import { onDemand } from '../../util/onDemand';
import type { CacheFolder } from '../cacheFolder';
import { readChecked, writeChecked } from '../checkedFile';
import { packedBasis, unpackedBasis, type Basis, type PackedBasis } from '../edited/basis';
import { configurationFor, timesNotModelled } from '../kernelConfiguration';
import { versionInMakefile } from '../kernelRoot';
import type { FactsPool } from '../factsProcess';
import type { FileProblem } from '../sourceFiles';
import { sourceTreeOf, type OpenSourceTree } from '../sourceTreeOf';
import { resolvedCacheOf, type ResolvedTree } from '../resolvedCache';
import { createTreeIndex, type ScanProgress, type TreeIndex } from '../treeIndex';
import { listSources, type TreeSource } from '../treeSource';
import { treeTypes, type TreeTypes } from '../treeTypes';
import { keepingOf, notingOthers } from './derivedState';
import { includesIn, includeTable, withUnits, type IncludeTable } from './includeTable';
import type { Derivation } from './derivation';
import { knownSites, type Known } from './knownSites';
import { workTreeDerivation, type WorkTreeDerivation } from './workTreeDerivation';

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
  /** Where what was resolved of folders is kept; null: nowhere. */
  readonly resolved: CacheFolder | null;
  /** Where commits' sites are kept: a folder of the program that resolves them; null: nowhere. */
  readonly states: CacheFolder | null;
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
  /** What the types of files with sites are read from. */
  readonly includes: IncludeTable;
  /** What it follows from; null where that is not known. */
  readonly basis: () => Basis | null;
  /** Files that were read for it beside sources. */
  readonly others: readonly string[];
}

export interface StateWork {
  readonly cancellation: Cancellation;
  readonly onProgress: (progress: ScanProgress) => void;
  /** The tree's files, opened already; who opened them closes them. */
  readonly tree?: OpenSourceTree;
  /** Facts processes for these files, started already; who started them closes them. */
  readonly pool?: FactsPool;
  /** A state that is resolved already and differs in some files. */
  readonly derivation?: Derivation;
}

/** The sites of one whole tree: as they were kept of the same commit, else indexed and resolved. */
export async function treeState(source: TreeSource, options: StateOptions, work: StateWork): Promise<TreeState> {
  const tree = work.tree ?? sourceTreeOf(source);
  try {
    const kernel = options.kernel ?? versionInMakefile(tree.read('Makefile') ?? '');
    const configuration = configurationFor({ ...options, version: kernel });
    const kept = keptState(source, options, configuration);
    const before = kept.get();
    const files = listSources(source);
    const common = { kernel, kconfigOrigin: configuration.source, timesNotModelled: timesNotModelled(configuration), files };
    if (before !== null) return { ...common, ...before };
    const resolved = await resolvedTree({ source, tree, options, configuration, work });
    kept.put(resolved);
    return { ...common, ...resolved };
  } finally {
    if (work.tree === undefined) tree.close();
  }
}

type Resolved = Pick<TreeState, 'sites' | 'problems' | 'includes' | 'basis' | 'others'>;

interface ResolveInput {
  readonly source: TreeSource;
  readonly tree: OpenSourceTree;
  readonly options: StateOptions;
  readonly configuration: KernelConfiguration;
  readonly work: StateWork;
}

async function resolvedTree(input: ResolveInput): Promise<Resolved> {
  const { source, tree, options, configuration, work: { cancellation, onProgress, pool } } = input;
  const catalogue = catalogueFor(options.kernel ?? versionInMakefile(tree.read('Makefile') ?? ''), options.apis);
  const { derivation, remembered } = await derivationFor(input, catalogue);
  const asked = new Set<string>();
  const types = treeTypes({ tree: notingOthers(tree, asked), arch: options.arch, configuration, catalogue });
  const earlier = derivation === undefined ? null : onDemand(() => knownSites(derivation));
  const begin = ({ named, toRead }: Known): void => {
    types.recallNamed(named.same);
    tree.readAhead(toRead());
  };
  const { keeping, basis } = keepingOf(derivation, types, asked, tree);
  const index = createTreeIndex({
    ...types,
    ...options,
    source,
    pool,
    remembered,
    extraApis: options.apis,
    apiOf: (name) => catalogue.byName.get(name),
    resolved: keeping,
    sizeOf: (file, site) => earlier?.().sizes(file, site) ?? types.sizeOf(file, site),
    ...(earlier === null ? {} : { known: (file, fact, wrapper) => earlier().known(file, fact, wrapper), earlier: () => earlier().answers, onAnew: () => begin(earlier()) }),
  });
  const recalled: ResolvedTree[] = [];
  await index.scan(cancellation, onProgress, (kept) => {
    recalled.push(kept);
    return 'enough';
  });
  const others = (): readonly string[] => [...new Set([...(derivation?.from.others ?? []), ...asked])];
  const [edited] = recalled;
  if (edited !== undefined && derivation !== undefined) {
    const { sites, problems } = edited;
    return { sites, problems, includes: withUnits(derivation.from.includes, filesIn(types.reads.byUnit)), basis, others: others() };
  }
  const known = earlier?.() ?? null;
  const found = await resolvedAnew({ index, types, catalogue, derivation, cancellation }, known);
  keepResolved(index, types, found, known);
  return { ...found, basis, others: others() };
}

/** That which was given; else what was resolved of the work tree serves a commit. */
async function derivationFor({ source, tree, options: { resolved, arch }, configuration, work: { derivation } }: ResolveInput, catalogue: Catalogue): Promise<Partial<WorkTreeDerivation>> {
  if (derivation !== undefined) return { derivation };
  if (source.kind !== 'commit') return {};
  const kept = resolvedCacheOf(resolved, { root: source.folder, headers: null, arch, configuration, catalogue, btf: null });
  return (await workTreeDerivation(source, kept, (file) => tree.read(file))) ?? {};
}

/** Keeps what the state followed from; not where that is not known of what was taken from another. */
function keepResolved(index: TreeIndex, types: TreeTypes, { sites, problems }: Pick<Resolved, 'sites' | 'problems'>, known: Known | null): void {
  if (known !== null && known.answers === undefined) return;
  for (const { source, type } of known?.named.other ?? []) types.catalogueType(source, type);
  index.keep({ sites, problems, ruleFacts: new Map(), files: index.facts.size });
}

interface Anew extends Pick<StateWork, 'cancellation'> {
  readonly index: TreeIndex;
  readonly types: TreeTypes;
  readonly catalogue: Catalogue;
  readonly derivation: Derivation | undefined;
}

async function resolvedAnew({ index, types, catalogue, derivation, cancellation }: Anew, earlier: Known | null): Promise<Pick<Resolved, 'sites' | 'problems' | 'includes'>> {
  const sites = new Map<string, readonly ResolvedSite[]>();
  const includes = new Map<string, readonly string[]>();
  const knownIncludes = derivation === undefined ? new Map<string, readonly string[]>() : includesIn(derivation.from.includes);
  const includesOf = (file: string): readonly string[] => includesAgain(file, earlier, knownIncludes, types);
  await index.resolveAll(cancellation, (file, resolved) => {
    sites.set(file, resolved);
    includes.set(file, includesOf(file));
  });
  for (const { source: place, areas } of catalogue.byName.values()) if (areas !== undefined) includes.set(place, includesOf(place));
  return { sites, problems: index.problems, includes: includeTable(includes) };
}

/** Rows of files, each without itself; those of shared headers are no files. */
function filesIn(units: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  return new Map([...units].filter(([unit]) => !unit.startsWith('#')).map(([unit, files]) => [unit, files.filter((file) => file !== unit)]));
}

function includesAgain(file: string, earlier: Known | null, known: ReadonlyMap<string, readonly string[]>, types: TreeTypes): readonly string[] {
  const before = earlier?.meansSame(file) === true ? known.get(file) : undefined;
  return before ?? types.includesOf(file);
}

interface KeptState {
  get(): Resolved | null;
  put(state: Resolved): void;
}

/** A commit's sites follow from its tree, the configuration and the code alone. */
function keptState(source: TreeSource, { states, arch, apis, kernel }: StateOptions, configuration: KernelConfiguration): KeptState {
  if (source.kind === 'folder') return { get: () => null, put: () => undefined };
  const configured = [...configuration.macros].map(([name, value]) => `${name}=${value}`).sort().join('\n');
  const key = createHash('sha1').update(`${source.tree} ${arch} ${JSON.stringify([kernel, apis])}\n${configured}`).digest('hex');
  if (states === null) return { get: () => null, put: () => undefined };
  const file = path.join(states.directory, 'states', key);
  return {
    get: () => {
      const kept = readChecked(file) as Kept | null;
      return kept === null ? null : { ...kept, basis: onDemand(() => keptBasis(`${file}.basis`)) };
    },
    put: ({ basis, ...state }) => {
      const from = basis();
      writeChecked(file, state satisfies Kept);
      if (from !== null) writeChecked(`${file}.basis`, packedBasis(from));
    },
  };
}

type Kept = Omit<Resolved, 'basis'>;

function keptBasis(file: string): Basis | null {
  const kept = readChecked(file) as PackedBasis | null;
  return kept === null ? null : unpackedBasis(kept);
}
