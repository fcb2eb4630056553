import * as vscode from 'vscode';
import type { StatusNotice } from '../../server/src/protocol/requests';
import { bytes as bytesText } from '../views/format';

/** The machine in force and the state of the index; hidden until there are sites or a person asked for something. */
export interface StatusBar {
  update(status: StatusNotice): void;
  /** From now on visible in any folder. */
  reveal(): void;
  fail(message: string): void;
  dispose(): void;
}

export function createStatusBar(): StatusBar {
  const item = vscode.window.createStatusBarItem('percpuLens.machine', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('Percpu Lens: machine');
  item.command = 'percpuLens.selectMachine';
  item.text = '$(pulse) percpu';
  item.tooltip = vscode.l10n.t('Percpu Lens: starting');
  let asked = false;
  return {
    update: (status) => {
      item.text = textOf(status);
      item.tooltip = tooltipOf(status);
      item.accessibilityInformation = { label: vscode.l10n.t('Percpu Lens: {0} possible CPUs, machine {1}', status.cpus.possible, status.machine), role: 'button' };
      if (asked || status.siteCount > 0) item.show();
      else item.hide();
    },
    reveal: () => {
      asked = true;
      item.show();
    },
    fail: (message) => {
      item.text = '$(error) percpu';
      item.tooltip = message;
      item.command = 'percpuLens.showOutput';
      item.show();
    },
    dispose: () => item.dispose(),
  };
}

function textOf(status: StatusNotice): string {
  const cpus = vscode.l10n.t('{0} CPUs', status.cpus.possible);
  if (status.state === 'indexing' || status.state === 'starting') return `$(sync~spin) ${cpus} · ${percent(status)}`;
  if (status.state === 'failed') return `$(warning) ${cpus} · ${status.machine}`;
  return `$(pulse) ${cpus} · ${status.machine}`;
}

function percent({ done, total }: StatusNotice): string {
  if (total === 0) return vscode.l10n.t('indexing');
  return done < total ? `${String(Math.floor((100 * done) / total))} %` : vscode.l10n.t('resolving');
}

function tooltipOf(status: StatusNotice): vscode.MarkdownString {
  const lines = [
    ...(status.root === null ? [] : [vscode.l10n.t('Folder {0}', vscode.workspace.asRelativePath(vscode.Uri.parse(status.root), true))]),
    ...(status.kernel === null ? [vscode.l10n.t('No kernel tree')] : [vscode.l10n.t('Linux {0}, sizes for {1}', status.kernel, status.kconfig ?? vscode.l10n.t('no configuration'))]),
    machineLine(status),
    status.calibrated ? vscode.l10n.t('Times are calibrated on this machine') : vscode.l10n.t('Times are uncalibrated: orders of magnitude'),
    stateLine(status),
    ...(status.reason === undefined ? [] : [status.reason]),
    ...problemLine(status.problems.length),
    vscode.l10n.t('Memory: {0} in all processes', bytesText(status.memoryBytes)),
  ];
  const text = new vscode.MarkdownString('**Percpu Lens**');
  text.isTrusted = { enabledCommands: links().map(([, command]) => command) };
  for (const line of lines) text.appendMarkdown('\n\n').appendText(line);
  text.appendMarkdown(`\n\n${links().map(([label, command]) => `[${label}](command:${command})`).join(' · ')}`);
  return text;
}

function links(): readonly (readonly [string, string])[] {
  return [
    [vscode.l10n.t('Switch machine'), 'percpuLens.selectMachine'],
    [vscode.l10n.t('Kernel configuration'), 'percpuLens.selectKconfig'],
    [vscode.l10n.t('Cost report'), 'percpuLens.showReport'],
    [vscode.l10n.t('Index and memory'), 'percpuLens.showStatus'],
  ];
}

function problemLine(count: number): string[] {
  if (count === 0) return [];
  return [count === 1 ? vscode.l10n.t('1 file could not be read in full; the report lists it.') : vscode.l10n.t('{0} files could not be read in full; the report lists them.', count)];
}

function machineLine({ machine, cpus }: StatusNotice): string {
  return vscode.l10n.t('Machine {0}: {1} possible CPUs, {2} online', machine, cpus.possible, cpus.online);
}

function stateLine({ state, done, total, siteCount }: StatusNotice): string {
  switch (state) {
    case 'starting':
      return vscode.l10n.t('Index: starting');
    case 'indexing':
      return vscode.l10n.t('Index: {0} of {1} files read, {2} percpu sites resolved', done, total, siteCount);
    case 'ready':
      return vscode.l10n.t('Index: ready, {0} percpu sites', siteCount);
    case 'empty':
      return vscode.l10n.t('Index: no percpu code in this folder');
    case 'failed':
      return vscode.l10n.t('Index: failed');
  }
}
