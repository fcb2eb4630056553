import type { Constant, MachineCosts, MachineProfile, TransferLatency } from '../machine/profile';
import { exactly, type Interval } from '../util/interval';

/**
 * Where in its interval each uncertain quantity is taken, 0 (low) to 1 (high), by key: `costs.NAME` and
 * `transfer.NAME` of the machine, `scenario.NAME` of the scenario's assumptions. Absent: the middle.
 */
export type Levels = ReadonlyMap<string, number>;

export const middle: Levels = new Map();

/** The value of an interval at a level: 0 its low, 0.5 its mid, 1 its high, straight between. */
export function atLevel(interval: Interval, level: number): number {
  const { low, mid, high } = interval;
  return level <= 0.5 ? low + (mid - low) * level * 2 : mid + (high - mid) * (level - 0.5) * 2;
}

/** The machine with every constant fixed at its level. */
export function machineAt(machine: MachineProfile, levels: Levels): MachineProfile {
  return {
    ...machine,
    transfer: fixed<keyof TransferLatency, TransferLatency>(machine.transfer, 'transfer', levels),
    costs: fixed<keyof MachineCosts, MachineCosts>(machine.costs, 'costs', levels),
  };
}

/** The keys of a machine's constants whose interval is not a point. */
export function uncertainKeys(machine: MachineProfile): string[] {
  const keys = (group: Readonly<Record<string, Constant>>, name: string): string[] =>
    Object.entries(group).filter(([, { value }]) => value.low < value.high).map(([key]) => `${name}.${key}`);
  return [...keys({ ...machine.transfer }, 'transfer'), ...keys({ ...machine.costs }, 'costs')];
}

function fixed<Key extends string, Group extends Readonly<Record<Key, Constant>>>(group: Group, name: string, levels: Levels): Group {
  const entries = Object.entries<Constant>(group).map(([key, constant]) => {
    const value = exactly(atLevel(constant.value, levels.get(`${name}.${key}`) ?? 0.5));
    return [key, { ...constant, value }] as const;
  });
  return { ...group, ...Object.fromEntries(entries) };
}
