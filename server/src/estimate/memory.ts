import { reservedSize } from '../lifecycle/allocation';
import type { LifeCycle, Pinned } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { given, product, type Reason, sum } from '../util/reason';

export interface Memory {
  /** Areas, rounded up to 4 bytes, times possible CPUs. */
  readonly footprint: Reason;
  /** Bytes of the object that are not per CPU. */
  readonly shared: Reason;
  /** Kept for reuse on the whole machine, not per object. */
  readonly pinned: Reason;
}

export function memoryOf(lifeCycle: LifeCycle, machine: MachineProfile): Memory {
  return { footprint: footprintOf(lifeCycle, machine), shared: sharedOf(lifeCycle), pinned: pinnedOf(lifeCycle, machine) };
}

/** Footprint of one execution in bytes: every area rounded up to 4 bytes, for every possible CPU. */
export function footprintOf(lifeCycle: LifeCycle, machine: MachineProfile): Reason {
  const { possibleCpus } = machine.topology;
  const areas = lifeCycle.areas.map(({ what, size }) =>
    product(what, 'bytes', [
      given('bytes per CPU, rounded up to 4', 'bytes', reservedSize(size), { kind: 'source code', at: 'PCPU_MIN_ALLOC_SIZE, include/linux/percpu.h (6.12)' }),
      given('possible CPUs', 'CPUs', possibleCpus, { kind: 'profile', at: machine.name }),
    ]),
  );
  return sum('percpu memory', 'bytes', areas);
}

function sharedOf({ sharedBytes }: LifeCycle): Reason {
  return given('memory that is not per CPU', 'bytes', sharedBytes, { kind: 'source code', at: 'the structures of the life cycle' });
}

function pinnedOf(lifeCycle: LifeCycle, machine: MachineProfile): Reason {
  const parts = (lifeCycle.pinned ?? []).map((pinned) =>
    product(pinned.what, 'bytes', [
      given('bytes per CPU', 'bytes', pinned.areaBytes, { kind: 'derived', at: 'the areas that are kept' }),
      given('possible CPUs', 'CPUs', machine.topology.possibleCpus, { kind: 'profile', at: machine.name }),
      given('kept ready', 'count', pinned.count * places(pinned, machine), { kind: 'assumption', at: `${String(pinned.count)} for every ${pinned.per}` }),
    ]),
  );
  return sum('kept for reuse', 'bytes', parts);
}

function places({ per }: Pinned, { topology }: MachineProfile): number {
  if (per === 'machine') return 1;
  if (per === 'cpu') return topology.onlineCpus;
  return Math.max(topology.sockets, Math.ceil(topology.onlineCpus / (topology.coresPerLlc * topology.smt)));
}
