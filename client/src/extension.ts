import './viewStrings';
import * as vscode from 'vscode';
import { clientCommands, type SiteArgument } from '../../server/src/protocol/requests';
import type { SiteToSimulate } from '../../server/src/protocol/simulationRequests';
import { reasonOf } from './errorReason';
import { copyDiagnosis, showStatus } from './diagnosis';
import { chooseKconfig } from './kconfigPicker';
import { chunkMapViewType, createChunkMapPanels } from './chunkMapPanel';
import { createCompareMarks } from './compareMarks';
import { compareWith, stopComparing } from './compareWith';
import { createInventoryPanels, inventoryViewType } from './inventoryPanel';
import { createLanguageClient } from './languageClient';
import { followActiveRoot } from './activeRoot';
import { importMachine } from './machineImport';
import { createMachines } from './machines';
import { openType } from './openType';
import { createReportPanels, reportViewType } from './reportPanel';
import { openSample, showSampleHover } from './sample';
import { serverOf, type Server } from './server';
import { toggleShown } from './shownSettings';
import { chooseSimulation, planForSite } from './simulationChoice';
import { createSimulationPanels, simulationViewType, type SimulationPanels } from './simulationPanel';
import { createStatusBar, type StatusBar } from './statusBar';

let stop: (() => Promise<void>) | undefined;

/** Starts the server beside the editor and wires commands, status bar and panels to it. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Percpu Lens', { log: true });
  const client = createLanguageClient(context, output);
  const running = client.start();
  const server = serverOf(client, running);
  const statusBar = createStatusBar();
  const machines = createMachines(context, server);
  const reports = createReportPanels(context, server, machines);
  const simulations = createSimulationPanels(context, server);
  const chunkMaps = createChunkMapPanels(context, server);
  const inventories = createInventoryPanels(context, server);
  stop = () => client.stop();

  const command = (id: string, run: (argument: SiteArgument | undefined) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (argument: SiteArgument | undefined) => {
      statusBar.reveal();
      try {
        await run(argument);
      } catch (error) {
        await report(error, output);
      }
    });
  context.subscriptions.push(
    output,
    statusBar,
    followActiveRoot(server, (reason) => output.error(reason)),
    server.onNotification('percpuLens/status', (status) => statusBar.update(status)),
    command(clientCommands.showReport, (argument) => reports.show(argument?.siteId, false)),
    command(clientCommands.explainSite, (argument) => reports.show(argument?.siteId, true)),
    command(clientCommands.simulateSite, (argument) => simulateSite(server, simulations, argument?.siteId)),
    command('percpuLens.runSimulation', () => runSimulation(server, simulations)),
    command('percpuLens.showSimulation', () => simulations.show()),
    command('percpuLens.showInventory', () => inventories.show()),
    command('percpuLens.showChunkMap', () => chunkMaps.choose()),
    command('percpuLens.compareWith', (argument) => compareWith(server, typeof argument === 'string' ? argument : undefined)),
    command('percpuLens.stopComparing', () => stopComparing(server)),
    createCompareMarks(server, (reason) => output.error(reason)),
    command('percpuLens.selectMachine', () => machines.choose()),
    command('percpuLens.importMachine', () => importMachine(server, machines)),
    command('percpuLens.selectKconfig', () => chooseKconfig()),
    command('percpuLens.showStatus', () => showStatus(server)),
    command('percpuLens.copyDiagnostics', () => copyDiagnosis(context, server)),
    command('percpuLens.openSample', () => openSample(context)),
    command('percpuLens.showSampleHover', () => showSampleHover(context)),
    command('percpuLens.showOutput', () => output.show()),
    command(clientCommands.openType, (argument) => openType(server, argument?.siteId)),
    command('percpuLens.toggleInlayHints', () => toggleShown('inlayHints')),
    command('percpuLens.toggleCodeLens', () => toggleShown('codeLens')),
    command('percpuLens.toggleDiagnostics', () => toggleShown('diagnostics')),
    vscode.window.registerWebviewPanelSerializer(reportViewType, { deserializeWebviewPanel: (panel) => adopted(() => reports.adopt(panel)) }),
    vscode.window.registerWebviewPanelSerializer(chunkMapViewType, { deserializeWebviewPanel: (panel) => adopted(() => chunkMaps.adopt(panel)) }),
    vscode.window.registerWebviewPanelSerializer(inventoryViewType, { deserializeWebviewPanel: (panel) => adopted(() => inventories.adopt(panel)) }),
    vscode.window.registerWebviewPanelSerializer(simulationViewType, { deserializeWebviewPanel: (panel) => adopted(() => simulations.adopt(panel)) }),
  );
  running.then(
    () => machines.restore(),
    (error: unknown) => startFailed(error, statusBar, output),
  ).catch((error: unknown) => output.error(reasonOf(error)));
}

export async function deactivate(): Promise<void> {
  await stop?.();
}

function adopted(adopt: () => void): Promise<void> {
  adopt();
  return Promise.resolve();
}

async function runSimulation(server: Server, simulations: SimulationPanels): Promise<void> {
  const plan = await chooseSimulation(await server.request('percpuLens/scenarios', null), {
    siteAtCursor: () => siteAtCursor(server),
    strategiesFor: (params) => server.request('percpuLens/strategyChoices', params),
  });
  if (plan !== undefined) simulations.run(plan);
}

async function siteAtCursor(server: Server): Promise<SiteToSimulate> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return { siteId: null, reason: vscode.l10n.t('Open a C file and put the cursor on a percpu call first.') };
  return server.request('percpuLens/siteToSimulate', { uri: editor.document.uri.toString(), line: editor.selection.active.line + 1 });
}

async function simulateSite(server: Server, simulations: SimulationPanels, siteId: string | undefined): Promise<void> {
  if (siteId === undefined) return runSimulation(server, simulations);
  const [list, site] = await Promise.all([server.request('percpuLens/scenarios', null), server.request('percpuLens/siteToSimulate', { siteId })]);
  if (site.siteId === null) throw new Error(site.reason);
  simulations.run(planForSite(list, site));
}

function startFailed(error: unknown, statusBar: StatusBar, output: vscode.LogOutputChannel): Promise<void> {
  statusBar.fail(vscode.l10n.t('Percpu Lens could not start its server: {0}. Click for the output.', reasonOf(error)));
  return report(error, output);
}

async function report(error: unknown, output: vscode.LogOutputChannel): Promise<void> {
  output.error(error instanceof Error ? error : String(error));
  const chosen = await vscode.window.showErrorMessage(`Percpu Lens: ${reasonOf(error)}`, vscode.l10n.t('Show Output'));
  if (chosen !== undefined) output.show();
}
