import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../../server/src/simulation/conservation';
import { beginWindow, runEngine, startEngine } from '../../server/src/simulation/engine';
import type { EngineModel, EngineState, LockModel } from '../../server/src/simulation/engineState';
import { eventQueue, popEvent, pushEvent, replaceEarliest } from '../../server/src/simulation/eventQueue';
import { addLatency, latencyHistogram, percentile } from '../../server/src/simulation/latencyHistogram';
import { distance, distances, placement } from '../../server/src/simulation/placement';
import { assemble, instruction, type Instruction, opcodes, shapes } from '../../server/src/simulation/program';
import { timelineRecorder } from '../../server/src/simulation/timelineRecorder';
import { engineModel, exponentialModel } from './simulationModels';

const spin = (name: string, lines = 0): LockModel => ({ name, kind: 'spinlock', lines });
const mutex = (name: string, lines = 0): LockModel => ({ name, kind: 'mutex', lines });
const hold = (lock: number, inner: readonly Instruction[], irqsOff = 0): Instruction[] => [
  instruction(opcodes.ACQUIRE, irqsOff, lock), ...inner, instruction(opcodes.RELEASE, irqsOff, lock),
];
const work = (ns: number): Instruction => instruction(opcodes.WORK, ns);
const think = (ns: number): Instruction => instruction(opcodes.THINK, ns);
const end = instruction(opcodes.END);

describe('the event queue', () => {
  it('gives events in order of time, whatever was pushed', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (times) => {
      const queue = eventQueue(times.length);
      times.forEach((time, slot) => pushEvent(queue, time, slot));
      const order: number[] = [];
      const slots = new Set<number>();
      for (; queue.size > 0; popEvent(queue)) {
        order.push(queue.times[0]!);
        slots.add(queue.slots[0]!);
        expect(times[queue.slots[0]!]).toBe(queue.times[0]);
      }
      expect(order).toEqual([...times].sort((a, b) => a - b));
      expect(slots.size).toBe(times.length);
    }));
  });

  it('replaces the earliest as a pop and a push would', () => {
    fc.assert(fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }), fc.nat(50), (times, more) => {
      const one = eventQueue(times.length);
      const other = eventQueue(times.length);
      times.forEach((time, slot) => [one, other].forEach((queue) => pushEvent(queue, time, slot)));
      const earliest = one.times[0]!;
      const slot = one.slots[0]!;
      replaceEarliest(one, earliest + more);
      popEvent(other);
      pushEvent(other, earliest + more, slot);
      const drain = (queue: typeof one): number[] => {
        const left: number[] = [];
        for (; queue.size > 0; popEvent(queue)) left.push(queue.times[0]!);
        return left;
      };
      expect(drain(one)).toEqual(drain(other));
    }));
  });
});

describe('the latency histogram', () => {
  it('gives percentiles within a bucket (1.6 %) of the sorted values', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 2_000_000_000 }), { minLength: 1, maxLength: 200 }), fc.constantFrom(0.01, 0.5, 0.99), (values, share) => {
      const histogram = latencyHistogram();
      values.forEach((value) => addLatency(histogram, value));
      const sorted = [...values].sort((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil(share * values.length) - 1)]!;
      expect(Math.abs(percentile(histogram, share) - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.016));
    }));
  });

  it('takes durations beyond 32 bits', () => {
    const histogram = latencyHistogram();
    addLatency(histogram, 1e12);
    expect(Math.abs(percentile(histogram, 1) / 1e12 - 1)).toBeLessThan(0.016);
  });
});

describe('CPU placement', () => {
  it('numbers cores socket by socket and siblings after them', () => {
    const where = placement({ possibleCpus: 16, onlineCpus: 16, sockets: 2, nodes: 2, coresPerLlc: 2, smt: 2 });
    const from0 = [0, 8, 1, 2, 4].map((cpu) => distances[distance(where, 0, cpu)]);
    expect(from0).toEqual(['same CPU', 'SMT sibling', 'same last-level cache', 'same socket', 'other socket']);
  });
});

function run(model: EngineModel, until: number): EngineState {
  const state = startEngine(model, 0);
  runEngine(state, until);
  return state;
}

describe('a lock', () => {
  it('serves spinning waiters in order of arrival and one at a time', () => {
    const model = engineModel(3, [think(10), ...hold(0, [work(100)]), end], { locks: [spin('a')] });
    const recorder = timelineRecorder(3);
    const state = startEngine(model, 3, recorder.hook);
    runEngine(state, 1000);
    const holds = recorder.lanes(1000).flatMap((lane, cpu) => lane.filter(({ activity }) => activity === 'holding').map((span) => ({ ...span, cpu })));
    holds.sort((a, b) => a.from_ns - b.from_ns);
    const order = holds.map(({ cpu }) => cpu);
    expect([...order.slice(0, 3)].sort()).toEqual([0, 1, 2]);
    expect(order.slice(3, 9)).toEqual([...order.slice(0, 3), ...order.slice(0, 3)]);
    holds.slice(1).forEach((span, index) => expect(span.from_ns).toBeGreaterThanOrEqual(holds[index]!.to_ns));
  });

  it('pays for its lines by the distance of the last holder', () => {
    const where = placement({ possibleCpus: 4, onlineCpus: 4, sockets: 2, nodes: 2, coresPerLlc: 2, smt: 1 });
    const latency = Float64Array.from([0, 5, 20, 50, 100]);
    const throughput = (cpus: number[]): number => {
      const model = engineModel(2, [...hold(0, [work(100)]), end], { locks: [spin('a', 3)], placement: where, latency, cpuOf: Int32Array.from(cpus) });
      return run(model, 1e6).operations;
    };
    expect(throughput([0, 1])).toBeCloseTo(1e6 / (100 + 3 * 20), -2);
    expect(throughput([0, 2])).toBeCloseTo(1e6 / (100 + 3 * 100), -2);
  });

  it('moves data lines from whoever used them last', () => {
    const where = placement({ possibleCpus: 2, onlineCpus: 2, sockets: 2, nodes: 2, coresPerLlc: 1, smt: 1 });
    const part = [...hold(0, [instruction(opcodes.MOVE, 4, 0), work(100)]), end];
    const model = engineModel(2, part, { locks: [spin('a')], data: 1, placement: where, latency: Float64Array.from([0, 0, 0, 0, 100]) });
    expect(run(model, 1e6).operations).toBeCloseTo(1e6 / 500, -1);
  });

  it('lets its visit to an inner lock lengthen the outer hold', () => {
    const { program, entries } = assemble([
      [...hold(0, [...hold(1, [work(100)])]), think(100), end],
      [...hold(1, [work(300)]), end],
    ]);
    const model = { ...engineModel(2, [end], { locks: [mutex('outer'), spin('inner')] }), program, entries: Int32Array.from(entries) };
    const state = run(model, 1e6);
    // 100 ns of its own; the freer holds the inner lock for 300 ns back to back.
    expect(state.lock.heldNs[0]! / state.lock.grants[0]!).toBeGreaterThan(250);
  });
});

describe('interrupts', () => {
  const tick = { periodNs: 1000, handlerNs: 100, reschedule: 0 };

  it('lengthen work by their handler', () => {
    const model = engineModel(1, [work(500), end], { tick });
    const share = run(model, 1e6).irqNs / 1e6;
    expect(share).toBeCloseTo(0.1, 2);
  });

  it('wait until they are on again', () => {
    const off = engineModel(1, [...hold(0, [work(5000)], 1), work(10), end], { locks: [spin('a')], tick });
    const state = run(off, 1e6);
    expect(state.irqsOffMaxNs).toBe(5000);
    // A thousand ticks fall into the run; those of one section with interrupts off come as one after it.
    expect(state.irqNs).toBeLessThanOrEqual(1.3 * state.operations * tick.handlerNs);
    expect(state.irqNs).toBeGreaterThan(0);
  });

  it('send a spinner of a mutex to sleep, who is woken by the unlock and gets it', () => {
    const sleepy = { ...tick, reschedule: 1 };
    const model = engineModel(4, [...hold(0, [work(20_000)]), end], { locks: [mutex('a')], tick: sleepy });
    const state = run(model, 1e7);
    expect(state.sleepNs).toBeGreaterThan(1e6);
    expect(state.operations).toBeGreaterThan(350);
    expect(violations(state)).toEqual([]);
  });
});

describe('the allocator\'s pages', () => {
  const worker = [...hold(0, [instruction(opcodes.POPULATE)]), instruction(opcodes.PARK)];
  const population = { pageBytes: 4096, pageNs: 50_000, lock: 0, workerDelayNs: 1000 };

  function growing(part: readonly Instruction[], delay: number): EngineState {
    const { program, entries } = assemble([part, worker]);
    const model = engineModel(2, [end], { locks: [mutex('pcpu_alloc_mutex')], population: { ...population, workerDelayNs: delay }, workerEntry: entries[1]! });
    const state = startEngine({ ...model, program, entries: new Int32Array(2) }, 0);
    runEngine(state, 1e8);
    return state;
  }

  it('are populated as use grows, by the worker ahead of the tasks', () => {
    const state = growing([...hold(0, [work(100), instruction(opcodes.GROW, 64)]), think(5000), end], 1000);
    const pages = (state.operations * 64) / 4096;
    expect(state.populatedByWorker + state.populatedByTask).toBeGreaterThanOrEqual(Math.floor(pages));
    expect(state.populatedByWorker + state.populatedByTask).toBeLessThanOrEqual(pages + 6);
    expect(state.populatedByWorker).toBeGreaterThan(10 * state.populatedByTask);
  });

  it('are populated by the tasks where the worker comes late', () => {
    const state = growing([...hold(0, [work(100), instruction(opcodes.GROW, 64)]), think(5000), end], 1e7);
    expect(state.populatedByTask).toBeGreaterThan(state.populatedByWorker);
  });

  it('stay as they are in churn', () => {
    const part = [...hold(0, [work(100), instruction(opcodes.GROW, 64)]), think(500), instruction(opcodes.SHRINK, 64), end];
    const state = growing(part, 1000);
    expect(state.populatedByWorker + state.populatedByTask).toBeLessThanOrEqual(5);
  });
});

describe('object lifetimes', () => {
  it('hold Little\'s law: live objects = rate × lifetime', () => {
    const destroy = [instruction(opcodes.UNLESS_DUE, 4, 0), instruction(opcodes.DESTROYED, 0, 0), work(50), instruction(opcodes.JUMP, 0)];
    const part = [...destroy, instruction(opcodes.THINK, 1000, -1, shapes.EXPONENTIAL), work(100), instruction(opcodes.CREATED, 0, 0), end];
    const model = engineModel(4, part, { lifetimes: Float64Array.from([20_000]) });
    const state = startEngine(model, 0);
    runEngine(state, 1e6);
    beginWindow(state);
    runEngine(state, 1e8);
    const rate = state.object.created[0]! / (state.now - state.windowStart);
    const { live, created, destroyed } = state.object;
    expect(live[0]).toBe(state.object.liveAtStart[0]! + created[0]! - destroyed[0]!);
    expect(live[0]! / (rate * 20_000)).toBeGreaterThan(0.8);
    expect(live[0]! / (rate * 20_000)).toBeLessThan(1.3);
  });
});

/** Programs of well-nested holds over three locks in one order, with everything else that can happen around them. */
const sections = fc.array(
  fc.record({
    first: fc.nat(2), nested: fc.boolean(), irqsOff: fc.boolean(), ns: fc.integer({ min: 0, max: 3000 }), before: fc.integer({ min: 0, max: 4000 }),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('any program', () => {
  it('keeps flow balance and Little\'s law to the last bit', () => {
    fc.assert(fc.property(sections, fc.integer({ min: 1, max: 12 }), fc.nat(1000), fc.constantFrom(0, 0.3, 1), fc.double({ min: 1000, max: 1_500_000, noNaN: true }), (parts, clients, seed, reschedule, warmUp) => {
      const part = parts.flatMap(({ first, nested, irqsOff, ns, before }) => {
        const inner: Instruction[] = [instruction(opcodes.WORK, ns, -1, shapes.UNIFORM)];
        const second = first + 1;
        const body = nested && second < 3 ? hold(second, inner, 1) : inner;
        return [instruction(opcodes.THINK, before, -1, shapes.EXPONENTIAL), ...hold(first, body, irqsOff ? 1 : 0)];
      });
      const model = engineModel(clients, [...part, end], {
        locks: [mutex('a', 2), mutex('b', 1), spin('c', 1)], seed, jitter: 0.3, latency: Float64Array.from([0, 7.3, 20, 50, 100]),
        tick: { periodNs: 7000.3, handlerNs: 333.7, reschedule }, wakeNs: 1234.5,
      });
      const state = startEngine(model, 500);
      // A window may begin at any time: a drawn lifetime is no step of simulated time.
      runEngine(state, warmUp);
      beginWindow(state);
      runEngine(state, warmUp + 1_300_000.1);
      expect(violations(state)).toEqual([]);
      expect(state.operations).toBeGreaterThan(0);
    }), { numRuns: 300 });
  });
});

describe('the same seed', () => {
  it('gives the same run on every Node release: a digest recorded once', () => {
    const model = exponentialModel(24, 3000, [{ lock: 0, ns: 300 }, { lock: 1, ns: 200 }], [mutex('a'), spin('b')], 42);
    const state = startEngine({ ...model, tick: { periodNs: 40_000, handlerNs: 900, reschedule: 0.2 } }, 100);
    runEngine(state, 5e7);
    const numbers = [state.operations, state.events, state.userNs, state.workNs, state.spinNs, state.sleepNs, ...state.lock.waitNs, ...state.latencies.counts];
    expect(createHash('sha256').update(Float64Array.from(numbers)).digest('hex')).toBe('7a3829ba202cae3637c91b7a8dad4e99a228be45031732f13a909be0f3353aa1');
  });

  it('and another seed another run', () => {
    const events = [1, 2].map((seed) => run(exponentialModel(8, 3000, [{ lock: 0, ns: 300 }], [spin('a')], seed), 1e6).workNs);
    expect(events[0]).not.toBe(events[1]);
  });
});
