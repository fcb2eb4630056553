import * as vscode from 'vscode';
import type { MachineList, SetMachineParams } from '../../server/src/protocol/requests';
import { largestCpuCount, parseCpuCount } from '../views/cpuCount';

type Choice = vscode.QuickPickItem & { readonly machine?: string; readonly otherCount?: true; readonly lscpu?: true };

/** Asks for a machine, a CPU count or an import; undefined when the person left. */
export async function pickMachine(list: MachineList): Promise<SetMachineParams | 'import' | undefined> {
  const chosen = await vscode.window.showQuickPick(choices(list), {
    title: vscode.l10n.t('Percpu Lens: machine to evaluate for'),
    placeHolder: vscode.l10n.t('Costs, hints and reports are given for this machine'),
    matchOnDescription: true,
  });
  if (chosen?.lscpu === true) return 'import';
  if (chosen?.otherCount === true) return askCpuCount(list.current);
  return chosen?.machine === undefined ? undefined : { name: chosen.machine };
}

function choices(list: MachineList): Choice[] {
  const items = list.machines.map((machine): Choice & { readonly origin: string } => ({
    label: `${machine.name === list.current.name ? '$(check) ' : ''}${machine.name}`,
    description: machine.calibrated ? vscode.l10n.t('{0} possible CPUs', machine.possible) : vscode.l10n.t('{0} possible CPUs · uncalibrated', machine.possible),
    detail: machine.description,
    machine: machine.name,
    origin: machine.origin,
  }));
  const own = items.filter((item) => item.origin === 'profile');
  const builtIn = items.filter((item) => item.origin === 'built-in');
  return [
    ...(own.length === 0 ? [] : [separator(vscode.l10n.t('of percpu.toml')), ...own]),
    separator(vscode.l10n.t('built in')),
    ...builtIn,
    separator(vscode.l10n.t('another')),
    { label: vscode.l10n.t('Other CPU count…'), description: vscode.l10n.t('now {0} possible CPUs', list.current.cpus), otherCount: true },
    { label: vscode.l10n.t('Import lscpu -J…'), description: vscode.l10n.t('from a file, the clipboard or pasted text; boot messages too'), lscpu: true },
  ];
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

async function askCpuCount(current: MachineList['current']): Promise<SetMachineParams | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Percpu Lens: possible CPUs of {0}', current.name),
    prompt: vscode.l10n.t('Possible CPUs, 1 to {0}; the other figures of {1} are kept', largestCpuCount, current.name),
    value: String(current.cpus),
    validateInput: (text) => {
      const count = parseCpuCount(text);
      return 'problem' in count ? count.problem : undefined;
    },
  });
  if (typed === undefined) return undefined;
  const count = parseCpuCount(typed);
  return 'problem' in count ? undefined : { name: current.name, cpus: count.count };
}
