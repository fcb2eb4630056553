import * as vscode from 'vscode';
import type { Diagnosis, MemoryPart, RootDiagnosis } from '../../server/src/protocol/requests';
import { bytes as bytesText } from '../views/format';
import { reasonOf } from './errorReason';
import type { Server } from './server';

/** Puts how everything runs on the clipboard, for a report of a problem: no source text, no path above a root. */
export async function copyDiagnosis(context: vscode.ExtensionContext, server: Server): Promise<void> {
  await vscode.env.clipboard.writeText(await diagnosisText(context, server));
  void vscode.window.showInformationMessage(vscode.l10n.t('Percpu Lens: versions, settings, index state and problems are on the clipboard. There is no source text in them.'));
}

async function diagnosisText(context: vscode.ExtensionContext, server: Server): Promise<string> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  const head = [
    `Percpu Lens ${version}`,
    `VS Code ${vscode.version} (${vscode.env.appName}, ${vscode.env.remoteName ?? 'local'}), ${vscode.workspace.isTrusted ? 'trusted' : 'untrusted'} workspace of ${String(vscode.workspace.workspaceFolders?.length ?? 0)} folders`,
  ];
  const diagnosis = await answerOf(server);
  return `${[...head, ...(typeof diagnosis === 'string' ? [`The server does not answer: ${diagnosis}`] : linesOf(diagnosis))].join('\n')}\n`;
}

/** A server that is not there is what a person most wants to report. */
async function answerOf(server: Server): Promise<Diagnosis | string> {
  const patience = new Promise<string>((resolve) => setTimeout(() => resolve('no answer within 10 seconds'), 10_000));
  return Promise.race([server.request('percpuLens/diagnosis', null).catch((error: unknown) => reasonOf(error)), patience]);
}

function linesOf({ version, node, platform, settings, settingsProblems, roots, memory }: Diagnosis): string[] {
  return [
    `Server ${version}, Node ${node}, ${platform}`,
    `Memory: ${memory.map(({ role, bytes, parts }) => `${role} ${bytesText(bytes)}${partsText(parts)}`).join(', ')}`,
    `Settings: ${JSON.stringify({ ...settings, root: settings.root === null ? null : 'set', kconfig: settings.kconfig === null ? null : 'set' })}`,
    ...settingsProblems.map((problem) => `Settings problem: ${problem}`),
    ...roots.flatMap((root, index) => rootLines(root, index + 1)),
  ];
}

function rootLines(root: RootDiagnosis, number: number): string[] {
  const shown = root.problems.slice(0, 20);
  return [
    '',
    `Root ${String(number)} (${root.name}): ${root.state}${root.reason === null ? '' : `, ${root.reason}`}`,
    `  files ${String(root.done)} of ${String(root.total)}, percpu sites ${String(root.sites)}, open documents ${String(root.openDocuments)}`,
    `  kernel ${root.kernel} (${root.kernelOrigin}), configuration ${root.kconfig}`,
    `  machine ${root.machine}: ${String(root.possible)} possible CPUs, ${String(root.online)} online${root.calibrated ? '' : ', uncalibrated'}`,
    ...root.profileProblems.map((problem) => `  ${problem}`),
    ...shown.map(({ file, reason }) => `  ${file}: ${reason}`),
    ...(root.problems.length > shown.length ? [`  and ${String(root.problems.length - shown.length)} more files`] : []),
  ];
}

/** Index state and memory of every process, in a list that can be read and left. */
export async function showStatus(server: Server): Promise<void> {
  const { roots, memory } = await server.request('percpuLens/diagnosis', null);
  const total = memory.reduce((sum, { bytes }) => sum + bytes, 0);
  const items: vscode.QuickPickItem[] = [
    separator(vscode.l10n.t('index')),
    ...(roots.length === 0 ? [{ label: vscode.l10n.t('No folder is under analysis') }] : roots.map(rootItem)),
    separator(vscode.l10n.t('memory')),
    { label: vscode.l10n.t('$(dashboard) {0} in all', bytesText(total)), description: vscode.l10n.t('resident, all processes together') },
    ...memory.flatMap(({ role, bytes, parts }) => [{ label: bytesText(bytes), description: role }, ...parts.map(partItem)]),
  ];
  const copy = vscode.l10n.t('$(clippy) Copy Diagnostics');
  const chosen = await vscode.window.showQuickPick([...items, separator(''), { label: copy }], {
    title: vscode.l10n.t('Percpu Lens: index and memory'),
    placeHolder: vscode.l10n.t('State as of now; Escape leaves'),
  });
  if (chosen?.label === copy) await vscode.commands.executeCommand('percpuLens.copyDiagnostics');
}

/** Of the process above it. */
function partItem({ part, count, bytes }: MemoryPart): vscode.QuickPickItem {
  return { label: `$(blank) ${bytesText(bytes)}`, description: partWords(part, count ?? 0) };
}

function partWords(part: MemoryPart['part'], count: number): string {
  switch (part) {
    case 'heap':
      return vscode.l10n.t('data in use; below, what is known of it');
    case 'facts':
      return vscode.l10n.t('facts of {0} files', count);
    case 'types':
      return vscode.l10n.t('headers and types, from {0} files', count);
    case 'sites':
      return vscode.l10n.t('{0} percpu sites with all that was found of them', count);
    case 'documents':
      return vscode.l10n.t('functions of {0} open documents', count);
  }
}

function partsText(parts: readonly MemoryPart[]): string {
  if (parts.length === 0) return '';
  return ` (${parts.map(({ part, count, bytes }) => `${part}${count === null ? '' : ` of ${String(count)}`} ${bytesText(bytes)}`).join(', ')})`;
}

function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function rootItem({ name, state, reason, done, total, sites, kernel, kconfig }: RootDiagnosis): vscode.QuickPickItem {
  return {
    label: `$(${state === 'failed' ? 'error' : state === 'ready' ? 'check' : 'sync'}) ${name}`,
    description: vscode.l10n.t('{0}: {1} of {2} files, {3} percpu sites', state, done, total, sites),
    detail: reason ?? vscode.l10n.t('Linux {0}, sizes for {1}', kernel, kconfig),
  };
}
