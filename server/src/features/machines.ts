import { builtInMachines } from '../machine/builtIn';
import { parseCpuCount } from '../machine/cpuCount';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import type { Profile } from '../profile/profile';
import type { MachineItem, MachineList, SetMachineParams } from '../protocol/requests';
import { machineNamed, machineNames, type MachineWish } from '../workspace/machineInForce';

/** Machines to choose from: those of the projects' profiles, then the built-in ones. */
export function machineList(current: MachineProfile, profiles: readonly Profile[]): MachineList {
  const own = new Map(profiles.flatMap(({ machines }) => machines).map((machine) => [machine.name, machine]));
  return {
    machines: [...[...own.values()].map((machine) => machineItem(machine, 'profile')), ...builtInMachines.map((machine) => machineItem(machine, 'built-in'))],
    current: { name: current.name, cpus: current.topology.possibleCpus },
  };
}

function machineItem({ name, description, topology, calibrated }: MachineProfile, origin: MachineItem['origin']): MachineItem {
  return { name, description, possible: topology.possibleCpus, online: topology.onlineCpus, origin, calibrated };
}

export type ChosenMachine =
  | { readonly ok: true; readonly wish: MachineWish }
  | { readonly ok: false; readonly reason: string };

/** The machine that a person picked; a sentence where there is none such. */
export function chooseMachine({ name, cpus }: SetMachineParams, profiles: readonly Profile[]): ChosenMachine {
  if (machineNamed(name, profiles) === undefined) return { ok: false, reason: `There is no machine ${name}; there are ${machineNames(profiles).join(', ')}.` };
  if (cpus === undefined) return { ok: true, wish: { machine: name, cpus: null } };
  const count = parseCpuCount(String(cpus));
  return count.ok ? { ok: true, wish: { machine: name, cpus: count.value } } : { ok: false, reason: count.message };
}

/** Why a wish of the settings cannot be fulfilled; null where it can. */
export function wishFault({ machine }: MachineWish, profiles: readonly Profile[]): string | null {
  if (machine === null || machineNamed(machine, profiles) !== undefined) return null;
  return `percpuLens.machine: there is no machine "${machine}"; there are ${machineNames(profiles).join(', ')}`;
}

/** For one answer at another CPU count; a count that cannot be is ignored, since the editor refuses it before. */
export function machineAt(machine: MachineProfile, cpus: number | undefined): MachineProfile {
  if (cpus === undefined) return machine;
  const count = parseCpuCount(String(cpus));
  return count.ok ? withCpus(machine, count.value) : machine;
}
