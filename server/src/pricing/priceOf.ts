import type { Hold, Operation, Step, Work } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { between } from '../util/interval';
import { never } from '../util/never';
import { given, product, type Reason, sum } from '../util/reason';
import { costReason, movedLines, transferReason } from './constantReason';
import { priceOfWalk, priceOfZero } from './overCpus';
import { alone, otherShare, type PricingState } from './state';

/**
 * Time one CPU spends in a step, ns, without waiting for locks: what others hold is the business of the contention
 * analysis and the simulation. With more than one creator the lines of locks and chunks move between CPUs, and that
 * time is in. A hold is the sum of its lock and its steps.
 */
export function priceOf(step: Step, machine: MachineProfile, state: PricingState = alone): Reason {
  return step.kind === 'hold' ? priceOfHold(step, machine, state) : priceOfWork(step, machine, state);
}

/** Acquire and release of a hold's lock, ns, with the lines that a hand-off between CPUs moves. */
export function lockCost(hold: Hold, machine: MachineProfile, state: PricingState = alone): Reason {
  const mutex = hold.lockKind === 'mutex';
  const base = costReason(machine, mutex ? 'mutex' : 'spinlock');
  const ownLock = hold.scope === 'object';
  const moved = ownLock ? [] : movedLines(machine, state, mutex ? 'mutexHandOffLines' : 'spinlockHandOffLines');
  return sum(`take and release ${hold.lock}`, 'ns', [base, ...moved]);
}

function priceOfHold(hold: Hold, machine: MachineProfile, state: PricingState): Reason {
  const steps = hold.steps.map((step) => priceOf(step, machine, state));
  return sum(hold.lock, 'ns', [lockCost(hold, machine, state), ...steps], hold.at);
}

function priceOfWork(work: Work, machine: MachineProfile, state: PricingState): Reason {
  const price = priceOfOperation(work.operation, machine, state);
  return { ...price, label: work.label, note: price.note === undefined ? work.at : `${work.at}; ${price.note}` };
}

function priceOfOperation(operation: Operation, machine: MachineProfile, state: PricingState): Reason {
  switch (operation.op) {
    case 'memcg-charge':
    case 'memcg-uncharge':
      return memcgPrice(operation.bytes, machine);
    case 'place-area':
      return chunkPrice('placeArea', 'placeAreaLines', operation.baseShared, machine, state);
    case 'free-area':
      return chunkPrice('freeArea', 'freeAreaLines', operation.baseShared, machine, state);
    case 'populate':
      return populatePrice(operation.bytes, operation.growth ?? 1, machine);
    case 'zero':
      return priceOfZero(operation.bytes, operation.growth ?? 0, machine, state);
    case 'walk':
      return priceOfWalk(operation, machine, state);
    case 'list':
      return listPrice(operation.links, machine, state);
    case 'slab':
      return sum('slab', 'ns', [costReason(machine, 'slab'), clearPrice(operation.bytes, machine)]);
    case 'clear':
      return clearPrice(operation.bytes, machine);
    case 'atomic':
      return atomicPrice(operation.count, operation.sharing, machine, state);
    case 'local-update':
      return product('local updates', 'ns', [count('operations', operation.count), costReason(machine, 'localUpdate')]);
    case 'other':
      return otherPrice(operation.nanoseconds);
    default:
      return never(operation);
  }
}

/** Bytes charged for an area: every possible CPU's copy and 8 bytes a 4-byte granule (mm/percpu.c pcpu_obj_full_size, 6.12). */
export function chargedBytes(bytesPerCpu: number, possibleCpus: number): number {
  return bytesPerCpu * possibleCpus + Math.ceil(bytesPerCpu / 4) * 8;
}

function memcgPrice(bytes: number, machine: MachineProfile): Reason {
  const charged = chargedBytes(bytes, machine.topology.possibleCpus);
  const pages = charged > machine.pageSize;
  const why = `${String(charged)} bytes are ${pages ? 'more than a page: the page stock is reached' : 'within a page: the byte stock serves'}`;
  return sum('memory cgroup', 'ns', [costReason(machine, pages ? 'memcgPages' : 'memcgBytes')], why);
}

function chunkPrice(
  work: 'placeArea' | 'freeArea',
  lines: 'placeAreaLines' | 'freeAreaLines',
  baseShared: boolean | undefined,
  machine: MachineProfile,
  state: PricingState,
): Reason {
  const shared = baseShared === true ? movedLines(machine, state, 'sharedBaseLines') : [];
  return sum(work, 'ns', [costReason(machine, work), ...movedLines(machine, state, lines), ...shared]);
}

function populatePrice(bytes: number, growth: number, machine: MachineProfile): Reason {
  const pages = (bytes / machine.pageSize) * growth;
  const { possibleCpus } = machine.topology;
  return product(
    'populate',
    'ns',
    [
      given('new pages of each unit', 'pages', pages, { kind: 'derived', at: `${String(bytes)} bytes of a ${String(machine.pageSize)}-byte page` }),
      given('possible CPUs', 'CPUs', possibleCpus, { kind: 'profile', at: machine.name }),
      costReason(machine, 'populatePage'),
    ],
    growth === 0 ? 'objects come and go: the pages stay populated' : 'whoever populates, the balance worker or this task, holds the mutex',
  );
}

function listPrice(links: number, machine: MachineProfile, state: PricingState): Reason {
  const linking = product('entries', 'ns', [count('entries', links), costReason(machine, 'listLink')]);
  return sum('list', 'ns', [linking, ...movedLines(machine, state, 'listLines')]);
}

function clearPrice(bytes: number, machine: MachineProfile): Reason {
  return product('clear', 'ns', [count('lines', Math.ceil(bytes / 64)), costReason(machine, 'clearLine')]);
}

function atomicPrice(
  operations: number,
  sharing: 'private' | 'node' | 'machine',
  machine: MachineProfile,
  state: PricingState,
): Reason {
  const own = costReason(machine, 'atomic');
  const contended = sharing !== 'private' && otherShare(state) > 0;
  const moved = contended ? [transferReason(machine, sharers(sharing, machine, state))] : [];
  const each = sum('one operation', 'ns', [own, ...moved]);
  return product('atomic operations', 'ns', [count('operations', operations), each]);
}

/** Per-node sharing keeps the line among the CPUs of one node. */
function sharers(sharing: 'node' | 'machine', machine: MachineProfile, state: PricingState): PricingState {
  if (sharing === 'machine') return state;
  const perNode = Math.max(1, Math.ceil(machine.topology.onlineCpus / machine.topology.nodes));
  return { ...state, creators: Math.max(1, Math.min(state.creators, perNode)) };
}

function otherPrice(nanoseconds: { readonly low: number; readonly mid: number; readonly high: number }): Reason {
  const { low, mid, high } = nanoseconds;
  return given('other work', 'ns', between(low, high, mid), { kind: 'assumption', at: 'work of the operation outside percpu memory' });
}

function count(label: string, value: number): Reason {
  return given(label, 'count', value, { kind: 'derived', at: 'the life cycle' });
}
