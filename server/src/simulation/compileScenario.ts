import type { LifeCycle } from '../lifecycle/lifeCycle';
import { type CompileContext, compileSteps, lockIndex, locked, movedData } from './compileSteps';
import { atLevel, type Levels } from './machineLevels';
import { instruction, type Instruction, mergeWork, opcodes, relocated, shapes } from './program';
import { assumption, type Phase, type Scenario } from '../scenario/scenario';

export interface ScenarioSetting {
  readonly scenario: Scenario;
  /** The objects' life cycles with the strategies applied, in the scenario's order. */
  readonly lifeCycles: readonly LifeCycle[];
  readonly levels: Levels;
  /** Values that people set in place of assumptions, by id. */
  readonly changed: Readonly<Record<string, number>>;
  /** Number of the first object of this scenario in the engine, where several run beside each other. */
  readonly firstObject: number;
}

/** Destruction of what is due, then one operation, of a client on memory node `node`. */
export function compileScenario(setting: ScenarioSetting, context: CompileContext, node: number): Instruction[] {
  const part: Instruction[] = [];
  setting.scenario.objects.forEach((object, index) => {
    if (object.lifetime !== null) part.push(...relocated(destroyDue(index, setting, context), part.length));
  });
  const operation = setting.scenario.phases.flatMap((phase) => compilePhase(phase, setting, context, node));
  return [...part, ...mergeWork(operation), instruction(opcodes.END)];
}

/** The value of an assumption: as changed, else at its level. */
export function assumedValue(setting: ScenarioSetting, id: string): number {
  const changed = setting.changed[id];
  if (changed !== undefined) return changed;
  return atLevel(assumption(setting.scenario, id).value, setting.levels.get(`scenario.${id}`) ?? 0.5);
}

function compilePhase(phase: Phase, setting: ScenarioSetting, context: CompileContext, node: number): Instruction[] {
  const inner = (phases: readonly Phase[]): Instruction[] =>
    phases.flatMap((part) => compilePhase(part, setting, context, node));
  switch (phase.kind) {
    case 'user':
      return timed(opcodes.THINK, assumedValue(setting, phase.ns), shapes.EXPONENTIAL);
    case 'kernel':
      return timed(opcodes.WORK, assumedValue(setting, phase.ns), shapes.UNIFORM);
    case 'sleep':
      return timed(opcodes.PAUSE, assumedValue(setting, phase.ns), shapes.UNIFORM);
    case 'hold': {
      const name = phase.perNode === true && node > 0 ? `${phase.lock} of node ${String(node)}` : phase.lock;
      const moved = phase.lines === undefined ? [] : [movedData(context, name, assumedValue(setting, phase.lines))];
      return locked(lockIndex(context.tables, name, phase.lockKind), phase.irqsOff, [...moved, ...inner(phase.phases)]);
    }
    case 'repeat':
      return Array.from({ length: Math.round(assumedValue(setting, phase.times)) }, () => inner(phase.phases)).flat();
    default:
      return compileObject(phase.kind, phase.object, setting, context);
  }
}

function timed(opcode: number, ns: number, shape: typeof shapes.EXPONENTIAL | typeof shapes.UNIFORM): Instruction[] {
  return ns > 0 ? [instruction(opcode, ns, -1, shape)] : [];
}

function compileObject(
  kind: 'create' | 'use' | 'destroy',
  id: string,
  setting: ScenarioSetting,
  context: CompileContext,
): Instruction[] {
  const object = setting.scenario.objects.findIndex((item) => item.id === id);
  const lifeCycle = setting.lifeCycles[object];
  if (lifeCycle === undefined) throw new Error(`scenario ${setting.scenario.id} has no object ${id}`);
  const steps = compileSteps(lifeCycle[kind], context);
  if (kind === 'create') return [...steps, instruction(opcodes.CREATED, 0, setting.firstObject + object)];
  return kind === 'destroy' ? [instruction(opcodes.DESTROYED, 0, setting.firstObject + object), ...steps] : steps;
}

/** While an object is past its lifetime: destroy it and look again. */
function destroyDue(object: number, setting: ScenarioSetting, context: CompileContext): Instruction[] {
  const id = setting.scenario.objects[object]?.id ?? '';
  const body = compileObject('destroy', id, setting, context);
  return [
    instruction(opcodes.UNLESS_DUE, body.length + 2, setting.firstObject + object),
    ...body,
    instruction(opcodes.JUMP, 0),
  ];
}
