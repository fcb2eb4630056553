import { meanTransfer } from '../machine/distance';
import type { Constant, MachineCosts, MachineProfile } from '../machine/profile';
import { exactly, multiply } from '../util/interval';
import { derived, given, product, type Reason, type Unit } from '../util/reason';
import { otherShare, type PricingState } from './state';

const labels: Readonly<Record<keyof MachineCosts, readonly [string, Unit]>> = {
  mutex: ['free mutex, lock and unlock', 'ns'],
  spinlock: ['free spinlock, lock and unlock, interrupts saved', 'ns'],
  mutexHandOffLines: ['lines that move with a mutex', 'count'],
  spinlockHandOffLines: ['lines that move with a spinlock', 'count'],
  placeArea: ['search and map update', 'ns'],
  placeAreaLines: ['lines of the chunk that move to place an area', 'count'],
  freeArea: ['map and hint update', 'ns'],
  freeAreaLines: ['lines of the chunk that move to free an area', 'count'],
  sharedBaseLines: ['lines more that move before 6.5', 'count'],
  zeroWarm: ['clear a warm area in one unit', 'ns'],
  zeroNextLine: ['each further line', 'ns'],
  coldLine: ['first touch of a cold line', 'ns'],
  nextLineShare: ['share paid for a line fetched beside another', 'ratio'],
  walkCpu: ['one step of the loop over CPUs', 'ns'],
  walkLoad: ['read a word of one unit', 'ns'],
  walkStore: ['write a word of one unit', 'ns'],
  populatePage: ['allocate and map one page', 'ns'],
  listLink: ['link or unlink an entry', 'ns'],
  listLines: ['lines of the list that move', 'count'],
  memcgBytes: ['charge by the byte stock', 'ns'],
  memcgPages: ['charge that reaches the page stock', 'ns'],
  slab: ['slab fast path', 'ns'],
  clearLine: ['clear one line of the object', 'ns'],
  atomic: ['atomic operation on an owned line', 'ns'],
  localUpdate: ['this_cpu operation', 'ns'],
  guestFactor: ['factor for vCPUs whose holders are preempted', 'ratio'],
};

/** Reasons that many prices share, built once for each machine; profiles never change. */
interface Shared {
  readonly costs: Map<keyof MachineCosts, Reason>;
  /** By number of creators. */
  readonly transfers: Map<number, Reason>;
}

const sharedReasons = new WeakMap<MachineProfile, Shared>();

function sharedOf(machine: MachineProfile): Shared {
  const known = sharedReasons.get(machine);
  if (known !== undefined) return known;
  const made: Shared = { costs: new Map(), transfers: new Map() };
  sharedReasons.set(machine, made);
  return made;
}

function once<Key>(known: Map<Key, Reason>, key: Key, make: () => Reason): Reason {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

export function costReason(machine: MachineProfile, name: keyof MachineCosts): Reason {
  const [label, unit] = labels[name];
  return once(sharedOf(machine).costs, name, () => constantReason(label, unit, machine.costs[name]));
}

export function constantReason(label: string, unit: Unit, constant: Constant): Reason {
  return given(label, unit, constant.value, constant.source);
}

/**
 * Time for one cache line to come from wherever it was last written, ns: the mean over the busy CPUs, none where
 * this CPU is alone.
 */
export function transferReason(machine: MachineProfile, state: PricingState): Reason {
  return once(sharedOf(machine).transfers, state.creators, () => newTransferReason(machine, state));
}

function newTransferReason(machine: MachineProfile, state: PricingState): Reason {
  const share = otherShare(state);
  const mean = meanTransfer(machine, state.creators);
  const value = multiply(multiply(mean, exactly(share)), machine.costs.guestFactor.value);
  const { smt, llc, socket, remote } = machine.transfer;
  const parts = [
    constantReason('transfer between hardware threads', 'ns', smt),
    constantReason('transfer within a last-level cache', 'ns', llc),
    constantReason('transfer within a socket', 'ns', socket),
    constantReason('transfer between sockets', 'ns', remote),
    ...(machine.guest ? [costReason(machine, 'guestFactor')] : []),
  ];
  const note = `mean over pairs of ${String(state.creators)} busy CPUs, times the chance that another CPU wrote last`;
  return derived('transfer of one line', 'ns', value, parts, note);
}

/** `lines` cache lines that have to come from other CPUs; nothing (no reason) where this CPU is alone. */
export function movedLines(
  machine: MachineProfile,
  state: PricingState,
  name: 'mutexHandOffLines' | 'spinlockHandOffLines' | 'placeAreaLines' | 'freeAreaLines' | 'listLines' | 'sharedBaseLines',
): readonly Reason[] {
  if (otherShare(state) === 0) return [];
  return [product('lines from other CPUs', 'ns', [costReason(machine, name), transferReason(machine, state)])];
}
