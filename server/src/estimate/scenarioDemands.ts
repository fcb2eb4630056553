import { inChurn } from '../lifecycle/growth';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { meanTransfer } from '../machine/distance';
import type { MachineProfile } from '../machine/profile';
import { assumption, isDestroyed, type Phase, type Scenario } from '../scenario/scenario';
import { add, exactly, type Interval, multiply, scale, zero } from '../util/interval';
import { type Demands, demandsOf, inOrder, noDemands, outside, repeated, type Visit } from './demands';

export interface ScenarioSetting {
  readonly scenario: Scenario;
  /** The objects' life cycles with the strategies applied, in the scenario's order. */
  readonly lifeCycles: readonly LifeCycle[];
  readonly machine: MachineProfile;
  readonly clients: number;
  /** Values that stand in place of assumptions, by id. */
  readonly assumptions: Readonly<Record<string, number>>;
}

/** What one operation of a scenario asks for, and what of it is not percpu memory. */
export interface ScenarioDemands {
  readonly demands: Demands;
  /** Time outside the kernel, ns. */
  readonly user: Interval;
  /** Time that has nothing to do with percpu memory, ns: outside the kernel, other work, asleep, the scenario's own locks. */
  readonly other: Interval;
  /** The scenario's own locks. */
  readonly locks: ReadonlySet<string>;
}

/** Null where a step has no known price. */
export function scenarioDemands(setting: ScenarioSetting): ScenarioDemands | null {
  const locks = new Set<string>();
  const whole = demandsOfPhases(setting.scenario.phases, setting, locks);
  const due = setting.scenario.objects.map(({ lifetime }, index) => (lifetime === null ? noDemands : objectDemands('destroy', index, setting)));
  const parts = [whole?.demands ?? null, ...due];
  const demands = parts.reduce<Demands | null>((sum, part) => (sum === null || part === null ? null : inOrder([sum, part])), noDemands);
  if (whole === null || demands === null) return null;
  return { demands, user: whole.user, other: whole.other, locks };
}

interface Part {
  readonly demands: Demands;
  readonly user: Interval;
  readonly other: Interval;
}

const nothing: Part = { demands: noDemands, user: zero, other: zero };

function demandsOfPhases(phases: readonly Phase[], setting: ScenarioSetting, locks: Set<string>): Part | null {
  return phases.reduce<Part | null>((sum, phase) => {
    const part = demandsOfPhase(phase, setting, locks);
    return sum === null || part === null ? null : joined(sum, part);
  }, nothing);
}

function joined(a: Part, b: Part): Part {
  return { demands: inOrder([a.demands, b.demands]), user: add(a.user, b.user), other: add(a.other, b.other) };
}

function demandsOfPhase(phase: Phase, setting: ScenarioSetting, locks: Set<string>): Part | null {
  switch (phase.kind) {
    case 'user': {
      const ns = valueOf(phase.ns, setting);
      return { demands: outside(ns), user: ns, other: ns };
    }
    case 'kernel':
    case 'sleep': {
      const ns = valueOf(phase.ns, setting);
      return { demands: outside(ns), user: zero, other: ns };
    }
    case 'hold':
      return demandsOfHold(phase, setting, locks);
    case 'repeat': {
      const part = demandsOfPhases(phase.phases, setting, locks);
      return part === null ? null : repeatedPart(part, Math.round(valueOf(phase.times, setting).mid));
    }
    default: {
      const index = setting.scenario.objects.findIndex(({ id }) => id === phase.object);
      const demands = objectDemands(phase.kind, index, setting);
      return demands === null ? null : { ...nothing, demands };
    }
  }
}

function valueOf(id: string, { scenario, assumptions }: ScenarioSetting): Interval {
  const changed = assumptions[id];
  return changed === undefined ? assumption(scenario, id).value : exactly(changed);
}

function repeatedPart({ demands, user, other }: Part, times: number): Part {
  return { demands: repeated(demands, times), user: scale(user, times), other: scale(other, times) };
}

function objectDemands(kind: 'create' | 'use' | 'destroy', index: number, { scenario, lifeCycles, machine, clients }: ScenarioSetting): Demands | null {
  const lifeCycle = lifeCycles[index];
  const object = scenario.objects[index];
  if (lifeCycle === undefined || object === undefined) throw new Error(`scenario ${scenario.id} has no object ${String(index)}`);
  const lived = isDestroyed(scenario, object) ? inChurn(lifeCycle) : lifeCycle;
  return demandsOf(lived[kind], machine, { creators: clients });
}

/** A lock in each node is asked for by its share of the clients, and moves within the node. */
function demandsOfHold(phase: Phase & { kind: 'hold' }, setting: ScenarioSetting, locks: Set<string>): Part | null {
  const inner = demandsOfPhases(phase.phases, setting, locks);
  if (inner === null) return null;
  const nodes = phase.perNode === true ? Math.min(setting.machine.topology.nodes, setting.clients) : 1;
  const moved = movedLines(phase, setting, Math.max(1, Math.round(setting.clients / nodes)));
  const visits = Array.from({ length: nodes }, (_, node): Visit => {
    const lock = node === 0 ? phase.lock : `${phase.lock} of node ${String(node)}`;
    locks.add(lock);
    const { think: own, visits: nested } = inner.demands;
    return shareOf({ lock, irqsOff: phase.irqsOff, after: zero, own, moved, populate: zero, nested }, nodes);
  });
  return { demands: { think: zero, tail: zero, visits }, user: inner.user, other: add(inner.other, moved) };
}

function shareOf(visit: Visit, nodes: number): Visit {
  const { after, own, moved, populate, nested } = visit;
  const share = (value: Interval): Interval => scale(value, 1 / nodes);
  return { ...visit, after: share(after), own: share(own), moved: share(moved), populate: share(populate), nested: nested.map((one) => shareOf(one, nodes)) };
}

/** Time for the lock's own lines and those of what it protects to come from the last holder, where that was another CPU. */
function movedLines(phase: Phase & { kind: 'hold' }, setting: ScenarioSetting, sharers: number): Interval {
  const { costs } = setting.machine;
  const own = phase.lockKind === 'mutex' ? costs.mutexHandOffLines : costs.spinlockHandOffLines;
  const lines = phase.lines === undefined ? own.value : add(own.value, valueOf(phase.lines, setting));
  const perLine = multiply(meanTransfer(setting.machine, sharers), costs.guestFactor.value);
  return sharers === 1 ? zero : multiply(perLine, lines);
}
