import * as vscode from 'vscode';
import type { DifferenceReply } from '../../server/src/protocol/comparison';
import type { ReportReply } from '../../server/src/protocol/requests';
import type { ReportHostMessage, ReportViewMessage } from '../views/messages';
import { reasonOf } from './errorReason';
import type { Machines } from './machines';
import { latestOnly } from './latestOnly';
import { createFollower } from './editorFollower';
import { sendReport } from './reportDelivery';
import { createReportHandler } from './reportHandler';
import { createResumedComparison } from './resumedComparison';
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
        const panel = vscode.window.createWebviewPanel(reportViewType, vscode.l10n.t('Percpu Cost Report'), vscode.ViewColumn.Active, viewOptions(context.extensionUri));
        adopt(panel);
      } else open.panel.reveal();
      if (siteId !== undefined) open?.view.select(siteId, unfold);
    },
  };
}

/** A whole report costs the server up to seconds: not more often than this while the tree is being read, ms. */
const indexingPause = 3000;
const settledPause = 200;
/** What the person set in the panel, kept for the next opening in this workspace. */
const memory = 'percpuLens.reportView';

interface ReportView {
  select(siteId: string, unfold: boolean): void;
}

function createReportView(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, server: Server, machines: Machines): ReportView {
  let shown: (Pick<ReportReply, 'root' | 'state' | 'sites_revision'> & { readonly comparison: number | null }) | undefined;
  let ready = false;
  let pendingSelection: Extract<ReportHostMessage, { type: 'select' }> | undefined;
  const send = (message: ReportHostMessage): void => void panel.webview.postMessage(message);
  const resumed = createResumedComparison(server, (reason) => send({ type: 'notCompared', reason }));
  const fail = (error: unknown): void => send({ type: 'failed', reason: reasonOf(error) });

  const load = latestOnly(async () => {
    const [report, list] = await Promise.all([server.request('percpuLens/report', {}), server.request('percpuLens/machines', null)]);
    const difference = await differenceOf(server, report.comparison);
    const first = shown === undefined;
    shown = { root: report.root, state: report.state, sites_revision: report.sites_revision, comparison: report.comparison?.number ?? null };
    await sendReport(report, difference, list, first ? context.workspaceState.get(memory) : undefined, send);
    if (pendingSelection !== undefined) send(pendingSelection);
    pendingSelection = undefined;
    resumed.tree(report.state === 'indexing', report.comparison !== null);
  }, fail);
  /** What a machine changes; the sites stay. */
  const summarise = latestOnly(async () => {
    const [summary, list] = await Promise.all([server.request('percpuLens/summary', null), server.request('percpuLens/machines', null)]);
    if (shown === undefined || summary.sites_revision !== shown.sites_revision) return load();
    const comparison = summary.comparison?.number ?? null;
    const difference = comparison === shown.comparison ? {} : { difference: await differenceOf(server, summary.comparison) };
    shown = { ...shown, state: summary.state, comparison };
    send({ type: 'summary', summary, machines: list, ...difference });
    resumed.tree(summary.state === 'indexing', comparison !== null);
  }, fail);

  let reload: ReturnType<typeof setTimeout> | undefined;
  const reloadSoon = (sitesRevision: number): void => {
    if (shown?.sites_revision === sitesRevision) summarise();
    else {
      reload ??= setTimeout(() => {
        reload = undefined;
        load();
      }, shown?.state === 'indexing' ? indexingPause : settledPause);
    }
  };

  const follower = createFollower(() => shown?.root ?? null, (file, line) => send({ type: 'cursor', file, line }));
  const handle = createReportHandler({
    server,
    machines,
    send,
    root: () => shown?.root ?? null,
    load,
    follow: (on) => follower.follow(on),
    keep: (state) => context.workspaceState.update(memory, state),
  });

  panel.webview.options = viewOptions(context.extensionUri);
  const listeners = [
    panel.webview.onDidReceiveMessage((message: ReportViewMessage) => {
      if (message.type === 'ready' && !ready) {
        ready = true;
        resumed.from(message.comparedWith);
      }
      handle(message).catch((error: unknown) => void vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`));
    }),
    server.onNotification('percpuLens/reportChanged', ({ sites_revision: sites }) => {
      if (ready) reloadSoon(sites);
    }),
    follower,
    { dispose: () => clearTimeout(reload) },
  ];
  panel.onDidDispose(() => listeners.forEach((listener) => void listener.dispose()));
  panel.webview.html = viewPage(panel.webview, context.extensionUri, 'report', vscode.l10n.t('Reading the percpu sites of this folder…'));
  return {
    select: (siteId, unfold) => {
      const message = { type: 'select', siteId, unfold } as const;
      if (shown === undefined) pendingSelection = message;
      else send(message);
    },
  };
}

function differenceOf(server: Server, comparison: ReportReply['comparison']): Promise<DifferenceReply> {
  return comparison === null ? Promise.resolve(null) : server.request('percpuLens/difference', null);
}
