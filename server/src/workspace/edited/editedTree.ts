import { keeperText } from '../../facts/objectMemory';
import type { SiteFact } from '../../facts/fileFacts';
import { linkTree, type LinkTreeOptions } from '../../resolve/linkTree';
import { turnsOfLoops } from '../../resolve/loopTurns';
import { answeredNow } from '../../resolve/objects/functionTexts';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { ruleFactsOf } from '../../resolve/ruleFacts';
import { createsMemory, isHeld, siteDetails, type DetailSource } from '../../resolve/siteDetails';
import { withAllCalls, type Wrapper } from '../../resolve/wrappers';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import { distinctApis, withoutStrangers } from '../linkFiles';
import type { KeptTree, ResolvedTree } from '../resolvedCache';
import type { TreeTypes } from '../treeTypes';
import type { FileProblem } from '../sourceFiles';
import { withUnits } from '../compare/includeTable';
import { affectedUnits, affectedWrappers } from './affected';
import type { Basis } from './basis';
import { changesBetween, type Changes } from './changes';
import { hostsAsBefore } from './hostsAsBefore';
import { linksAsBefore } from './linksAsBefore';
import { linkSignature } from './linkSignature';
import { retypedBy } from './retyped';

export interface EditedTreeOptions extends Pick<LinkTreeOptions, 'apiOf'>, Pick<DetailSource, 'sizeOf' | 'countOf' | 'batchOf' | 'memberOf'> {
  readonly objectSource: ObjectSource;
  readonly types: ReadTypes;
  readonly reader: FactsReader;
  /** Settled when the reader has looked at all files. */
  readonly looked: Promise<unknown>;
  /** What differs, where that is known; undefined: what the tables of the files say. */
  readonly changes?: Changes | undefined;
}

/** The types that are asked, and what they were read from. */
export type ReadTypes = Pick<TreeTypes, 'reads' | 'catalogueType' | 'recallNamed'>;

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
  const { reader, looked, objectSource } = options;
  if (!isAllListed(kept.tree, basis)) return null;
  if (options.changes === undefined) await looked;
  const changes = options.changes ?? changesBetween(basis.table, reader.table());
  if (changes.edited.length + changes.came.length + changes.went.length > mostChanged) return null;
  const retyped = retypedBy(changes, objectSource.textOf);
  const units = affectedUnits(retyped.files, changes, basis);
  // A unit that is no file stands for headers that all share.
  if ([...units].some((unit) => unit.startsWith('#')) || !areNamedAsBefore(units, changes, basis, options.types)) return null;
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
  if (!(await linksAsBefore({ changes, basis, affected: units, retyped: retyped.files, facts, source: objectSource }, reader))) return null;
  const isDetailed = (file: string, before: ResolvedSite, fact: SiteFact): boolean =>
    detailed.has(file) || !(retyped.isSameAround(file, before.fact.span.start, fact.span.start) || retyped.isSameFor(file, before.fact, fact));
  const sites = sitesAfter(tree, { files: withSites, facts, isDetailed }, basis, options);
  if (sites === null) return null;
  return { tree: { ...tree, sites, ruleFacts: ruleFactsAfter(tree, facts), problems: problemsAfter(tree, changes, await problemsOf(changes, options)) }, basis: basisAfter(basis, changes, facts, options) };
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
function areNamedAsBefore(units: ReadonlySet<string>, { came, went }: Changes, { named }: Basis, { catalogueType }: ReadTypes): boolean {
  const changed = new Set([...units, ...came, ...went]);
  return named.every(({ type, source, units: lookedIn, found }) => {
    if (!changed.has(source) && ![...lookedIn].some((unit) => changed.has(unit))) return true;
    const now = catalogueType(source, type);
    return found.join() === (now === null ? [] : [now.size, now.align]).join();
  });
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

interface SitesToDo {
  readonly files: readonly string[];
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  /** Whether the details of a site, as it was and as it is, may differ. */
  readonly isDetailed: (file: string, before: ResolvedSite, fact: SiteFact) => boolean;
}

/** Null where a file has other sites than it had, or its lines do not say which. */
function sitesAfter(
  tree: ResolvedTree, { files, facts, isDetailed }: SitesToDo, { wrappers }: Basis, options: EditedTreeOptions,
): ReadonlyMap<string, readonly ResolvedSite[]> | null {
  const { objectSource, apiOf } = options;
  const linked = linkTree(facts, { apiOf, wrappers: withAllCalls(wrappers, facts), objectSource });
  const source: DetailSource = {
    ...options,
    holds: objectSource.holds,
    loopsOf: linked.loopsOf,
    wrapperOf: linked.wrapperOf,
    turnsOf: (file, loops) => turnsOfLoops(file, loops, objectSource),
  };
  const again = (file: string, fact: SiteFact, before: ResolvedSite): ResolvedSite => ({
    ...before,
    fact,
    ...(isDetailed(file, before, fact) ? siteDetails(file, fact, linked.wrapperOf(file, fact.api), source) : {}),
    objectMemory: isHeld(fact) ? linked.objectMemoryOf(file, fact) : null,
    walk: linked.walkOf(file, fact),
    keeper: keeperText(fact),
  });
  const after = new Map(tree.sites);
  const lines = new Map<string, string>();
  for (const file of files) {
    const before = tree.sites.get(file) ?? [];
    const now = facts.get(file)?.sites ?? [];
    if (now.length !== before.length || now.some(({ api }, at) => !isWrapped(before[at], linked.wrapperOf(file, api)))) return null;
    for (const [at, { line }] of now.entries()) {
      const place = `${file}:${before[at]?.fact.line ?? 0}`;
      if ((lines.get(place) ?? `${file}:${line}`) !== `${file}:${line}`) return null;
      lines.set(place, `${file}:${line}`);
    }
    after.set(file, now.flatMap((fact, at) => (before[at] === undefined ? [] : [again(file, fact, before[at])])));
  }
  return withMovedLines(after, lines);
}

function isWrapped(before: ResolvedSite | undefined, wrapper: Wrapper | undefined): boolean {
  return before?.via.join() === (wrapper?.via ?? []).join();
}

/** Sites whose bytes are counted elsewhere name that place. */
function withMovedLines(sites: ReadonlyMap<string, readonly ResolvedSite[]>, lines: ReadonlyMap<string, string>): ReadonlyMap<string, readonly ResolvedSite[]> {
  const moved = (place: string | null): string | null => (place === null ? null : (lines.get(place) ?? place));
  return new Map([...sites].map(([file, own]) => [file, own.map((site) => (moved(site.accountedBy) === site.accountedBy ? site : { ...site, accountedBy: moved(site.accountedBy) }))]));
}

function ruleFactsAfter({ ruleFacts }: ResolvedTree, facts: ReadonlyMap<string, IndexedFacts>): ResolvedTree['ruleFacts'] {
  const after = new Map(ruleFacts);
  for (const [file, found] of facts) if (after.has(file)) after.set(file, ruleFactsOf(found));
  return after;
}

function problemsAfter({ problems }: ResolvedTree, { edited, went }: Changes, found: readonly FileProblem[]): readonly FileProblem[] {
  const changed = new Set([...edited, ...went]);
  return [...problems.filter(({ file }) => !changed.has(file)), ...found].sort((a, b) => (a.file < b.file ? -1 : 1));
}

function basisAfter(basis: Basis, { edited }: Changes, facts: ReadonlyMap<string, IndexedFacts>, { reader, types: { reads }, objectSource: { textOf } }: EditedTreeOptions): Basis {
  const signatures = new Map(basis.signatures);
  const functions = new Map(basis.asked.functions);
  for (const file of edited) {
    const now = facts.get(file);
    if (now !== undefined) signatures.set(file, linkSignature(file, now, basis.asked));
    const asked = functions.get(file);
    if (asked !== undefined) functions.set(file, answeredNow(textOf(file) ?? '', asked));
  }
  return {
    ...basis,
    signatures,
    asked: { ...basis.asked, functions },
    wrappers: withAllCalls(basis.wrappers, facts),
    includes: withUnits(basis.includes, reads.byUnit),
    named: [...basis.named.filter(({ source, type }) => !reads.named.has(`${source} ${type}`)), ...reads.named.values()],
    table: reader.table(),
  };
}
