import * as vscode from 'vscode';
import type { StatusNotice } from '../../server/src/protocol/requests';

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
  item.name = 'Percpu Lens: machine';
  item.command = 'percpuLens.selectMachine';
  item.text = '$(pulse) percpu';
  item.tooltip = 'Percpu Lens: starting';
  let asked = false;
  return {
    update: (status) => {
      item.text = textOf(status);
      item.tooltip = tooltipOf(status);
      item.accessibilityInformation = { label: `Percpu Lens: ${String(status.cpus.possible)} possible CPUs, machine ${status.machine}`, role: 'button' };
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
  const cpus = `${String(status.cpus.possible)} CPUs`;
  if (status.state === 'indexing' || status.state === 'starting') return `$(sync~spin) ${cpus} · ${percent(status)}`;
  if (status.state === 'failed') return `$(warning) ${cpus} · ${status.machine}`;
  return `$(pulse) ${cpus} · ${status.machine}`;
}

function percent({ done, total }: StatusNotice): string {
  if (total === 0) return 'indexing';
  return done < total ? `${String(Math.floor((100 * done) / total))} %` : 'resolving';
}

function tooltipOf(status: StatusNotice): vscode.MarkdownString {
  const lines = [
    `**Percpu Lens**`,
    `Machine: ${status.machine}, ${String(status.cpus.possible)} possible CPUs, ${String(status.cpus.online)} online${status.calibrated ? '' : ', uncalibrated: times are orders of magnitude'}`,
    `Kernel: ${status.kernel ?? 'no kernel tree found'}`,
    stateLine(status),
    ...(status.reason === undefined ? [] : [status.reason]),
    ...(status.problems.length === 0 ? [] : [`${String(status.problems.length)} files could not be read in full; the report lists them.`]),
    'Click to switch the machine.',
  ];
  const text = new vscode.MarkdownString();
  lines.forEach((line, index) => {
    if (index === 0) text.appendMarkdown(line);
    else text.appendMarkdown('\n\n').appendText(line);
  });
  return text;
}

function stateLine(status: StatusNotice): string {
  switch (status.state) {
    case 'starting':
      return 'Index: starting';
    case 'indexing':
      return `Index: ${String(status.done)} of ${String(status.total)} files read, ${String(status.siteCount)} percpu sites resolved`;
    case 'ready':
      return `Index: ready, ${String(status.siteCount)} percpu sites`;
    case 'empty':
      return 'Index: no percpu code in this folder';
    case 'failed':
      return 'Index: failed';
  }
}
