import { withNames } from '../resolve/askedTexts';
import type { AskedNames } from '../resolve/callGraph';
import type { LinkedTree } from '../resolve/linkTree';
import type { ObjectSource } from '../resolve/objects/objectSource';
import type { DetailSource } from '../resolve/siteDetails';
import type { Wrapper } from '../resolve/wrappers';
import { neverCancelled, yieldToEvents, type Cancellation } from '../util/cancellation';
import type { ThreadReads } from './detailsThread';
import type { Changes } from './edited/changes';
import { allReads, noReads, readsOnto, type DetailReads } from './edited/detailReads';
import { editedTree, type ReadTypes } from './edited/editedTree';
import { keptNames } from './edited/keptNames';
import { linkSignature } from './edited/linkSignature';
import { nameIndex } from './edited/nameIndex';
import type { IndexedFacts } from './factsMessages';
import type { LinkSteps } from './linkFiles';
import type { FactsReader } from './factsReader';
import type { ResolvedCache, ResolvedTree } from './resolvedCache';
import type { TreeTable } from './treeTable';

/** Where what was resolved is kept, and what it was read from. */
export interface Keeping {
  readonly cache: ResolvedCache;
  /** Files that were asked for. */
  readonly asked: () => ReadonlySet<string>;
  /** What sizes are asked of. */
  readonly types: ReadTypes;
  /** Says which files will be read next; absent: that does not matter. */
  readonly readAhead?: (files: readonly string[]) => void;
  /** What differs from what is kept, where that is known; else the tables of their files say it. */
  readonly changes?: Changes;
  /** What details were read from that are taken from another state; absent: none are. */
  readonly before?: () => DetailReads;
  /** Is given what is kept while the files are looked at, to begin with what follows from it, until it is known whether it holds. */
  readonly ahead?: (likely: ResolvedTree, isKnown: Cancellation) => void;
}

export interface RecallOptions extends Pick<DetailSource, 'apiOf' | 'sizeOf' | 'countOf' | 'batchOf' | 'memberOf'> {
  readonly resolved?: Keeping;
  readonly objectSource?: ObjectSource;
}

/**
 * What was resolved last, as it was or as it is after an edit that left all links alone; null where neither is known.
 * `looked` gives the digest when all files are looked at: where it is known what differs, what can be is done before.
 */
export async function recallTree(reader: FactsReader, looked: Promise<string | null>, { resolved, objectSource, ...options }: RecallOptions): Promise<ResolvedTree | null> {
  const kept = resolved?.cache.last() ?? null;
  if (kept === null || resolved === undefined) return null;
  // Facts processes are given what they are to read before this one is busy.
  if (resolved.changes !== undefined) await yieldToEvents(neverCancelled);
  else if (kept.digest === (await looked)) return kept.tree;
  const basis = objectSource === undefined ? null : resolved.cache.basis(kept.digest);
  if (basis === null || objectSource === undefined) return null;
  const edited = await editedTree(kept, basis, { ...options, objectSource, reader, looked, types: resolved.types, changes: resolved.changes, readAhead: resolved.readAhead });
  const digest = await looked;
  if (edited === null) return null;
  if (digest !== null) resolved.cache.put(digest, notListed([...kept.others, ...resolved.asked()], reader.files), edited.tree, edited.basis);
  return edited.tree;
}

/** Files that are no sources of the tree. */
function notListed(files: readonly string[], listed: readonly string[]): readonly string[] {
  const sources = new Set(listed);
  return files.filter((file) => !sources.has(file));
}

/** What a tree was resolved from. */
export interface ResolvedFrom {
  readonly digest: string;
  readonly table: TreeTable;
  /** What a thread read for the details of sites. */
  readonly elsewhere: ThreadReads;
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  readonly wrappers: readonly Wrapper[];
  readonly listed: readonly string[];
  readonly linked: Pick<LinkedTree, 'asked' | 'names' | 'tables'>;
  /** Names that were asked for to find the files that are linked, and how these were found. */
  readonly askedWhileLinking: AskedNames;
  readonly steps: LinkSteps;
}

/** Keeps what was resolved, for the next start, and what it followed from. */
export function keepTree(tree: ResolvedTree, { digest, table, elsewhere, facts, wrappers, listed, linked, askedWhileLinking, steps }: ResolvedFrom, keeping: Keeping | undefined): void {
  if (keeping === undefined) return;
  const { cache, ...kept } = keeping;
  const asked = withNames(linked.asked(), askedWhileLinking);
  const links = { steps, tables: linked.tables, names: keptNames(asked, linked.names), index: nameIndex(facts) };
  const { includes, named } = readsOnto(kept.before?.() ?? noReads, allReads(elsewhere.types, kept.types.reads));
  const signatures = new Map([...facts].map(([file, own]) => [file, linkSignature(file, own, asked)]));
  cache.put(digest, notListed([...kept.asked(), ...elsewhere.read], listed), tree, { table, wrappers, signatures, includes, named, asked, links });
}
