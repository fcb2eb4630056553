import { inChurn } from '../lifecycle/growth';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { type Interval, zero } from '../util/interval';
import { onDemand } from '../util/onDemand';
import { derived, given, type Reason, unknown } from '../util/reason';
import type { Solution } from './closedNetwork';
import { demandReasons } from './demandReasons';
import { type Demands, demandsOf, type Downstream, repeated, type Visit, withDownstream } from './demands';
import { asymptotesOf, type Corner, selfConsistentKnee } from './knee';
import { corners, solveCorners } from './solveLoad';

export interface Load {
  /** CPUs that create and destroy; all online ones where absent. */
  readonly creators?: number;
  /** Work per operation outside percpu memory, ns; none where absent. */
  readonly think?: Interval;
  readonly stations?: readonly Downstream[];
  /** Objects created and destroyed per operation; 1 where absent. */
  readonly objects?: number;
}

export interface LockContention {
  readonly utilisation: Reason;
  /** Wait of one visit, ns. */
  readonly waitNs: Reason;
}

export interface Contention {
  readonly creators: number;
  readonly throughputPerSecond: Reason;
  /** Wait before all locks, per operation, ns. */
  readonly waitNs: Reason;
  readonly locks: Readonly<Record<string, LockContention>>;
  /** Share of an operation's time in the kernel that is spent waiting. */
  readonly waitingShare: Reason;
  /** Longest time with interrupts off: wait for a spinlock and its hold, ns. */
  readonly irqsOffNs: Reason;
  readonly kneeCpus: Reason;
  /** The lock that ends the growth; null where none is shared. */
  readonly bottleneck: string | null;
  /** What load the figures hold for. */
  readonly assumption: string;
}

/**
 * What happens when several CPUs create and destroy such objects: throughput, waits, utilisation and knee. Without a
 * load the figures are for creation and destruction back to back on every online CPU.
 */
export function contentionOf(lifeCycle: LifeCycle, machine: MachineProfile, load: Load = {}): Contention {
  const shape = `${JSON.stringify(load)} ${shapeOf(lifeCycle.create)} / ${shapeOf(lifeCycle.destroy)}`;
  const answers = knownAnswers.get(machine) ?? new Map<string, Contention>();
  knownAnswers.set(machine, answers);
  const known = answers.get(shape) ?? newContention(lifeCycle, machine, load);
  if (answers.size >= mostAnswers) answers.clear();
  answers.set(shape, known);
  return known;
}

/** Many sites of a tree do the same: their answers are computed once for each machine. */
const knownAnswers = new WeakMap<MachineProfile, Map<string, Contention>>();
const mostAnswers = 5000;

function shapeOf(steps: readonly Step[]): string {
  return steps.map((step) => (step.kind === 'work' ? `${JSON.stringify(step.operation)} ${step.at}` : `${step.lock} ${step.lockKind} ${step.scope ?? ''}{${shapeOf(step.steps)}}`)).join();
}

function newContention(lifeCycle: LifeCycle, machine: MachineProfile, load: Load): Contention {
  const creators = Math.max(1, Math.floor(load.creators ?? machine.topology.onlineCpus));
  const demands = demandsAt(lifeCycle, machine, load, creators);
  const assumption = assumptionOf(load, creators);
  if (demands === null) return unknownContention(creators, assumption);
  const parts = onDemand(() => demandReasons(lifeCycle, machine, creators));
  const solutions = solveCorners(demands, creators, machine);
  const kneeCpus = onDemand(() => kneeReason(lifeCycle, machine, load));
  return {
    creators,
    assumption,
    throughputPerSecond: explained(ordered('throughput', '1/s', solutions.map(({ throughput }) => throughput * 1e9), assumption), parts),
    waitNs: explained(ordered('wait before locks', 'ns', solutions.map(totalWait), assumption), parts),
    locks: lockContention(solutions, assumption),
    waitingShare: ordered('share of kernel time spent waiting', 'ratio', solutions.map((one, at) => totalWait(one) / kernelTime(one, load, at)), assumption),
    irqsOffNs: ordered('longest time with interrupts off', 'ns', solutions.map((one, at) => longestIrqsOff(demands, one, corners[at] ?? 'mid')), assumption),
    get kneeCpus() { return kneeCpus(); },
    bottleneck: asymptotesOf(demands, 'mid').bottleneck,
  };
}

/** Wait before all locks per operation under a load, ns, without the rest of the analysis. */
export function waitOf(lifeCycle: LifeCycle, machine: MachineProfile, load: Load): Reason {
  const creators = Math.max(1, Math.floor(load.creators ?? machine.topology.onlineCpus));
  const demands = demandsAt(lifeCycle, machine, load, creators);
  if (demands === null) return unknown('wait before locks', 'ns', 'a step has no known price');
  const solutions = solveCorners(demands, creators, machine);
  return explained(ordered('wait before locks', 'ns', solutions.map(totalWait), assumptionOf(load, creators)), onDemand(() => demandReasons(lifeCycle, machine, creators)));
}

/** The value with what it follows from, which is made when it is looked at. */
function explained(value: Reason, parts: () => readonly Reason[]): Reason {
  return { ...value, combine: 'derived', get parts() { return parts(); } };
}

/** Knee of a load on a machine, CPUs: (Z + ΣD) / D_max with hand-offs as dear as between that many CPUs. */
export function kneeOf(lifeCycle: LifeCycle, machine: MachineProfile, load: Load = {}): Reason {
  return kneeReason(lifeCycle, machine, load);
}

export function demandsAt(lifeCycle: LifeCycle, machine: MachineProfile, load: Load, creators: number): Demands | null {
  const churn = inChurn(lifeCycle);
  const one = demandsOf([...churn.create, ...churn.destroy], machine, { creators });
  return one === null ? null : withDownstream(repeated(one, load.objects ?? 1), load.think ?? zero, load.stations ?? []);
}

/** What figures without a load hold for. */
export function backToBack({ topology }: MachineProfile): string {
  return assumptionOf({}, topology.onlineCpus);
}

function assumptionOf(load: Load, creators: number): string {
  const cpus = creators === 1 ? '1 CPU' : `${String(creators)} CPUs`;
  if (load.think === undefined) return `creation and destruction back to back on ${cpus}, areas reused`;
  return `${cpus}, with ${String(Math.round(load.think.mid))} ns of other work per operation, areas reused`;
}

function kneeReason(lifeCycle: LifeCycle, machine: MachineProfile, load: Load): Reason {
  const knee = kneeInterval(lifeCycle, machine, load);
  if (typeof knee === 'string') return unknown('knee', 'CPUs', knee);
  const creators = Math.max(1, Math.min(machine.topology.onlineCpus, Math.round(knee.mid)));
  const value = derived('knee', 'CPUs', knee, [], '(Z + ΣD) / D_max: from there on more CPUs only wait longer');
  return explained(value, onDemand(() => demandReasons(lifeCycle, machine, creators)));
}

/** The knee without its reasons, CPUs; where there is none, why. */
export function kneeInterval(lifeCycle: LifeCycle, machine: MachineProfile, load: Load = {}): Interval | string {
  const most = machine.topology.onlineCpus;
  const remembered = new Map<number, Demands | null>();
  const at = (creators: number): Demands | null => {
    const known = remembered.get(creators);
    if (known !== undefined) return known;
    const demands = demandsAt(lifeCycle, machine, load, creators);
    remembered.set(creators, demands);
    return demands;
  };
  if (at(1) === null) return 'a step has no known price';
  const knee = (think: Corner, held: Corner): number =>
    selfConsistentKnee((creators) => { const demands = at(creators); return demands === null ? Infinity : asymptotesOf(demands, think, held).knee; }, most);
  const values = [knee('low', 'mid'), knee('mid', 'mid'), knee('high', 'mid'), knee('mid', 'low'), knee('mid', 'high')];
  if (values.some((value) => !Number.isFinite(value))) return 'no shared lock is taken: nothing stops scaling here';
  return { low: Math.min(...values), mid: values[1] ?? 0, high: Math.max(...values) };
}

/** The lock that ends the growth of back-to-back creation on every online CPU; null where none is shared. */
export function bottleneckOf(lifeCycle: LifeCycle, machine: MachineProfile): string | null {
  const demands = demandsAt(lifeCycle, machine, {}, machine.topology.onlineCpus);
  return demands === null ? null : asymptotesOf(demands, 'mid').bottleneck;
}

function lockContention(solutions: readonly Solution[], assumption: string): Readonly<Record<string, LockContention>> {
  const names = [...(solutions[0]?.locks.keys() ?? [])];
  return Object.fromEntries(names.map((lock) => [lock, {
    utilisation: ordered(`${lock} held`, 'ratio', solutions.map(({ locks }) => Math.min(1, locks.get(lock)?.utilisation ?? 0)), assumption),
    waitNs: ordered(`wait for ${lock}`, 'ns', solutions.map(({ locks }) => locks.get(lock)?.waitPerVisit ?? 0), assumption),
  }]));
}

function totalWait({ locks }: Solution): number {
  return [...locks.values()].reduce((sum, { wait }) => sum + wait, 0);
}

function kernelTime(solution: Solution, load: Load, at: number): number {
  const other = load.think?.[corners[at] ?? 'mid'] ?? 0;
  return Math.max(1e-9, solution.residence - other);
}

/** Spinning with interrupts off counts: wait and hold of the longest such visit. */
function longestIrqsOff(demands: Demands, solution: Solution, corner: Corner): number {
  const visits = demands.visits.flatMap(function all(visit: Visit): Visit[] { return [visit, ...visit.nested.flatMap(all)]; });
  return Math.max(0, ...visits.filter(({ irqsOff }) => irqsOff).map((visit) => visit.own[corner] + visit.moved[corner] + (solution.locks.get(visit.lock)?.waitPerVisit ?? 0)));
}

function ordered(label: string, unit: Reason['unit'], values: readonly number[], note: string): Reason {
  const mid = values[1] ?? 0;
  const interval = { low: Math.min(...values), mid, high: Math.max(...values) };
  return { ...given(label, unit, interval, { kind: 'derived', at: 'closed queueing network, mean value analysis with nested locks' }), note };
}

function unknownContention(creators: number, assumption: string): Contention {
  const why = (label: string, unit: Reason['unit']): Reason => unknown(label, unit, 'a step has no known price');
  return {
    creators, assumption, bottleneck: null, locks: {},
    throughputPerSecond: why('throughput', '1/s'), waitNs: why('wait before locks', 'ns'), waitingShare: why('share of kernel time spent waiting', 'ratio'),
    irqsOffNs: why('longest time with interrupts off', 'ns'), kneeCpus: why('knee', 'CPUs'),
  };
}

