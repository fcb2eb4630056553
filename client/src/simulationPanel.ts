import * as vscode from 'vscode';
import type { SimulationHostMessage, SimulationPlan, SimulationViewMessage } from '../views/messages';
import { reasonOf } from './errorReason';
import type { Server } from './server';
import { newRun } from './simulationChoice';
import { exportResult, openSavedResult, savePicture } from './simulationFiles';
import { askQuestion, startRun } from './simulationRuns';
import { createSimulationSession, type SimulationSession } from './simulationSession';
import { reportOfRun } from './storedReport';
import { viewOptions, viewPage } from './webviewPage';

export const simulationViewType = 'percpuLens.simulation';

export interface SimulationPanels {
  /** Opens the panel or brings it forward, with the results that are kept. */
  show(): void;
  /** The same, and runs the plan; a run that is still going is stopped. */
  run(plan: SimulationPlan): void;
  adopt(panel: vscode.WebviewPanel): void;
}

/** At most one simulation panel, one run at a time; results are kept while it is closed. */
export function createSimulationPanels(context: vscode.ExtensionContext, server: Server): SimulationPanels {
  const session = createSimulationSession(context.workspaceState);
  let open: { readonly panel: vscode.WebviewPanel; readonly view: SimulationView } | undefined;
  const adopt = (panel: vscode.WebviewPanel): SimulationView => {
    const view = createSimulationView(context, panel, server, session);
    open = { panel, view };
    panel.onDidDispose(() => {
      open = undefined;
    });
    return view;
  };
  const show = (): SimulationView => {
    if (open === undefined) {
      return adopt(vscode.window.createWebviewPanel(simulationViewType, vscode.l10n.t('Percpu Simulation'), vscode.ViewColumn.Active, viewOptions(context.extensionUri)));
    }
    open.panel.reveal();
    return open.view;
  };
  return { adopt, show, run: (plan) => show().run(plan, null) };
}

interface SimulationView {
  /** `changedFrom`: the run that this one repeats with a change. */
  run(plan: SimulationPlan, changedFrom: string | null): void;
}

function createSimulationView(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, server: Server, session: SimulationSession): SimulationView {
  let ready = false;
  let waiting: (() => void) | undefined;
  let stopRun = (): void => undefined;
  let stopAsking = (): void => undefined;
  const send = (message: SimulationHostMessage): void => void panel.webview.postMessage(message);

  const run = (plan: SimulationPlan, changedFrom: string | null): void => {
    if (!ready) {
      waiting = () => run(plan, changedFrom);
      return;
    }
    stopRun();
    session.start(plan);
    send({ type: 'started', run: plan.params.run, runs: session.runs(), changedFrom });
    stopRun = startRun(server, plan, session, send);
  };
  const handle = async (message: SimulationViewMessage): Promise<void> => {
    switch (message.type) {
      case 'ready':
        ready = true;
        send({ type: 'runs', runs: session.runs() });
        waiting?.();
        waiting = undefined;
        return;
      case 'stop':
        stopRun();
        return;
      case 'again': {
        const stored = session.find(message.run);
        if (stored === undefined) return;
        const changed = Object.keys(message.change).length > 0;
        run({ ...stored.plan, params: { ...stored.plan.params, ...message.change, run: newRun() } }, changed ? message.run : null);
        return;
      }
      case 'choose':
        await vscode.commands.executeCommand('percpuLens.runSimulation');
        return;
      case 'export': {
        const stored = session.find(message.run);
        if (stored !== undefined) await exportResult(server, reportOfRun(stored), message.format);
        return;
      }
      case 'savePicture':
        await savePicture(session.find(message.run)?.plan.params.scenario ?? 'chart', message.base64);
        return;
      case 'openSaved': {
        const opened = await openSavedResult();
        if (opened === undefined) return;
        session.add(opened);
        send({ type: 'opened', run: opened.plan.params.run, runs: session.runs() });
        return;
      }
      case 'forget':
        session.forget(message.run);
        send({ type: 'runs', runs: session.runs() });
        return;
      case 'ask': {
        const stored = session.find(message.run);
        if (stored === undefined) return;
        stopAsking();
        stopAsking = askQuestion(server, stored.plan, message.question, session, send);
        return;
      }
      case 'stopAsking':
        stopAsking();
    }
  };

  panel.webview.options = viewOptions(context.extensionUri);
  const listener = panel.webview.onDidReceiveMessage((message: SimulationViewMessage) => {
    handle(message).catch((error: unknown) => void vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`));
  });
  panel.onDidDispose(() => {
    listener.dispose();
    stopRun();
    stopAsking();
  });
  panel.webview.html = viewPage(panel.webview, context.extensionUri, 'simulation', vscode.l10n.t('Opening the simulation…'));
  return { run };
}
