import * as vscode from 'vscode';
import type { ChunkMapSource } from '../../server/src/protocol/chunkMap';
import type { ChunkMapHostMessage, ChunkMapViewMessage } from '../views/messages';
import { chooseChunkMap } from './chunkMapChoice';
import { reasonOf } from './errorReason';
import { latestOnly } from './latestOnly';
import type { Server } from './server';
import { viewOptions, viewPage } from './webviewPage';

export const chunkMapViewType = 'percpuLens.chunkMap';

export interface ChunkMapPanels {
  /** Asks what to map and shows it. */
  choose(): Promise<void>;
  /** Takes over a panel that the editor restores after a reload. */
  adopt(panel: vscode.WebviewPanel): void;
}

/** At most one chunk map. */
export function createChunkMapPanels(context: vscode.ExtensionContext, server: Server): ChunkMapPanels {
  let open: { readonly panel: vscode.WebviewPanel; readonly view: ChunkMapView } | undefined;
  const adopt = (panel: vscode.WebviewPanel): ChunkMapView => {
    const view = createChunkMapView(context, panel, server, () => choose());
    open = { panel, view };
    panel.onDidDispose(() => {
      open = undefined;
    });
    return view;
  };
  const choose = async (): Promise<void> => {
    const source = await chooseChunkMap();
    if (source === undefined) return;
    if (open === undefined) adopt(vscode.window.createWebviewPanel(chunkMapViewType, vscode.l10n.t('Percpu Chunk Map'), vscode.ViewColumn.Active, viewOptions(context.extensionUri)));
    else open.panel.reveal();
    open?.view.show(source);
  };
  return { choose, adopt };
}

interface ChunkMapView {
  show(source: ChunkMapSource): void;
}

function createChunkMapView(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, server: Server, choose: () => Promise<void>): ChunkMapView {
  const map = `map-${String(Date.now())}`;
  let ready = false;
  let waiting: ChunkMapSource | undefined;
  const send = (message: ChunkMapHostMessage): void => void panel.webview.postMessage(message);

  const show = (source: ChunkMapSource): void => {
    if (!ready) {
      waiting = source;
      return;
    }
    send({ type: 'opening', source });
    server.request('percpuLens/openChunkMap', { map, source }).then(
      (reply) => send({ type: 'opened', source, reply }),
      (error: unknown) => send({ type: 'opened', source, reply: { state: 'refused', reason: reasonOf(error) } }),
    );
  };
  const frame = latestOnly(
    async (index: number) => send({ type: 'frame', frame: index, reply: await server.request('percpuLens/chunkMapFrame', { map, frame: index }) }),
    (error) => void vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`),
  );
  const areas = latestOnly(
    async (index: number, chunk: string) => send({ type: 'areas', frame: index, chunk, reply: await server.request('percpuLens/chunkMapAreas', { map, frame: index, chunk }) }),
    (error) => void vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`),
  );
  const handle = (message: ChunkMapViewMessage): void => {
    switch (message.type) {
      case 'ready': {
        ready = true;
        const first = waiting ?? message.source;
        waiting = undefined;
        if (first !== null) show(first);
        return;
      }
      case 'open':
        show(message.source);
        return;
      case 'frame':
        frame(message.frame);
        return;
      case 'areas':
        areas(message.frame, message.chunk);
        return;
      case 'choose':
        void choose();
    }
  };

  panel.webview.options = viewOptions(context.extensionUri);
  const listeners = [
    panel.webview.onDidReceiveMessage(handle),
    server.onNotification('percpuLens/chunkMapProgress', (progress) => {
      if (progress.map === map) send({ type: 'progress', done: progress.done, total: progress.total });
    }),
  ];
  panel.onDidDispose(() => {
    for (const listener of listeners) void listener.dispose();
    void server.request('percpuLens/closeChunkMap', { map });
  });
  panel.webview.html = viewPage(panel.webview, context.extensionUri, 'chunkMap', vscode.l10n.t('Opening the chunk map…'));
  return { show };
}
