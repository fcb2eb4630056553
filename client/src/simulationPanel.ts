import * as vscode from 'vscode';
import type { SimulationHostMessage, SimulationOutcome, SimulationPlan, SimulationViewMessage } from '../views/messages';
import { reasonOf } from './errorReason';
import type { Server } from './server';
import { newRun } from './simulationChoice';
import { viewOptions, viewPage } from './webviewPage';

export const simulationViewType = 'percpuLens.simulation';

export interface SimulationPanels {
  /** Opens the panel or brings it forward and runs the plan; a run that is still going is stopped. */
  run(plan: SimulationPlan): void;
  adopt(panel: vscode.WebviewPanel): void;
}

/** At most one simulation panel, one run at a time. */
export function createSimulationPanels(context: vscode.ExtensionContext, server: Server): SimulationPanels {
  let open: { readonly panel: vscode.WebviewPanel; readonly view: SimulationView } | undefined;
  const adopt = (panel: vscode.WebviewPanel): SimulationView => {
    const view = createSimulationView(context, panel, server);
    open = { panel, view };
    panel.onDidDispose(() => {
      open = undefined;
    });
    return view;
  };
  return {
    adopt,
    run: (plan) => {
      if (open === undefined) {
        adopt(vscode.window.createWebviewPanel(simulationViewType, 'Percpu Simulation', vscode.ViewColumn.Active, viewOptions(context.extensionUri)));
      } else open.panel.reveal();
      open?.view.run(plan);
    },
  };
}

interface SimulationView {
  run(plan: SimulationPlan): void;
}

function createSimulationView(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, server: Server): SimulationView {
  let ready = false;
  let last: SimulationPlan | null = null;
  let waiting: SimulationPlan | undefined;
  let stopRun = (): void => undefined;
  const send = (message: SimulationHostMessage): void => void panel.webview.postMessage(message);

  const run = (plan: SimulationPlan): void => {
    last = plan;
    if (!ready) {
      waiting = plan;
      return;
    }
    stopRun();
    stopRun = startRun(server, plan, send);
  };
  const handle = (message: SimulationViewMessage): void => {
    switch (message.type) {
      case 'ready':
        ready = true;
        last ??= message.plan;
        if (waiting !== undefined) run(waiting);
        waiting = undefined;
        return;
      case 'stop':
        stopRun();
        return;
      case 'again':
        if (last !== null) run(repeated(last, message.assumptions));
        return;
      case 'choose':
        void vscode.commands.executeCommand('percpuLens.runSimulation');
    }
  };

  panel.webview.options = viewOptions(context.extensionUri);
  const listener = panel.webview.onDidReceiveMessage(handle);
  panel.onDidDispose(() => {
    listener.dispose();
    stopRun();
  });
  panel.webview.html = viewPage(panel.webview, context.extensionUri, 'simulation', 'Opening the simulation…');
  return { run };
}

function repeated(plan: SimulationPlan, assumptions: Readonly<Record<string, number>>): SimulationPlan {
  return { ...plan, params: { ...plan.params, run: newRun(), assumptions: { ...plan.params.assumptions, ...assumptions } } };
}

/** Starts a run; the result stops it, keeping the points that are there. */
function startRun(server: Server, plan: SimulationPlan, send: (message: SimulationHostMessage) => void): () => void {
  const cancellation = new vscode.CancellationTokenSource();
  const { run } = plan.params;
  const points = server.onNotification('percpuLens/simulationPoint', (notice) => {
    if (notice.run === run) send({ type: 'point', ...notice });
  });
  const end = (outcome: SimulationOutcome): void => {
    points.dispose();
    send({ type: 'ended', run, outcome });
  };
  send({ type: 'started', plan });
  server.request('percpuLens/simulate', plan.params, cancellation.token).then(
    (reply) => end(cancellation.token.isCancellationRequested && reply.state === 'refused' ? { state: 'stopped' } : { state: 'finished', reply }),
    (error: unknown) => end(cancellation.token.isCancellationRequested ? { state: 'stopped' } : { state: 'failed', reason: reasonOf(error) }),
  );
  return () => cancellation.cancel();
}
