import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { inventoryInTurns } from '../features/inventory';
import type { Inventory, InventoryAgainst, InventoryOfTree, InventoryParams, InventoryReply } from '../protocol/inventory';
import { yieldToEvents } from '../util/cancellation';
import type { RootSession } from '../workspace/rootSession';
import { withMachine, type Snapshot } from '../workspace/snapshot';
import type { Comparison } from './comparison';
import type { ServerState } from './serverState';
import { pathOfUri, uriOfPath } from './uris';

/** Others are answered in between about this often, ms. */
const longestTurn = 15;

/** What the objects of the main tree hold, and of another beside it. A folder that no one has open is read for as long as it is asked for. */
export function answerInventoryRequests(connection: Connection, state: ServerState, comparison: Comparison): void {
  const borrowed = borrowedFolder(state);
  connection.onRequest('percpuLens/inventory', async ({ modules, against }: InventoryParams, token: CancellationToken): Promise<InventoryReply> => {
    const folder = against?.kind === 'folder' ? against.uri : null;
    borrowed.hold(folder);
    const session = state.mainSession();
    const snapshot = state.mainSnapshot();
    const sites_revision = state.sitesRevision();
    if (session === null || snapshot === null) return { sites_revision, own: null, base: null, refused: null, offers: [] };
    const base = against === null ? null : otherTree(state, comparison, session, snapshot, against);
    return {
      sites_revision,
      own: await ofTree(snapshot, path.basename(session.directory), uriOfPath(session.directory), modules, token),
      base: base === null || typeof base === 'string' ? null : await ofTree(withMachine(base.snapshot, snapshot.machine), base.name, base.root, modules, token),
      refused: typeof base === 'string' ? base : null,
      offers: offers(state, comparison, session, snapshot),
    };
  });
  connection.onRequest('percpuLens/closeInventory', (): null => {
    borrowed.hold(null);
    return null;
  });
}

interface OtherTree {
  readonly name: string;
  readonly root: string | null;
  readonly snapshot: Snapshot;
}

/** What is to stand beside the tree; a sentence where it cannot. */
function otherTree(state: ServerState, comparison: Comparison, main: RootSession, snapshot: Snapshot, against: InventoryAgainst): OtherTree | string {
  if (against.kind === 'compared') {
    const base = comparison.baseOf(snapshot);
    return base === null ? 'This tree is compared with no commit now.' : { name: base.ref, root: null, snapshot: base.snapshot };
  }
  const session = state.sessions.holding(against.uri);
  if (session === null) return 'This is no folder on the machine of the workspace.';
  if (session === main) return 'This folder belongs to the tree that is shown already.';
  return { name: path.basename(session.directory), root: uriOfPath(session.directory), snapshot: state.snapshotOf(session) };
}

function offers(state: ServerState, comparison: Comparison, main: RootSession, snapshot: Snapshot): InventoryReply['offers'] {
  const base = comparison.baseOf(snapshot);
  const folders = state.sessions.all().filter((session) => session !== main);
  return [
    ...(base === null ? [] : [{ against: { kind: 'compared' as const }, name: base.ref }]),
    ...folders.map(({ directory }) => ({ against: { kind: 'folder' as const, uri: uriOfPath(directory) }, name: path.basename(directory) })),
  ];
}

async function ofTree(snapshot: Snapshot, name: string, root: string | null, modules: readonly string[], token: CancellationToken): Promise<InventoryOfTree> {
  const { phase, done, total, reason } = snapshot.status;
  const state = phase === 'starting' ? 'indexing' : phase;
  return { name, root, state, reason, progress: state === 'indexing' ? { done, total } : null, inventory: await made(snapshot, modules, token) };
}

async function made(snapshot: Snapshot, modules: readonly string[], token: CancellationToken): Promise<Inventory> {
  const making = inventoryInTurns(snapshot, modules);
  let turn = Date.now();
  for (;;) {
    const next = making.next();
    if (next.done === true) return next.value;
    if (Date.now() - turn < longestTurn) continue;
    await yieldToEvents(token);
    turn = Date.now();
  }
}

/** Opens the tree of a folder that no one has open, and closes it when another is wanted. */
function borrowedFolder(state: ServerState): { hold(uri: string | null): void } {
  let held: string | null = null;
  return {
    hold: (uri) => {
      if (uri === held) return;
      const { sessions } = state;
      if (held !== null) sessions.closeFolder(held);
      held = null;
      if (uri === null || pathOfUri(uri) === null || sessions.holding(uri) !== null) return;
      sessions.openFolder(uri);
      held = uri;
    },
  };
}
