import * as vscode from 'vscode';
import { cpuListOf } from '../views/cpuList';

const presets: readonly (readonly number[])[] = [
  [1, 2, 4, 8, 16, 32, 64],
  [1, 2, 4, 8, 16, 32, 64, 128, 192, 256],
  [1, 4, 16, 64, 128, 256, 512],
  [1, 4, 16, 64, 256, 512, 1024],
];

/** Powers of two up to the machine's count, and it. */
export function sweepUpTo(cpus: number): readonly number[] {
  return [...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].filter((count) => count < cpus), cpus];
}

/** Asks on how many CPUs; undefined when the person left. */
export async function chooseSweep(machineCpus: number): Promise<readonly number[] | undefined> {
  const range = (cpus: readonly number[]): string => (cpus.length === 1 ? vscode.l10n.t('1 CPU') : vscode.l10n.t('1 to {0} CPUs', cpus.at(-1) ?? 1));
  const own = { label: vscode.l10n.t('{0}: the machine in force', range(sweepUpTo(machineCpus))), description: sweepUpTo(machineCpus).join(', '), cpus: sweepUpTo(machineCpus) };
  const items = presets.map((cpus) => ({ label: range(cpus), description: cpus.join(', '), cpus }));
  const other = { label: vscode.l10n.t('Other CPU counts…'), description: '', cpus: undefined };
  const chosen = await vscode.window.showQuickPick([own, ...items, other], { title: vscode.l10n.t('Simulate (2 of 3): on how many CPUs'), ignoreFocusOut: true });
  if (chosen === undefined) return undefined;
  return chosen.cpus ?? typedCounts();
}

async function typedCounts(): Promise<readonly number[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Simulate (2 of 3): on how many CPUs'),
    prompt: vscode.l10n.t('CPU counts, possible and online, with commas between'),
    ignoreFocusOut: true,
    value: '1, 16, 64, 256',
    validateInput: (typed) => {
      const list = cpuListOf(typed);
      return 'problem' in list ? list.problem : undefined;
    },
  });
  if (text === undefined) return undefined;
  const list = cpuListOf(text);
  return 'counts' in list ? list.counts : undefined;
}
