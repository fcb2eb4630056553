import { builtInMachines, machineByName } from '../machine/builtIn';
import { parseCpuCount } from '../machine/cpuCount';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import type { MachineItem, MachineList, SetMachineParams } from '../protocol/requests';

export function machineList(current: MachineProfile): MachineList {
  return {
    machines: builtInMachines.map(machineItem),
    current: { name: current.name, cpus: current.topology.possibleCpus },
  };
}

function machineItem({ name, description, topology, calibrated }: MachineProfile): MachineItem {
  return { name, description, possible: topology.possibleCpus, online: topology.onlineCpus, origin: 'built-in', calibrated };
}

export type ChosenMachine =
  | { readonly ok: true; readonly machine: MachineProfile }
  | { readonly ok: false; readonly reason: string };

/** The machine that a person picked, rescaled; a sentence where there is none such. */
export function chooseMachine({ name, cpus }: SetMachineParams): ChosenMachine {
  const machine = machineByName(name);
  if (machine === undefined) {
    return { ok: false, reason: `There is no machine ${name}; there are ${builtInMachines.map((known) => known.name).join(', ')}.` };
  }
  if (cpus === undefined) return { ok: true, machine };
  const count = parseCpuCount(String(cpus));
  return count.ok ? { ok: true, machine: withCpus(machine, count.value) } : { ok: false, reason: count.message };
}

/** For one answer at another CPU count; a count that cannot be is ignored, since the editor refuses it before. */
export function machineAt(machine: MachineProfile, cpus: number | undefined): MachineProfile {
  if (cpus === undefined) return machine;
  const count = parseCpuCount(String(cpus));
  return count.ok ? withCpus(machine, count.value) : machine;
}
