import type { MachineProfile } from '../machine/profile';
import { workSpread } from '../pricing/variation';
import { assumedValue, compileScenario, type ScenarioSetting } from './compileScenario';
import { type CompileContext, newTables, type Tables } from './compileSteps';
import type { EngineModel, LockModel, PopulationModel } from './engineState';
import { kernelAssumptions, rescheduleChance, tickPeriodNs } from './kernelActivity';
import { atLevel, type Levels, machineAt } from './machineLevels';
import { placement, type Placement } from './placement';
import { assemble, instruction, type Instruction, opcodes } from './program';
import type { Phase } from '../scenario/scenario';

/** From scheduling the balance worker to its start, ns: the wake-up of a workqueue worker. */
const workerDelayNs = 5000;

/** A share of the clients that runs one scenario. */
export interface ModelPart {
  readonly setting: ScenarioSetting;
  readonly clients: number;
}

export interface PointModel {
  readonly engine: EngineModel;
  readonly lockNames: readonly string[];
  /** Steps that could not be priced and take no time in the model. */
  readonly unpriced: readonly string[];
}

/** The engine's model of scenarios that run beside each other on one machine, every quantity at its level. */
export function pointModel(machine: MachineProfile, parts: readonly ModelPart[], levels: Levels, seed: number): PointModel {
  const fixed = machineAt(machine, levels);
  const where = placement(fixed.topology);
  const clients = parts.reduce((sum, part) => sum + part.clients, 0);
  const context: CompileContext = { machine: fixed, creators: clients, tables: newTables() };
  const variants = parts.map(({ setting }) => compileVariants(setting, context, fixed.topology.nodes));
  const worker = workerProgram(context.tables);
  const { program, entries } = assemble([...variants.flat(), ...(worker === null ? [] : [worker])]);
  const engine: EngineModel = {
    program,
    entries: clientEntries(parts, variants, entries, where, fixed.topology.nodes),
    cpuOf: Int32Array.from({ length: clients }, (_, client) => client),
    placement: where,
    latency: latencies(fixed),
    locks: lockModels(context.tables, fixed),
    data: context.tables.data.size,
    lifetimes: Float64Array.from(parts.flatMap(({ setting }) => lifetimes(setting))),
    jitter: workSpread,
    wakeNs: kernelValue('wake-up', levels),
    tick: { periodNs: tickPeriodNs, handlerNs: kernelValue('tick', levels), reschedule: rescheduleChance },
    population: population(context.tables, fixed),
    workerEntry: worker === null ? -1 : (entries.at(-1) ?? -1),
    seed,
  };
  return { engine, lockNames: engine.locks.map(({ name }) => name), unpriced: [...context.tables.unpriced] };
}

/** One program, or one for each memory node where a lock differs by node. */
function compileVariants(setting: ScenarioSetting, context: CompileContext, nodes: number): Instruction[][] {
  const perNode = setting.scenario.phases.some(differsByNode);
  return Array.from({ length: perNode ? nodes : 1 }, (_, node) => compileScenario(setting, context, node));
}

function differsByNode(phase: Phase): boolean {
  if (phase.kind === 'hold') return phase.perNode === true || phase.phases.some(differsByNode);
  return phase.kind === 'repeat' && phase.phases.some(differsByNode);
}

/** Scenarios take turns over the CPUs, in proportion to their clients. */
function clientEntries(
  parts: readonly ModelPart[],
  variants: readonly (readonly unknown[])[],
  entries: readonly number[],
  where: Placement,
  nodes: number,
): Int32Array {
  const cores = where.core.reduce((most, core) => Math.max(most, core), 0) + 1;
  const left = parts.map(({ clients }) => clients);
  const total = left.reduce((sum, clients) => sum + clients, 0);
  const starts = variants.map((_, part) => variants.slice(0, part).reduce((sum, list) => sum + list.length, 0));
  return Int32Array.from({ length: total }, (_, client) => {
    const part = mostBehind(left, parts);
    left[part] = (left[part] ?? 0) - 1;
    const node = Math.floor(((where.core[client] ?? 0) * nodes) / cores);
    const variant = Math.min(node, (variants[part]?.length ?? 1) - 1);
    return entries[(starts[part] ?? 0) + variant] ?? 0;
  });
}

/** The part with the largest share of its clients still to place. */
function mostBehind(left: readonly number[], parts: readonly ModelPart[]): number {
  const shares = parts.map(({ clients }, part) => (left[part] ?? 0) / Math.max(1, clients));
  return shares.indexOf(Math.max(...shares));
}

function workerProgram(tables: Tables): Instruction[] | null {
  const mutex = tables.locks.get('pcpu_alloc_mutex');
  if (mutex === undefined) return null;
  return [
    instruction(opcodes.ACQUIRE, 0, mutex.index),
    instruction(opcodes.POPULATE),
    instruction(opcodes.RELEASE, 0, mutex.index),
    instruction(opcodes.PARK),
  ];
}

function population(tables: Tables, machine: MachineProfile): PopulationModel | null {
  const mutex = tables.locks.get('pcpu_alloc_mutex');
  if (mutex === undefined) return null;
  const pageNs = machine.costs.populatePage.value.mid * machine.topology.possibleCpus;
  return { pageBytes: machine.pageSize, pageNs, lock: mutex.index, workerDelayNs };
}

function lockModels(tables: Tables, machine: MachineProfile): LockModel[] {
  const { mutexHandOffLines, spinlockHandOffLines } = machine.costs;
  return [...tables.locks].map(([name, { kind }]) => ({
    name,
    kind,
    lines: (kind === 'mutex' ? mutexHandOffLines : spinlockHandOffLines).value.mid,
  }));
}

function latencies(machine: MachineProfile): Float64Array {
  const { smt, llc, socket, remote } = machine.transfer;
  const factor = machine.costs.guestFactor.value.mid;
  return Float64Array.from([0, ...[smt, llc, socket, remote].map(({ value }) => value.mid * factor)]);
}

function lifetimes(setting: ScenarioSetting): number[] {
  return setting.scenario.objects.map(({ lifetime }) => (lifetime === null ? 0 : assumedValue(setting, lifetime)));
}

function kernelValue(id: string, levels: Levels): number {
  const found = kernelAssumptions.find((item) => item.id === id);
  return found === undefined ? 0 : atLevel(found.value, levels.get(`kernel.${id}`) ?? 0.5);
}
