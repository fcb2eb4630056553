import { builtInMachines, machineByName } from '../machine/builtIn';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import type { Profile } from '../profile/profile';

/** A machine that somebody asked for, in the picker or the settings; null: no wish. */
export interface MachineWish {
  readonly machine: string | null;
  /** Possible CPUs to rescale it to. */
  readonly cpus: number | null;
}

/** In force where neither a person nor a project chose. */
export const defaultMachine = 'server-256';

/** A machine by its name: of the profiles in their order, else a built-in one. */
export function machineNamed(name: string, profiles: readonly Profile[]): MachineProfile | undefined {
  return profiles.flatMap(({ machines }) => machines).find((machine) => machine.name === name) ?? machineByName(name);
}

/** Names to choose from, the projects' own first. */
export function machineNames(profiles: readonly Profile[]): string[] {
  return [...new Set([...profiles.flatMap(({ machines }) => machines), ...builtInMachines].map(({ name }) => name))];
}

/** What holds for a project: the wish, else the choice of its profile, else the default. A wish that names no machine is none. */
export function machineInForce(wish: MachineWish, own: Profile, others: readonly Profile[]): MachineProfile {
  const wished = wish.machine === null ? undefined : machineNamed(wish.machine, [own, ...others]);
  const base = wished ?? machineNamed(own.machine ?? defaultMachine, [own]) ?? machineNamed(defaultMachine, []);
  if (base === undefined) throw new Error('no built-in machine');
  return wish.cpus === null || (wish.machine !== null && wished === undefined) ? base : withCpus(base, wish.cpus);
}
