import { reservedSize } from '../lifecycle/allocation';
import type { LifeCycle, Pinned } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';

/** Bytes that one live object holds: its percpu areas on every possible CPU, and what is shared. */
export function objectBytes(lifeCycle: LifeCycle, machine: MachineProfile): number {
  const perCpu = lifeCycle.areas.reduce((sum, { size }) => sum + reservedSize(size), 0);
  return perCpu * machine.topology.possibleCpus + lifeCycle.sharedBytes;
}

/** Bytes kept for reuse whatever lives. */
export function pinnedBytes(lifeCycle: LifeCycle, machine: MachineProfile): number {
  const { possibleCpus } = machine.topology;
  return (lifeCycle.pinned ?? []).reduce((sum, pinned) => sum + pinned.count * holders(pinned, machine) * pinned.areaBytes * possibleCpus, 0);
}

function holders({ per }: Pinned, machine: MachineProfile): number {
  const { onlineCpus, coresPerLlc, smt } = machine.topology;
  if (per === 'machine') return 1;
  return per === 'cpu' ? onlineCpus : Math.ceil(onlineCpus / Math.max(1, coresPerLlc * smt));
}
