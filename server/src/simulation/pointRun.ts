import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { withCpus } from '../machine/rescale';
import type { MachineProfile } from '../machine/profile';
import { assumedValue, type ScenarioSetting } from './compileScenario';
import type { Levels } from './machineLevels';
import type { Plan } from './plan';
import type { PlannedPart } from './plannedParts';
import { type ModelPart, pointModel, type PointModel } from './pointModel';
import { type Measure, type Pause, replicate, type RunLength } from './replication';
import { changesOf, type Phase } from '../scenario/scenario';
import { withStrategies } from './strategyCombination';

/** One point of a sweep, ready to run. */
export interface Point {
  readonly cpus: number;
  readonly strategy: string;
  readonly machine: MachineProfile;
  readonly parts: readonly PlannedPart[];
  readonly lifeCycles: readonly (readonly LifeCycle[])[];
  readonly clients: number;
}

const leastOperations = 2000;
const operationsPerClient = 10;

export function pointOf(plan: Plan, cpus: number, strategy: string): Point {
  const parts = plan.partsAt(cpus);
  return {
    cpus,
    strategy,
    machine: withCpus(plan.machine, cpus, cpus),
    parts,
    lifeCycles: withStrategies(plan, cpus, parts, strategy).lifeCycles,
    clients: parts.reduce((sum, { clients }) => sum + clients, 0),
  };
}

/** The engine's model of a point with every uncertain quantity at its level. */
export function modelOf(plan: Plan, point: Point, levels: Levels, seed: number): PointModel {
  return pointModel(point.machine, settingsOf(plan, point, levels), levels, seed);
}

/** One replication of a point. */
export function runOnce(plan: Plan, point: Point, levels: Levels, seed: number, pause?: Pause): Measure {
  return replicate(modelOf(plan, point, levels, seed).engine, lengthOf(plan, point, levels), pause);
}

export function settingsOf(plan: Plan, point: Point, levels: Levels): readonly ModelPart[] {
  let firstObject = 0;
  return point.parts.map(({ scenario, clients }, part) => {
    const setting: ScenarioSetting = {
      scenario,
      lifeCycles: point.lifeCycles[part] ?? [],
      levels,
      changed: changesOf(scenario, plan.request.assumptions),
      firstObject,
    };
    firstObject += scenario.objects.length;
    return { setting, clients };
  });
}

function lengthOf(plan: Plan, point: Point, levels: Levels): RunLength {
  const settings = settingsOf(plan, point, levels);
  const lifetime = Math.max(0, ...settings.flatMap(({ setting }) => lifetimesOf(setting)));
  const think = Math.max(1000, ...settings.map(({ setting }) => userTime(setting)));
  const operations = Math.max(leastOperations, operationsPerClient * point.clients);
  return {
    warmUpOperations: Math.ceil(operations / 3),
    warmUpNs: Math.min(lifetime * 1.5, plan.longestNs),
    operations,
    minimumNs: Math.min(lifetime * 2, plan.longestNs),
    longestNs: plan.longestNs,
    spreadNs: Math.min(think, plan.longestNs / 10),
  };
}

function lifetimesOf(setting: ScenarioSetting): number[] {
  return setting.scenario.objects.map(({ lifetime }) => (lifetime === null ? 0 : assumedValue(setting, lifetime)));
}

function userTime(setting: ScenarioSetting): number {
  return setting.scenario.phases.reduce((sum, phase) => sum + (phase.kind === 'user' ? assumedValue(setting, phase.ns) : 0), 0);
}

/** Percpu areas that one operation allocates, by part of the point. */
export function allocationsPerOperation(plan: Plan, point: Point, levels: Levels): readonly number[] {
  return settingsOf(plan, point, levels).map(({ setting }) => allocationsIn(setting.scenario.phases, setting));
}

function allocationsIn(phases: readonly Phase[], setting: ScenarioSetting): number {
  return phases.reduce((sum, phase) => {
    if (phase.kind === 'hold') return sum + allocationsIn(phase.phases, setting);
    if (phase.kind === 'repeat') return sum + allocationsIn(phase.phases, setting) * Math.round(assumedValue(setting, phase.times));
    if (phase.kind !== 'create' && phase.kind !== 'use') return sum;
    const object = setting.scenario.objects.findIndex(({ id }) => id === phase.object);
    return sum + placed(setting.lifeCycles[object]?.[phase.kind] ?? []);
  }, 0);
}

function placed(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'hold' ? placed(step.steps) : step.operation.op === 'place-area' ? 1 : 0), 0);
}
