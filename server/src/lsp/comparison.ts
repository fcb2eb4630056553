import type { CancellationToken, Connection, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { editorComparison, marksIn, type ComparisonBase, type EditorComparison } from '../features/diff/editorComparison';
import { reportDifference } from '../features/diff/reportDifference';
import { comparisonBlocks } from '../features/hover/comparisonBlocks';
import type { Block } from '../features/hover/page';
import type { ChangesInReply, CompareChoices, CompareReply, ComparisonInForce, DifferenceReply } from '../protocol/comparison';
import { readBaseline, type Baseline } from '../workspace/compare/baselineProcess';
import type { SentState } from '../workspace/compare/baselineMessages';
import { namedRefs, openRepository } from '../workspace/git/gitRepository';
import { settledSites } from '../workspace/openDocument';
import type { RootSession } from '../workspace/rootSession';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { guarded } from './guarded';
import type { ServerState } from './serverState';

/** What others ask of the comparison in force. */
export interface Comparison {
  /** What the tree of the report is compared with; null: nothing. */
  inForce(): ComparisonInForce | null;
  /** Blocks for the hover of a site; none where nothing is compared. */
  blocksFor(session: RootSession, snapshot: Snapshot, siteId: string): readonly Block[];
  /** The state that a tree is compared with, on the tree's machine; null where it is compared with none. */
  baseOf(snapshot: Snapshot): { readonly ref: string; readonly snapshot: Snapshot } | null;
}

interface InForce extends ComparisonInForce {
  readonly directory: string;
  readonly state: SentState;
  readonly sites: ReadonlyMap<string, readonly SnapshotSite[]>;
}

interface Compared {
  readonly snapshot: Snapshot;
  readonly inForce: InForce;
  readonly base: ComparisonBase;
  readonly comparison: EditorComparison;
}

export interface ComparisonOptions {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly state: ServerState;
  /** Script of the process that resolves a commit. */
  readonly entry: string;
  readonly cache: boolean;
  /** Something that is shown has changed. */
  readonly refresh: () => void;
}

/** Compares the tree that is open with one of its commits, as edited. One comparison at a time. */
export function answerComparisonRequests(options: ComparisonOptions): Comparison {
  const { connection, documents, state, refresh } = options;
  let inForce: InForce | null = null;
  let reading: Baseline | null = null;
  let comparisons = 0;
  let latest: Compared | null = null;

  const compared = (snapshot: Snapshot): Compared | null => {
    if (inForce === null || snapshot.root !== inForce.directory) return null;
    if (latest?.snapshot !== snapshot || latest.inForce !== inForce) {
      const base = { name: inForce.ref, snapshot: baseSnapshot(inForce, snapshot) };
      latest = { snapshot, inForce, base, comparison: editorComparison(base, snapshot) };
    }
    return latest;
  };
  const start = async (session: RootSession, ref: string, token: CancellationToken): Promise<CompareReply> => {
    reading?.stop();
    const own = readBaseline(options.entry, { ...session.baselineOptions(), root: session.directory, ref, cache: options.cache }, () => undefined);
    reading = own;
    token.onCancellationRequested(() => own.stop());
    const read = await own.state;
    if (reading === own) reading = null;
    comparisons += 1;
    inForce = { directory: session.directory, ref, number: comparisons, state: read, sites: settled(read) };
    refresh();
    const changes = compared(state.snapshotOf(session))?.comparison.changes ?? [];
    const count = (kind: string): number => changes.filter(({ change }) => change === kind).length;
    return { state: 'comparing', ref, added: count('added'), removed: count('removed'), changed: count('changed') };
  };

  connection.onRequest('percpuLens/compareChoices', guarded<null, CompareChoices>(connection, { current: null, refs: [] }, () => choices(mainSession(state), inForce?.ref ?? null)));
  connection.onRequest('percpuLens/compareWith', async ({ ref }: { ref: string | null }, token: CancellationToken): Promise<CompareReply> => {
    const session = mainSession(state);
    if (ref === null) {
      reading?.stop();
      inForce = null;
      latest = null;
      refresh();
      return { state: 'stopped' };
    }
    if (session === null) return { state: 'refused', reason: 'No folder is open. Open a kernel tree in a git repository.' };
    try {
      return await start(session, ref, token);
    } catch (error) {
      return { state: 'refused', reason: error instanceof Error ? error.message : String(error) };
    }
  });
  connection.onRequest('percpuLens/changesIn', guarded<{ uri: string }, ChangesInReply>(connection, { comparedWith: null, marks: [] }, ({ uri }) => {
    const located = inForce === null || documents.get(uri) === undefined ? null : state.sessions.locate(uri);
    const document = documents.get(uri);
    const snapshot = located === null ? null : state.snapshotOf(located.session);
    const found = snapshot === null ? null : compared(snapshot);
    if (located === null || document === undefined || snapshot === null || found === null) return { comparedWith: null, marks: [] };
    return { comparedWith: found.inForce.ref, marks: marksIn(found.comparison, snapshot, located.file, (offset) => document.positionAt(offset).line) };
  }));
  connection.onRequest('percpuLens/difference', guarded<null, DifferenceReply>(connection, null, () => {
    const snapshot = state.mainSnapshot();
    const found = snapshot === null ? null : compared(snapshot);
    if (snapshot === null || found === null) return null;
    return { ...reportDifference(found.base, snapshot, found.comparison), number: found.inForce.number, sites_revision: state.sitesRevision() };
  }));
  connection.onShutdown(() => reading?.stop());
  return {
    inForce: () => {
      const found = inForce !== null && state.mainSnapshot()?.root === inForce.directory ? inForce : null;
      return found === null ? null : { ref: found.ref, number: found.number };
    },
    baseOf: (snapshot) => (inForce === null || snapshot.root !== inForce.directory ? null : { ref: inForce.ref, snapshot: baseSnapshot(inForce, snapshot) }),
    blocksFor: (session, snapshot, siteId) => {
      const found = session.directory === inForce?.directory ? compared(snapshot) : null;
      return found === null ? [] : comparisonBlocks(found.comparison, found.inForce.ref, siteId);
    },
  };
}

/** The tree that the report is about. */
function mainSession(state: ServerState): RootSession | null {
  return state.mainSession();
}

async function choices(session: RootSession | null, current: string | null): Promise<CompareChoices> {
  if (session === null) return { current, refs: [], reason: 'No folder is open. Open a kernel tree in a git repository.' };
  try {
    const refs = await namedRefs(await openRepository(session.directory));
    const head = { ref: 'HEAD', kind: 'HEAD' as const, description: 'the commit that is checked out' };
    return { current, refs: [head, ...refs.map(({ ref, kind, subject }) => ({ ref, kind, description: subject }))] };
  } catch (error) {
    return { current, refs: [], reason: error instanceof Error ? error.message : String(error) };
  }
}

function settled({ sites }: SentState): InForce['sites'] {
  return new Map([...sites].map(([file, resolved]) => [file, settledSites(file, resolved)]));
}

/** The commit on the machine of the snapshot. */
function baseSnapshot({ state, sites }: InForce, snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    kernel: state.kernel ?? snapshot.kernel,
    kconfigOrigin: state.kconfigOrigin,
    timesNotModelled: state.timesNotModelled,
    sites,
    functions: new Map(),
    problems: state.problems,
  };
}
