import * as vscode from 'vscode';
import type { MachineList, SetMachineParams } from '../../server/src/protocol/requests';
import { largestCpuCount, parseCpuCount } from './cpuCount';

type Choice = vscode.QuickPickItem & { readonly machine?: string; readonly otherCount?: true };

/** Asks for a machine or a CPU count; undefined when the person left. */
export async function pickMachine(list: MachineList): Promise<SetMachineParams | undefined> {
  const chosen = await vscode.window.showQuickPick(choices(list), {
    title: 'Percpu Lens: machine to evaluate for',
    placeHolder: 'Costs, hints and reports are given for this machine',
    matchOnDescription: true,
  });
  if (chosen?.otherCount === true) return askCpuCount(list.current);
  return chosen?.machine === undefined ? undefined : { name: chosen.machine };
}

function choices(list: MachineList): Choice[] {
  const items = list.machines.map((machine): Choice & { readonly origin: string } => ({
    label: `${machine.name === list.current.name ? '$(check) ' : ''}${machine.name}`,
    description: `${String(machine.possible)} possible CPUs${machine.calibrated ? '' : ' · uncalibrated'}`,
    detail: machine.description,
    machine: machine.name,
    origin: machine.origin,
  }));
  const own = items.filter((item) => item.origin === 'profile');
  const builtIn = items.filter((item) => item.origin === 'built-in');
  return [
    ...(own.length === 0 ? [] : [separator('of percpu.toml'), ...own]),
    separator('built in'),
    ...builtIn,
    separator('another size'),
    { label: 'Other CPU count…', description: `now ${String(list.current.cpus)} possible CPUs`, otherCount: true },
  ];
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

async function askCpuCount(current: MachineList['current']): Promise<SetMachineParams | undefined> {
  const typed = await vscode.window.showInputBox({
    title: `Percpu Lens: possible CPUs of ${current.name}`,
    prompt: `Possible CPUs, 1 to ${String(largestCpuCount)}; the other figures of ${current.name} are kept`,
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
