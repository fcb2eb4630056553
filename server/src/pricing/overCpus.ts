import type { Operation } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { given, product, type Reason, sum } from '../util/reason';
import { costReason, transferReason } from './constantReason';
import { otherShare, type PricingState } from './state';

const lineBytes = 64;

/**
 * memset of one area in every possible CPU's unit, ns (mm/percpu.c pcpu_alloc_noprof, 6.12: after both locks are
 * released). A reused area is warm where this CPU freed it; another CPU's lines have to come over; growth reaches
 * lines that no cache holds.
 */
export function priceOfZero(bytes: number, growth: number, machine: MachineProfile, state: PricingState): Reason {
  const lines = Math.max(1, Math.ceil(bytes / lineBytes));
  const perUnit = [
    costReason(machine, 'walkCpu'),
    costReason(machine, 'zeroWarm'),
    ...(lines > 1 ? [times('further lines', lines - 1, costReason(machine, 'zeroNextLine'))] : []),
    ...coldPart(bytes, growth, machine),
    ...remotePart(lines, 1 - growth * Math.min(1, bytes / lineBytes), machine, state),
  ];
  return product('zero', 'ns', [possible(machine), sum('one unit', 'ns', perUnit)]);
}

/** Share of the area's lines that it opens: four 16-byte areas share one. */
function coldPart(bytes: number, growth: number, machine: MachineProfile): readonly Reason[] {
  if (growth === 0) return [];
  const fresh = (bytes / lineBytes) * growth;
  const first = times('cold lines', Math.min(1, fresh), costReason(machine, 'coldLine'));
  if (fresh <= 1) return [first];
  return [first, overlapped('cold lines beside the first', fresh - 1, costReason(machine, 'coldLine'), machine)];
}

function remotePart(lines: number, reused: number, machine: MachineProfile, state: PricingState): readonly Reason[] {
  if (otherShare(state) === 0 || reused <= 0) return [];
  const transfer = transferReason(machine, state);
  const first = times('line from another CPU', reused, transfer);
  return lines === 1 ? [first] : [first, overlapped('lines beside it', (lines - 1) * reused, transfer, machine)];
}

/** A loop over CPUs, ns; while others create, each busy CPU has dirtied its own line once. */
export function priceOfWalk(
  walk: Extract<Operation, { op: 'walk' }>,
  machine: MachineProfile,
  state: PricingState,
): Reason {
  const { topology } = machine;
  const cpus = walk.over === 'possible' ? topology.possibleCpus : topology.onlineCpus;
  const perCpu = sum('one CPU', 'ns', [
    costReason(machine, 'walkCpu'),
    ...(walk.loads > 0 ? [times('words read', walk.loads, costReason(machine, 'walkLoad'))] : []),
    ...(walk.stores > 0 ? [times('words written', walk.stores, costReason(machine, 'walkStore'))] : []),
  ]);
  const counted = given(`${walk.over} CPUs`, 'CPUs', cpus, { kind: 'profile', at: machine.name });
  const touched = product('loop', 'ns', [counted, perCpu]);
  const busy = walk.warm === true ? 0 : Math.min(state.creators, cpus) - 1;
  const moved = busy > 0 ? [times('lines that busy CPUs dirtied', busy, transferReason(machine, state))] : [];
  return sum('walk', 'ns', [touched, ...moved]);
}

function overlapped(label: string, lines: number, each: Reason, machine: MachineProfile): Reason {
  return product(label, 'ns', [amount('lines', lines), costReason(machine, 'nextLineShare'), each]);
}

function times(label: string, factor: number, each: Reason): Reason {
  return product(label, 'ns', [amount(label, factor), each]);
}

function amount(label: string, value: number): Reason {
  return given(label, 'count', value, { kind: 'derived', at: 'size, reuse and CPUs' });
}

function possible(machine: MachineProfile): Reason {
  return given('possible CPUs', 'CPUs', machine.topology.possibleCpus, { kind: 'profile', at: machine.name });
}
