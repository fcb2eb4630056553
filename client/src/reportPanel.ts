import * as vscode from 'vscode';
import type { MachineList, ReportReply, SetMachineParams } from '../../server/src/protocol/requests';
import type { ReportHostMessage, ReportViewMessage, SourcePlace } from '../views/messages';
import { parseCpuCount } from './cpuCount';
import { reasonOf } from './errorReason';
import { exportReport } from './exportReport';
import type { Machines } from './machines';
import { latestOnly } from './latestOnly';
import { openSource } from './openSource';
import type { Server } from './server';
import { viewOptions, viewPage } from './webviewPage';

export const reportViewType = 'percpuLens.report';

export interface ReportPanels {
  /** Opens the report or brings it forward, at a site if one is given. */
  show(siteId: string | undefined, unfold: boolean): void;
  /** Takes over a panel that the editor restores after a reload. */
  adopt(panel: vscode.WebviewPanel): void;
}

/** At most one report panel. */
export function createReportPanels(context: vscode.ExtensionContext, server: Server, machines: Machines): ReportPanels {
  let open: { readonly panel: vscode.WebviewPanel; readonly view: ReportView } | undefined;
  const adopt = (panel: vscode.WebviewPanel): ReportView => {
    const view = createReportView(context, panel, server, machines);
    open = { panel, view };
    panel.onDidDispose(() => {
      open = undefined;
    });
    return view;
  };
  return {
    adopt,
    show: (siteId, unfold) => {
      if (open === undefined) {
        const panel = vscode.window.createWebviewPanel(reportViewType, 'Percpu Cost Report', vscode.ViewColumn.Active, viewOptions(context.extensionUri));
        adopt(panel);
      } else open.panel.reveal();
      if (siteId !== undefined) open?.view.select(siteId, unfold);
    },
  };
}

/** A whole report costs the server up to seconds: not more often than this while the tree is being read, ms. */
const indexingPause = 3000;
const settledPause = 200;

interface ReportView {
  select(siteId: string, unfold: boolean): void;
}

function createReportView(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, server: Server, machines: Machines): ReportView {
  let shown: ReportReply | undefined;
  let ready = false;
  let pendingSelection: Extract<ReportHostMessage, { type: 'select' }> | undefined;
  const send = (message: ReportHostMessage): void => void panel.webview.postMessage(message);
  const fail = (error: unknown): void => send({ type: 'failed', reason: reasonOf(error) });

  const load = latestOnly(async () => {
    const [report, list] = await loadReport(server);
    shown = report;
    send({ type: 'report', report, machines: list });
    if (pendingSelection !== undefined) send(pendingSelection);
    pendingSelection = undefined;
  }, fail);
  const preview = latestOnly(async (cpus: number) => {
    const report = await server.request('percpuLens/report', { cpus });
    send({ type: 'preview', report });
  }, fail);

  let reload: ReturnType<typeof setTimeout> | undefined;
  const reloadSoon = (): void => {
    reload ??= setTimeout(() => {
      reload = undefined;
      load();
    }, shown?.state === 'indexing' ? indexingPause : settledPause);
  };

  const setMachine = async (params: SetMachineParams): Promise<void> => {
    const problem = params.cpus === undefined ? undefined : problemOf(params.cpus);
    const reply = problem === undefined ? await machines.set(params) : { accepted: false as const, reason: problem };
    if (reply.accepted) load();
    else send({ type: 'refused', reason: reply.reason });
  };
  const handle = async (message: ReportViewMessage): Promise<void> => {
    switch (message.type) {
      case 'ready':
        ready = true;
        load();
        return;
      case 'reload':
        load();
        return;
      case 'preview':
        preview(message.cpus);
        return;
      case 'open':
        await openPlace(shown, message.place, message.beside);
        return;
      case 'details':
        send({ type: 'details', siteId: message.siteId, reply: await server.request('percpuLens/siteDetails', { siteId: message.siteId }) });
        return;
      case 'setMachine':
        await setMachine(message.machine);
        return;
      case 'simulate':
        await vscode.commands.executeCommand('percpuLens.simulateSite', { siteId: message.siteId });
        return;
      case 'export':
        if (shown !== undefined) await exportReport(shown, message.format, message.siteIds);
    }
  };

  panel.webview.options = viewOptions(context.extensionUri);
  const listeners = [
    panel.webview.onDidReceiveMessage((message: ReportViewMessage) => {
      handle(message).catch((error: unknown) => void vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`));
    }),
    server.onNotification('percpuLens/reportChanged', () => {
      if (ready) reloadSoon();
    }),
    { dispose: () => clearTimeout(reload) },
  ];
  panel.onDidDispose(() => listeners.forEach((listener) => void listener.dispose()));
  panel.webview.html = viewPage(panel.webview, context.extensionUri, 'report', 'Reading the percpu sites of this folder…');
  return {
    select: (siteId, unfold) => {
      const message = { type: 'select', siteId, unfold } as const;
      if (shown === undefined) pendingSelection = message;
      else send(message);
    },
  };
}

function loadReport(server: Server): Promise<[ReportReply, MachineList]> {
  return Promise.all([server.request('percpuLens/report', {}), server.request('percpuLens/machines', null)]);
}

async function openPlace(shown: ReportReply | undefined, place: SourcePlace, beside: boolean): Promise<void> {
  const root = shown?.root ?? null;
  if (root !== null) await openSource(root, place, beside);
}

function problemOf(cpus: number): string | undefined {
  const count = parseCpuCount(String(cpus));
  return 'problem' in count ? count.problem : undefined;
}
