import type { SiteFact } from '../../facts/fileFacts';
import type { Api } from '../../kernel/api';
import type { LinkTreeOptions } from '../../resolve/linkTree';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { ruleFactsOf } from '../../resolve/ruleFacts';
import { createsMemory, type DetailSource, type SizeOf } from '../../resolve/siteDetails';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import { distinctApis, withoutStrangers } from '../linkFiles';
import type { KeptTree, ResolvedTree } from '../resolvedCache';
import { contentIn } from '../treeTable';
import type { TreeTypes } from '../treeTypes';
import type { FileProblem } from '../sourceFiles';
import { includesIn } from '../compare/includeTable';
import { affectedUnits, affectedWrappers } from './affected';
import type { Basis } from './basis';
import { basisAfter } from './basisAfter';
import { changesBetween, type Changes } from './changes';
import { noFurtherFiles } from './furtherFiles';
import { hostsAsBefore } from './hostsAsBefore';
import { filesLinkedOtherwise } from './linkedOtherwise';
import type { RelinkOptions } from './linksNow';
import { NotKept } from './namesAfter';
import { relinked } from './relinked';
import { retypedBy, type Retyped, type SaidBefore } from './retyped';
import { matched, sitesAfter, type SitesToDo } from './sitesAfter';

export interface EditedTreeOptions extends Pick<LinkTreeOptions, 'apiOf'>, Pick<DetailSource, 'sizeOf' | 'countOf' | 'batchOf' | 'memberOf'> {
  readonly objectSource: ObjectSource;
  readonly types: ReadTypes;
  readonly reader: FactsReader;
  /** Settled when the reader has looked at all files. */
  readonly looked: Promise<unknown>;
  /** What differs, where that is known; undefined: what the tables of the files say. */
  readonly changes?: Changes | undefined;
  /** Says which files will be read next; absent: that does not matter. */
  readonly readAhead?: ((files: readonly string[]) => void) | undefined;
}

/** The types that are asked, and what they were read from. */
export type ReadTypes = Pick<TreeTypes, 'reads' | 'catalogueType' | 'includesOf' | 'recallNamed'>;

/** A tree that was resolved from the one before, and the files whose sites were worked out anew. */
export interface EditedTree {
  readonly tree: ResolvedTree;
  readonly basis: Basis;
}

/** More than a person edits between two looks: then a tree is resolved from its facts. */
const mostChanged = 400;
const mostAffected = 300;

/**
 * The tree after an edit, from what was kept of it before: where all links are as they were, what leads to each site
 * holds, and only the sites of files that changed or include what changed are worked out anew. Null where that cannot
 * be said; then all is.
 */
export async function editedTree(kept: KeptTree, basis: Basis, options: EditedTreeOptions): Promise<EditedTree | null> {
  try {
    return await treeAfter(kept, basis, options);
  } catch (error) {
    if (error instanceof NotKept) return null;
    throw error;
  }
}

async function treeAfter(kept: KeptTree, basis: Basis, options: EditedTreeOptions): Promise<EditedTree | null> {
  const { reader, looked, objectSource } = options;
  if (!isAllListed(kept.tree, basis)) return null;
  if (options.changes === undefined) await looked;
  const changes = options.changes ?? changesBetween(basis.table, reader.table());
  if (changes.edited.length + changes.came.length + changes.went.length > mostChanged) return null;
  const retyped = retypedBy(changes, objectSource.textOf, saidBefore(basis, reader));
  const units = affectedUnits(retyped.files, changes, basis);
  // A unit that is no file stands for headers that all share.
  if ([...units].some((unit) => unit.startsWith('#')) || !areNamedAsBefore(units, changes, basis, options)) return null;
  // Those that may be others were found as they were.
  options.types.recallNamed(basis.named);
  if (!hostsAsBefore(changes, basis, objectSource.textOf)) return null;
  const { tree } = kept;
  const edited = new Set(changes.edited);
  const names = affectedWrappers((file, name) => units.has(file) || (edited.has(file) && !retyped.isSameNamed(file, name)), basis);
  const callers = names.size === 0 ? [] : [...tree.sites].filter(([, sites]) => sites.some(({ via }) => via.some((name) => names.has(name)))).map(([file]) => file);
  const detailed = new Set([...units, ...callers, ...(changes.came.length + changes.went.length === 0 ? [] : withUnknownSizes(tree))]);
  const withSites = [...new Set([...detailed, ...changes.edited])].filter((file) => tree.sites.has(file));
  if (withSites.length > mostAffected) return null;
  await looked;
  const facts = await factsOf([...new Set([...withSites, ...changes.edited, ...changes.came])], changes, basis, options);
  const moved = await filesLinkedOtherwise({ changes, basis, affected: units, retyped, facts, source: objectSource }, reader);
  if (moved === null || leavesWrappers(changes, basis, facts)) return null;
  const isDetailed = (file: string, before: ResolvedSite, fact: SiteFact): boolean =>
    detailed.has(file) || !(retyped.isSameAround(file, before.fact.span.start, fact.span.start) || retyped.isSameFor(file, before.fact, fact));
  const sites = { files: [...new Set([...withSites, ...moved])], moved: new Set(moved), facts, isDetailed };
  const linking = moved.length === 0 ? null : { ...(await relinking(tree, changes, basis, sites, options)), ...options, moved, retyped };
  readAhead(moved.filter((file) => facts.get(file)?.sites.some((site) => linking?.wasOf(site) === undefined) === true), basis, options);
  const links = linking === null ? null : await relinked(linking);
  if (moved.length > 0 && links === null) return null;
  const after = sitesAfter(tree, sites, links, basis, { ...options, sizeOf: sizesInFunctions(tree.sites, retyped, sites, options) });
  if (after === null) return null;
  readUnits(moved.filter((file) => after.has(file) && !tree.sites.has(file)), options);
  const basisNow = basisAfter(basis, changes, facts, links, { ...options, before: tree.sites, placesIn: retyped.placesIn });
  if (basisNow === null) return null;
  const { further } = links ?? { further: noFurtherFiles };
  const problems = problemsAfter(tree, changes, [...(await problemsOf(changes, options)), ...further.problems]);
  return { tree: { sites: after, ruleFacts: ruleFactsAfter(tree, facts), problems, files: tree.files + further.facts.size }, basis: basisNow };
}

/** Functions with sites are asked for when the edited files have been read with the wrappers that there were. */
function saidBefore({ table, wrappers }: Basis, reader: Pick<FactsReader, 'keptFor' | 'table'>): SaidBefore {
  const apis = distinctApis(wrappers);
  const both = (file: string, further: readonly Api[]): readonly [IndexedFacts, IndexedFacts] | null => {
    const [was, is] = [table, reader.table()].map((one) => reader.keptFor(contentIn(one, file), further));
    return was === undefined || is === undefined ? null : [was, is];
  };
  return { outsideOf: (file) => both(file, [])?.map(({ said }) => said?.outside ?? null) ?? [], functionsOf: (file) => both(file, apis) ?? [] };
}

/** What could not be listed may be there now. */
function isAllListed({ problems }: ResolvedTree, { table }: Basis): boolean {
  const files = new Set(problems.length === 0 ? [] : table.files);
  return problems.every(({ file }) => files.has(file));
}

/** What could not be found may be in a file that came. */
function withUnknownSizes({ sites }: ResolvedTree): readonly string[] {
  return [...sites].filter(([, own]) => own.some(({ fact, size }) => size.size === null && createsMemory(fact))).map(([file]) => file);
}

/** What the catalogue's APIs allocate, looked up anew where it may be another. */
function areNamedAsBefore(units: ReadonlySet<string>, { came, went }: Changes, basis: Basis, options: EditedTreeOptions): boolean {
  const changed = new Set([...units, ...came, ...went]);
  const mayDiffer = basis.named.filter(({ source, units: lookedIn }) => changed.has(source) || [...lookedIn].some((unit) => changed.has(unit)));
  readAhead(mayDiffer.flatMap(({ source, units: lookedIn }) => [source, ...lookedIn]), basis, options);
  return mayDiffer.every(({ type, source, found }) => {
    const now = options.types.catalogueType(source, type);
    return found.join() === (now === null ? [] : [now.size, now.align]).join();
  });
}

/** A file that is linked for its calls of wrappers alone has none any more. */
function leavesWrappers({ edited }: Changes, { links: { steps } }: Basis, facts: ReadonlyMap<string, IndexedFacts>): boolean {
  const late = new Set(steps.late);
  return edited.some((file) => late.has(file) && (facts.get(file)?.sites ?? []).length === 0);
}

/** What the types of a file are read from that had no sites is not known yet. */
function readUnits(files: readonly string[], { types: { includesOf } }: EditedTreeOptions): void {
  for (const file of files) includesOf(file);
}

/** Of files whose types will be asked for: what they were read from before. */
function readAhead(files: readonly string[], { includes }: Basis, { readAhead: read }: EditedTreeOptions): void {
  const wanted = new Set(files);
  if (read !== undefined && wanted.size > 0) read([...new Set([...includesIn(includes, (file) => wanted.has(file))].flatMap(([file, own]) => [file, ...own]))]);
}

async function factsOf(
  files: readonly string[], { edited }: Changes, { wrappers, signatures }: Basis, { reader, apiOf }: EditedTreeOptions,
): Promise<Map<string, IndexedFacts>> {
  const facts = new Map<string, IndexedFacts>();
  await reader.analyseWith([...files].sort(), distinctApis(wrappers), {
    onProblem: () => undefined,
    onFacts: (file, found) => void facts.set(file, withoutStrangers(file, found, wrappers, { apiOf })),
  });
  const callers = edited.filter((file) => !facts.has(file) && signatures.has(file));
  await reader.link(callers, { onProblem: () => undefined, onFacts: (file, found) => void facts.set(file, found) });
  return facts;
}

/** What there is to say of the changed files, read as a tree is before its wrappers are known. */
async function problemsOf({ edited, came }: Changes, { reader }: EditedTreeOptions): Promise<readonly FileProblem[]> {
  const problems: FileProblem[] = [];
  const onProblem = (file: string, reason: string): void => void problems.push({ file, reason });
  await reader.analyseWith([...edited, ...came], [], { onProblem, onFacts: (file, found) => found.problems.forEach(({ reason }) => onProblem(file, reason)) });
  return problems;
}

async function relinking(
  { sites: before }: ResolvedTree, { edited }: Changes, basis: Basis, { facts, moved }: SitesToDo, options: EditedTreeOptions,
): Promise<Pick<RelinkOptions, 'basis' | 'facts' | 'edited' | 'late' | 'before' | 'wasOf'>> {
  const was = new Map<SiteFact, ResolvedSite>();
  for (const [file, own] of before) {
    if (!edited.includes(file)) for (const site of own) was.set(site.fact, site);
    else for (const [fact, site] of matched(own, facts.get(file)?.sites ?? [], moved.has(file))) was.set(fact, site);
  }
  const late = await factsOf(basis.links.steps.late.filter((file) => !edited.includes(file)), noChanges, basis, options);
  return { basis, facts, edited, late, before, wasOf: (site) => was.get(site) };
}

/** Sizes where a function allocated the same type before, by whatever call, and its words mean what they meant. */
function sizesInFunctions(before: ResolvedTree['sites'], { meansSame }: Retyped, { moved }: Pick<SitesToDo, 'moved'>, { apiOf, sizeOf }: EditedTreeOptions): SizeOf {
  const typeOf = ({ api, kind, arguments: given }: SiteFact): string | undefined => (kind === 'alloc' ? given[apiOf(api)?.roles.type ?? -1] : undefined);
  return (file, site) => {
    const type = moved.has(file) ? typeOf(site) : undefined;
    const alike = type === undefined ? undefined : before.get(file)?.find(({ fact, via }) =>
      via.length === 0 && fact.function === site.function && typeOf(fact) === type && meansSame(file, fact.span.start, site.span.start, type));
    return alike?.size ?? sizeOf(file, site);
  };
}

const noChanges: Changes = { edited: [], came: [], went: [] };

function ruleFactsAfter({ ruleFacts }: ResolvedTree, facts: ReadonlyMap<string, IndexedFacts>): ResolvedTree['ruleFacts'] {
  const after = new Map(ruleFacts);
  for (const [file, found] of facts) {
    if (found.sites.length > 0) after.set(file, ruleFactsOf(found));
    else after.delete(file);
  }
  return after;
}

function problemsAfter({ problems }: ResolvedTree, { edited, went }: Changes, found: readonly FileProblem[]): readonly FileProblem[] {
  const changed = new Set([...edited, ...went]);
  return [...problems.filter(({ file }) => !changed.has(file)), ...found].sort((a, b) => (a.file < b.file ? -1 : 1));
}
