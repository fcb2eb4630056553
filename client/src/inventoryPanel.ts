import * as vscode from 'vscode';
import type { InventoryParams } from '../../server/src/protocol/inventory';
import type { InventoryHostMessage, InventoryViewMessage } from '../views/messages';
import { reasonOf } from './errorReason';
import { latestOnly } from './latestOnly';
import { openSource } from './openSource';
import type { Server } from './server';
import { viewOptions, viewPage } from './webviewPage';

export const inventoryViewType = 'percpuLens.inventory';

export interface InventoryPanels {
  /** Opens the inventory or brings it forward. */
  show(): void;
  /** Takes over a panel that the editor restores after a reload. */
  adopt(panel: vscode.WebviewPanel): void;
}

/** At most one inventory. */
export function createInventoryPanels(context: vscode.ExtensionContext, server: Server): InventoryPanels {
  let open: vscode.WebviewPanel | undefined;
  const adopt = (panel: vscode.WebviewPanel): void => {
    open = panel;
    panel.onDidDispose(() => {
      open = undefined;
    });
    fill(context, panel, server);
  };
  return {
    adopt,
    show: () => {
      if (open !== undefined) open.reveal();
      else adopt(vscode.window.createWebviewPanel(inventoryViewType, vscode.l10n.t('Percpu Object Inventory'), vscode.ViewColumn.Active, viewOptions(context.extensionUri)));
    },
  };
}

/** What changes while a tree is read is not asked for more often, ms. */
const indexingPause = 3000;
const settledPause = 300;

function fill(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, server: Server): void {
  let shown: { readonly revision: number; readonly indexing: boolean } | undefined;
  const send = (message: InventoryHostMessage): void => void panel.webview.postMessage(message);
  const load = latestOnly(async (params: InventoryParams) => {
    const reply = await server.request('percpuLens/inventory', params);
    shown = { revision: reply.sites_revision, indexing: [reply.own, reply.base].some((tree) => tree?.state === 'indexing') };
    send({ type: 'inventory', reply });
  }, (error) => send({ type: 'failed', reason: reasonOf(error) }));
  let later: ReturnType<typeof setTimeout> | undefined;
  const changed = (): void => {
    later ??= setTimeout(() => {
      later = undefined;
      send({ type: 'changed' });
    }, shown?.indexing === true ? indexingPause : settledPause);
  };

  panel.webview.options = viewOptions(context.extensionUri);
  const listeners = [
    panel.webview.onDidReceiveMessage((message: InventoryViewMessage) => {
      handle(server, message, load, send).catch((error: unknown) => void vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`));
    }),
    server.onNotification('percpuLens/reportChanged', () => {
      if (shown !== undefined) changed();
    }),
    { dispose: () => clearTimeout(later) },
  ];
  panel.onDidDispose(() => {
    listeners.forEach((listener) => void listener.dispose());
    // A folder that only this panel asked for need not be followed any more.
    server.request('percpuLens/closeInventory', null).catch(() => undefined);
  });
  panel.webview.html = viewPage(panel.webview, context.extensionUri, 'inventory', vscode.l10n.t('Reading what the objects of this tree hold…'));
}

async function handle(server: Server, message: InventoryViewMessage, load: (params: InventoryParams) => void, send: (message: InventoryHostMessage) => void): Promise<void> {
  switch (message.type) {
    case 'load':
      load(message.params);
      return;
    case 'open':
      await openSource(message.root, message.place, message.beside);
      return;
    case 'chooseFolder': {
      const [folder] = (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Percpu Lens: kernel tree to show beside this one'), canSelectFiles: false, canSelectFolders: true })) ?? [];
      if (folder !== undefined) send({ type: 'against', against: { kind: 'folder', uri: folder.toString() } });
      return;
    }
    case 'chooseCommit':
      await vscode.commands.executeCommand('percpuLens.compareWith');
      // None is in force where the person left the question or the commit could not be read, which was said.
      if ((await server.request('percpuLens/compareChoices', null)).current !== null) send({ type: 'against', against: { kind: 'compared' } });
  }
}
