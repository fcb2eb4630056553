/**
 * Speed of the simulator, as ratios within one run of one machine: a step of one CPU (a hold or a work of a life
 * cycle, a part of a scenario) and an event of the queue against one push and pop of an npm
 * binary heap (flatqueue) at the same queue length; cost over events and over CPUs; when a sweep shows its first
 * points. Bundle it before running, as the product is: measured through a test runner's module wrappers it would be
 * another program. `npx esbuild test/bench/simulationBench.ts --bundle --platform=node --format=esm
 * --external:flatqueue --outfile=dist/simulationBench.mjs && node dist/simulationBench.mjs`
 */
import type { Step } from '../../server/src/lifecycle/step';
import { runEngine, startEngine } from '../../server/src/simulation/engine';
import type { EngineModel, LockModel } from '../../server/src/simulation/engineState';
import { middle } from '../../server/src/simulation/machineLevels';
import { planOf } from '../../server/src/simulation/plan';
import { modelOf, pointOf } from '../../server/src/simulation/pointRun';
import type { Phase, Scenario } from '../../server/src/scenario/scenario';
import { simulate } from '../../server/src/simulation/sweep';
import { exponentialModel } from '../unit/simulationModels';

interface Heap {
  readonly length: number;
  push: (item: number, priority: number) => void;
  pop: () => number | undefined;
  peekValue: () => number | undefined;
}

const lengths = [8, 16, 64, 256, 1024];
const pairs = 1_000_000;
const rounds = 5;

/** Median over rounds of ns of CPU time for each of `count` pieces of work: other processes matter less than on the clock. */
function medianNs(count: () => number): number {
  const samples = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    const done = count();
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1000) / done;
  });
  return samples.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** The "hold" model of queue benchmarks: the earliest is taken out and put back a random time later. */
function heapPairNs(heap: Heap, length: number): number {
  const delays = Float64Array.from({ length: 65_536 }, () => -Math.log(1 - Math.random()));
  for (let item = 0; item < length; item += 1) heap.push(item, delays[item % 65_536] ?? 0);
  return medianNs(() => {
    for (let pair = 0; pair < pairs; pair += 1) {
      const time = heap.peekValue() ?? 0;
      const item = heap.pop() ?? 0;
      heap.push(item, time + (delays[pair & 65_535] ?? 0));
    }
    return pairs;
  });
}

/** The adverse case, all times exponential: as many events are pending as there are CPUs; 0.3 of a lock is in use. */
function exponentialCase(cpus: number): Case {
  const lock: LockModel = { name: 'lock', kind: 'mutex', lines: 0 };
  return { model: exponentialModel(cpus, 3000 * cpus, [{ lock: 0, ns: 1000 }], [lock], 1), steps: 3 };
}

interface Case {
  readonly model: EngineModel;
  /** Steps of one operation: works and holds of the life cycles, parts of the scenario; each is done by one CPU. */
  readonly steps: number;
}

/** A scenario as it is run, far enough from saturation that most CPUs have an event pending. */
function scenarioCase(cpus: number): Case {
  const assumptions = { 'user-time': 10_000 * cpus };
  const request = { scenario: 'fork-exec', kernel: '6.12', machine: 'server-512', cpus: [cpus], strategies: ['baseline'], seed: 1, assumptions };
  const plan = planOf({ request });
  const point = pointOf(plan, cpus, 'baseline');
  const steps = point.parts.reduce((sum, { scenario }) => sum + stepsOf(scenario.phases, scenario), 0);
  return { model: modelOf(plan, point, middle, 1).engine, steps };
}

function stepsOf(phases: readonly Phase[], scenario: Scenario): number {
  return phases.reduce((sum, phase) => {
    if (phase.kind === 'hold' || phase.kind === 'repeat') return sum + 1 + stepsOf(phase.phases, scenario);
    if (phase.kind !== 'create' && phase.kind !== 'use' && phase.kind !== 'destroy') return sum + 1;
    const object = scenario.objects.find(({ id }) => id === phase.object);
    return sum + countSteps(object?.lifeCycle[phase.kind] ?? []);
  }, 0);
}

function countSteps(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + 1 + (step.kind === 'hold' ? countSteps(step.steps) : 0), 0);
}

interface EventCost {
  readonly event: number;
  readonly step: number;
  readonly pending: number;
}

function engineEventNs({ model, steps }: Case): EventCost {
  const state = startEngine(model, 3000 * model.entries.length);
  let pending = 0;
  for (let sample = 0; sample < 200; sample += 1) {
    runEngine(state, Infinity, Infinity, 1000);
    pending += state.queue.size / 200;
  }
  const operations = state.operations;
  const events = state.events;
  const event = medianNs(() => {
    const before = state.events;
    runEngine(state, Infinity, Infinity, pairs);
    return state.events - before;
  });
  return { event, step: (event * (state.events - events)) / ((state.operations - operations) * steps), pending };
}

async function heapTable(): Promise<void> {
  const packageName: string = 'flatqueue';
  const { default: FlatQueue } = (await import(packageName)) as { default: new (capacity?: number) => Heap };
  const pairNs = (length: number): number => Math.min(heapPairNs(new FlatQueue(), length), heapPairNs(new FlatQueue(length + 1), length));
  for (const [name, makeCase] of [['exponential', exponentialCase], ['fork-exec', scenarioCase]] as const) {
    for (const cpus of lengths) {
      const { event, step, pending } = engineEventNs(makeCase(cpus));
      const heap = pairNs(Math.max(1, Math.round(pending)));
      line(`${name}, ${cpus} CPUs, ${pending.toFixed(0)} pending: step ${step.toFixed(0)} ns, heap event ${event.toFixed(0)} ns; flatqueue ${heap.toFixed(0)} ns; a step costs ${(step / heap).toFixed(2)} of it, a heap event ${(event / heap).toFixed(2)}`);
    }
  }
}

function linearTable(): void {
  const model = exponentialModel(64, 200_000, [{ lock: 0, ns: 1000 }], [{ name: 'lock', kind: 'mutex', lines: 0 }], 1);
  for (const events of [250_000, 1_000_000, 4_000_000]) {
    const state = startEngine(model, 200_000);
    line(`${events} events: ${medianNs(() => (runEngine(state, Infinity, Infinity, events), events)).toFixed(0)} ns each`);
  }
}

async function cpuTable(): Promise<void> {
  for (const cpus of [16, 64, 256, 1024]) {
    const start = process.cpuUsage();
    const request = { scenario: 'fork-exec', kernel: '6.12', machine: 'server-512', cpus: [cpus], strategies: ['baseline'], seed: 1, band: false };
    await simulate({ request }, () => undefined);
    const ms = process.cpuUsage(start).user / 1000;
    line(`point of ${cpus} CPUs: ${ms.toFixed(0)} ms, ${((ms * 1000) / (10 * 4 * Math.max(2000, 10 * cpus) / 3)).toFixed(2)} us an operation`);
  }
}

async function sweepTable(): Promise<void> {
  const cpus = [1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 512];
  const strategies = ['baseline', 'grouping', 'ctor-dtor', 'dual-mode', 'percpu-cache'];
  const start = process.hrtime.bigint();
  const elapsed = (): number => Number(process.hrtime.bigint() - start) / 1e6;
  let first = 0;
  await simulate({ request: { scenario: 'fork-exec', kernel: '6.12', machine: 'server-512', cpus, strategies, seed: 1 } }, () => {
    if (first === 0) first = elapsed();
  });
  line(`sweep of 12 x 5: first point after ${first.toFixed(0)} ms, all after ${elapsed().toFixed(0)} ms (${((first / elapsed()) * 100).toFixed(1)} %)`);
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

await heapTable();
linearTable();
await cpuTable();
await sweepTable();
