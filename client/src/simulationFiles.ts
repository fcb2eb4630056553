import * as vscode from 'vscode';
import type { SimulationReport } from '../../server/src/protocol/simulation';
import type { DocumentFormat } from '../../server/src/protocol/simulationRequests';
import type { StoredRun } from '../views/messages';
import type { Server } from './server';
import { newRun } from './simulationChoice';
import { runOfFile } from './storedReport';

const filters: Readonly<Record<DocumentFormat | 'png', Record<string, string[]>>> = {
  csv: { [vscode.l10n.t('Comma-separated values')]: ['csv'] },
  json: { JSON: ['json'] },
  svg: { [vscode.l10n.t('Scalable vector graphics')]: ['svg'] },
  html: { [vscode.l10n.t('One HTML file')]: ['html'] },
  png: { [vscode.l10n.t('Portable network graphics')]: ['png'] },
};

/** Asks where to and writes a result, as the command line would write it. */
export async function exportResult(server: Server, report: SimulationReport, format: DocumentFormat): Promise<void> {
  const target = await chooseTarget(report.scenario, format);
  if (target === undefined) return;
  const { text } = await server.request('percpuLens/simulationDocument', { report, format });
  await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
}

/** Asks where to and writes the charts as they are drawn. */
export async function savePicture(scenario: string, base64: string): Promise<void> {
  const target = await chooseTarget(scenario, 'png');
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, Buffer.from(base64, 'base64'));
}

async function chooseTarget(scenario: string, format: DocumentFormat | 'png'): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `percpu-simulation-${scenario.replace(/[^a-z0-9]+/gi, '-')}.${format}`;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export the simulation'),
    filters: filters[format],
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
}

/** Asks for a result that was saved as JSON; undefined where the person left. Throws with a sentence where it is none. */
export async function openSavedResult(): Promise<StoredRun | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Open a saved simulation'), filters: filters.json, canSelectMany: false });
  const [file] = chosen ?? [];
  if (file === undefined) return undefined;
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const opened = runOfFile(Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8'), name, newRun());
  if (!opened.ok) throw new Error(opened.reason);
  return opened.run;
}
