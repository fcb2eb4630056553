import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../server/src/protocol/simulation';
import { breakEven } from '../../server/src/simulation/breakEven';
import { scenarioIds } from '../../server/src/scenario/catalogue';
import { sensitivity } from '../../server/src/simulation/sensitivity';
import { Refused, type SimulationInput } from '../../server/src/simulation/simulationInput';
import { strategyChoices } from '../../server/src/simulation/strategyChoices';
import { simulate, spreadOut } from '../../server/src/simulation/sweep';
import { recordTimeline } from '../../server/src/simulation/timeline';
import { userScenario } from '../../server/src/scenario/userScenario';
import { Cancelled } from '../../server/src/util/cancellation';

const request: SimulationRequest = {
  scenario: 'fork-exec', kernel: '6.12', machine: 'server-64', cpus: [8], strategies: ['baseline'], seed: 7, replications: 3, band: false,
};
const ask = (change: Partial<SimulationRequest>): SimulationInput => ({ request: { ...request, ...change } });
const run = (change: Partial<SimulationRequest>, more: Partial<SimulationInput> = {}) => simulate({ ...ask(change), ...more }, () => undefined);

describe('a sweep', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    const change = { cpus: [1, 24], strategies: ['baseline', 'grouping+ctor-dtor'], band: true, replications: 2 };
    const [one, same, other] = [await run(change), await run(change), await run({ ...change, seed: 8 })].map((result) => JSON.stringify(result));
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it('gives each point as it comes, the first before a tenth is done, both ends of the curve first', async () => {
    const cpus = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const order: string[] = [];
    const result = await simulate(ask({ cpus, strategies: ['grouping', 'baseline'], replications: 2 }), ({ cpus: count, strategy }, done, total) => {
      expect(total).toBe(24);
      expect(done).toBe(order.length + 1);
      order.push(`${String(count)} ${strategy}`);
    });
    expect(order.slice(0, 4)).toEqual(['1 baseline', '1 grouping', '12 baseline', '12 grouping']);
    expect(result.points.map((point) => point.cpus)).toEqual(cpus.flatMap((count) => [count, count]));
    expect(result.points[0]?.strategy).toBe('grouping');
  });

  it('spreads any list over its ends and middles, each item once', () => {
    expect(spreadOut([1, 2, 3, 4, 5])).toEqual([1, 5, 3, 2, 4]);
    expect(spreadOut([1])).toEqual([1]);
    expect([...spreadOut(Array.from({ length: 37 }, (_, index) => index))].sort((a, b) => a - b)).toEqual(Array.from({ length: 37 }, (_, index) => index));
  });

  it('stops when it is cancelled', async () => {
    const cancellation = { isCancellationRequested: false };
    let points = 0;
    const running = simulate(ask({ cpus: [1, 2, 4, 8, 16] }), () => {
      points += 1;
      cancellation.isCancellationRequested = true;
    }, cancellation);
    await expect(running).rejects.toBeInstanceOf(Cancelled);
    expect(points).toBe(1);
  });

  it('holds a physical answer at every point', async () => {
    for (const scenario of scenarioIds.filter((id) => id !== 'site')) {
      const { points } = await run({ scenario, cpus: [1, 48], replications: 2 });
      for (const point of points) {
        expect(point.throughput_per_s, scenario).toBeGreaterThan(0);
        expect(point.system_time_share).toBeLessThanOrEqual(1);
        for (const lock of Object.values(point.locks)) expect(lock.utilisation).toBeLessThanOrEqual(1.0001);
        if (point.cpus === 1) expect(point.waiting_time_share).toBeLessThan(0.02);
        const { p50, p90, p99, p99_9: last } = point.latency_ns;
        expect([p50, p90, p99, last]).toEqual([p50, p90, p99, last].sort((a, b) => a - b));
        if (!/^(thread-create|lock-)/.test(scenario)) expect(point.memory_bytes, scenario).toBeGreaterThan(0);
      }
    }
  });

  it('meets a rate that is asked for, and counts what lives by Little\'s law', async () => {
    const { points: [point] } = await run({
      scenario: 'site', cpus: [16], site: { rate_per_s: 20_000, lifetime_ns: 5e6, concurrency: null, object: 'tc-action' },
    });
    expect(point?.throughput_per_s).toBeGreaterThan(18_500);
    expect(point?.throughput_per_s).toBeLessThanOrEqual(20_500);
    // 52 bytes for each of 16 CPUs and object, 100 objects on average; destroyed at a CPU's next creation after its time.
    const live = (point?.memory_bytes ?? 0) / (52 * 16);
    expect(live).toBeGreaterThan(95);
    expect(live).toBeLessThan(125);
  });

  it('runs scenarios beside each other', async () => {
    const { points: [point] } = await run({ scenario: 'both', mix: [{ scenario: 'fork-exec', share: 3 }, { scenario: 'tc-gact', share: 1 }], cpus: [32] });
    expect(Object.keys(point?.locks ?? {})).toEqual(expect.arrayContaining(['lruvec_lock', 'idr_mutex (gact)', 'pcpu_alloc_mutex']));
  });

  it('puts kernels and machines side by side, each point with its own, gains within each', async () => {
    const result = await run({ scenario: 'self-exec', kernels: ['6.5', '6.12'], machines: ['server-64', 'server-192'], cpus: [1, 26], strategies: ['baseline', 'ctor-dtor'], band: true, replications: 2 });
    expect(result.points).toHaveLength(2 * 2 * 2 * 2);
    const at = (kernel: string, machine: string) => result.points.filter((point) => point.kernel === kernel && point.machine === machine && point.cpus === 26);
    for (const kernel of ['6.5', '6.12']) for (const machine of ['server-64', 'server-192']) {
      const alone = await run({ scenario: 'self-exec', kernel, machine, cpus: [1, 26], strategies: ['baseline', 'ctor-dtor'], band: true, replications: 2 });
      expect(at(kernel, machine)).toEqual(alone.points.filter(({ cpus }) => cpus === 26));
    }
    expect(result.summary.some((sentence) => /^At 26 CPUs Linux 6.12 on server-64 does \d+ % more execs a second than Linux 6.5 on server-64\.$/.test(sentence))).toBe(true);
  });

  it('bounds what a counter\'s cheap read is off by, by strategy', async () => {
    const { points } = await run({ scenario: 'fork-exec', cpus: [64], strategies: ['baseline', 'hierarchical'] });
    // 64 CPUs hold back a batch of 128 pages each.
    expect(points[0]?.counter_error[0]).toMatchObject({ scheme: 'percpu', units: 64 * 128, bytes: 64 * 128 * 4096 });
    expect(points[1]?.counter_error[0]?.bytes).toBeLessThan(64 * 128 * 4096);
  });

  it('sets an assumption of one of the scenarios beside each other alone', async () => {
    const mix = [{ scenario: 'fork-exec', share: 1 }, { scenario: 'cgroup', share: 1 }];
    const result = await run({ scenario: 'both', mix, cpus: [4], assumptions: { 'cgroup.user-time': 7 } });
    const shown = Object.fromEntries(result.assumptions.map(({ id, changed }) => [id, changed]));
    expect(shown).toMatchObject({ 'cgroup.user-time': 7, 'fork-exec.user-time': null });
  });

  it('takes assumptions that are set, and shows them', async () => {
    const slow = await run({ assumptions: { 'user-time': 1e6 } });
    const fast = await run({ assumptions: { 'user-time': 0 } });
    expect(slow.points[0]?.throughput_per_s).toBeLessThan((fast.points[0]?.throughput_per_s ?? 0) / 3);
    expect(slow.assumptions.find(({ id }) => id === 'user-time')?.changed).toBe(1e6);
  });

  it('runs a strategy that applies on large machines only, and says where it changes nothing', async () => {
    const result = await run({ scenario: 'cgroup', machine: 'server-256', cpus: [4, 256], strategies: ['baseline', 'grouping'], replications: 2 });
    expect(result.points).toHaveLength(4);
    expect(result.points[1]?.throughput_per_s).toBe(result.points[0]?.throughput_per_s);
    expect(result.notes).toContainEqual(expect.stringMatching(/^at 4 CPUs strategy grouping does not apply to cgroup/));
  });

  it('keeps its laws with a drawn lifetime, which is no step of simulated time', async () => {
    const { points } = await run({ scenario: 'cgroup', machine: 'server-256', cpus: [16], band: true, replications: 2 });
    expect(points[0]?.throughput_band?.low).toBeGreaterThan(0);
  });

  it('draws the band around the middle, and the gain at equal draws', async () => {
    const { points } = await run({ strategies: ['baseline', 'ctor-dtor'], cpus: [64], machine: 'server-192', band: true });
    const [baseline, changed] = points;
    expect(baseline?.throughput_band?.low).toBeLessThan(baseline?.throughput_per_s ?? 0);
    expect(baseline?.throughput_band?.high).toBeGreaterThan(baseline?.throughput_per_s ?? 0);
    expect(baseline?.gain_percent).toBeNull();
    expect(changed?.gain_percent?.low).toBeGreaterThan(0);
  });
});

describe('a request that cannot be run as asked', () => {
  const site = { rate_per_s: null, lifetime_ns: null, concurrency: null, bytes: 16 };
  const bad: readonly (readonly [string, Partial<SimulationRequest>, RegExp])[] = [
    ['100,000 CPUs', { cpus: [1, 100_000] }, /100000 CPUs.*1 to 8192/],
    ['no CPUs', { cpus: [] }, /no CPU count/],
    ['half a CPU', { cpus: [0.5] }, /whole numbers/],
    ['a rate of 0', { scenario: 'site', site: { ...site, rate_per_s: 0 } }, /rate 0 .*above 0/],
    ['a negative rate', { scenario: 'site', site: { ...site, rate_per_s: -3 } }, /rate -3 .*above 0/],
    ['a rate that is no number', { scenario: 'site', site: { ...site, rate_per_s: Number.NaN } }, /above 0/],
    ['a rate with nothing to see', { scenario: 'site', site: { ...site, rate_per_s: 0.1 } }, /too few/],
    ['a lifetime longer than the run', { scenario: 'site', site: { ...site, lifetime_ns: 1e11 } }, /lifetime 100000 ms is longer than the run/],
    ['a negative lifetime', { scenario: 'site', site: { ...site, lifetime_ns: -1 } }, /lifetime -1/],
    ['a site of nothing', { scenario: 'site' }, /say what is created/],
    ['an unknown object', { scenario: 'site', site: { ...site, object: 'teapot' } }, /object teapot.*mm/],
    ['an unknown scenario', { scenario: 'teapot' }, /scenario teapot.*fork-exec/],
    ['an unknown machine', { machine: 'teapot' }, /machine teapot.*server-256/],
    ['an unknown kernel among several', { kernels: ['6.12', 'teapot'] }, /kernel teapot/],
    ['more points than anybody compares', { kernels: Array.from({ length: 60 }, (_, minor) => `6.${String(minor)}`), cpus: Array.from({ length: 40 }, (_, count) => count + 1) }, /more than 2000 points/],
    ['an unknown kernel', { kernel: 'teapot' }, /kernel teapot/],
    ['a kernel that nobody compared', { kernel: '2.4' }, /kernel 2.4: 6.1 to 6.12 are modelled/],
    ['a strategy that does not apply', { strategies: ['baseline', 'no-percpu'] }, /no-percpu does not apply to fork-exec: /],
    ['an unknown strategy', { strategies: ['teapot'] }, /teapot.*grouping/],
    ['strategies that exclude each other', { strategies: ['dual-mode+per-task'] }, /per-task does not apply.*dual-mode/],
    ['a strategy that changes nothing there', { scenario: 'thread-create', strategies: ['grouping'] }, /changes nothing/],
    ['a seed below 0', { seed: -1 }, /seed/],
    ['a negative assumption', { assumptions: { 'user-time': -5 } }, /0 or more/],
    ['an assumption that is not there', { assumptions: { teapot: 5 } }, /teapot.*user-time/],
    ['a share of 0', { mix: [{ scenario: 'fork-exec', share: 0 }] }, /share/],
    ['one replication', { replications: 1 }, /replications/],
  ];
  it.each(bad)('%s: says so before anything runs', async (_, change, message) => {
    let points = 0;
    const running = simulate(ask(change), () => (points += 1));
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toBeInstanceOf(Refused);
    expect(points).toBe(0);
  });
});

describe('the choice of strategies', () => {
  it('offers what a run would take, and says why not of the others', async () => {
    const offered = (scenario: string) => strategyChoices(ask({ scenario })).filter(({ runs }) => runs).map(({ id }) => id);
    expect(offered('fork-exec')).toEqual(expect.arrayContaining(['grouping', 'ctor-dtor', 'dual-mode']));
    expect(offered('thread-create')).not.toContain('grouping');
    expect(offered('tc-gact')).toContain('no-percpu');
    const refused = strategyChoices(ask({})).find(({ id }) => id === 'no-percpu');
    expect(refused?.why).toMatch(/does not apply/);
    for (const id of offered('fork-exec')) await expect(run({ strategies: [id], cpus: [2], replications: 2 })).resolves.toBeDefined();
  });
});

describe('what-if', () => {
  it('finds the lines and latencies that matter under saturation', async () => {
    const rows = await sensitivity(ask({ scenario: 'site', site: { rate_per_s: null, lifetime_ns: null, concurrency: null, bytes: 16 }, machine: 'server-192' }), 96, 'baseline');
    expect(rows.slice(0, 4).some(({ key }) => key.startsWith('transfer.'))).toBe(true);
    expect(rows.find(({ key }) => key === 'costs.localUpdate')?.swing).toBeLessThan(0.03);
    expect([...rows].sort((a, b) => b.swing - a.swing).map(({ swing }) => swing)).toEqual(rows.map(({ swing }) => swing));
  });

  it('finds where grouping begins to pay, and where it already does', async () => {
    const input = ask({ scenario: 'fork-exit', machine: 'server-192' });
    const { cpus } = await breakEven(input, 'grouping', 192);
    expect(cpus).not.toBeNull();
    const at = async (count: number): Promise<number> => {
      const { points } = await run({ scenario: 'fork-exit', machine: 'server-192', cpus: [count], strategies: ['baseline', 'grouping'] });
      return (points[1]?.throughput_per_s ?? 0) / (points[0]?.throughput_per_s ?? 1);
    };
    expect(await at(Math.min(192, (cpus ?? 1) * 2))).toBeGreaterThan(1.01);
    expect(await at(1)).toBeLessThan(1.01);
  });
});

describe('the timeline', () => {
  it('covers each lane without gaps, one holder a lock at a time', () => {
    const timeline = recordTimeline(ask({ scenario: 'fork-exit', machine: 'server-192' }), 32, 'baseline', 2e6);
    expect(timeline.lanes).toHaveLength(32);
    for (const lane of timeline.lanes) {
      lane.slice(1).forEach((span, index) => expect(span.from_ns).toBe(lane[index]?.to_ns));
      expect(lane.at(-1)?.to_ns).toBeGreaterThan(timeline.from_ns);
      for (const span of lane) expect(span.to_ns).toBeGreaterThan(span.from_ns);
    }
    const mutex = timeline.locks.indexOf('pcpu_alloc_mutex');
    expect(timeline.lanes.flat().some(({ activity, lock }) => activity === 'waiting' && lock === mutex)).toBe(true);
    const inner = timeline.locks.indexOf('pcpu_lock');
    const holds = timeline.lanes.flat().filter(({ activity, lock }) => activity === 'holding' && lock === inner).sort((a, b) => a.from_ns - b.from_ns);
    expect(holds.length).toBeGreaterThan(20);
    holds.slice(1).forEach((span, index) => expect(span.from_ns).toBeGreaterThanOrEqual(holds[index]!.to_ns));
  });

  it('refuses spans that cannot be drawn', () => {
    expect(() => recordTimeline(ask({}), 8, 'baseline', -1)).toThrow(Refused);
  });
});

describe('scenarios of the user\'s own', () => {
  it('derive from a built-in one with other values', async () => {
    const own = [{ id: 'slow-exec', base: 'fork-exec', clients: 2, values: { 'exec-work': 5e6 } }];
    const { points: [point] } = await run({ scenario: 'slow-exec' }, { userScenarios: own });
    expect(point?.clients).toBe(2);
    expect(point?.throughput_per_s).toBeLessThan(400);
  });

  it('are built of phases over the kernel\'s objects', async () => {
    const own = [{
      id: 'mine', objects: [{ id: 'ns', kind: 'netns' }], values: { pause: 1e5 },
      phases: [{ kind: 'user' as const, ns: 'pause' }, { kind: 'create' as const, object: 'ns' }, { kind: 'destroy' as const, object: 'ns' }],
    }];
    const { points: [point] } = await run({ scenario: 'mine', cpus: [4] }, { userScenarios: own });
    expect(point?.allocations_per_s).toBeGreaterThan(20 * (point?.throughput_per_s ?? 0));
  });

  it.each([
    [{ id: 'fork-exec', base: 'netns' }, /taken/],
    [{ id: 'x', base: 'teapot' }, /no built-in/],
    [{ id: 'x' }, /neither/],
    [{ id: 'x', phases: [{ kind: 'user' as const, ns: 'nowhere' }] }, /nowhere has no value/],
    [{ id: 'x', objects: [{ id: 'a', kind: 'teapot' }], phases: [{ kind: 'create' as const, object: 'a' }] }, /teapot is no object/],
    [{ id: 'x', base: 'fork-exec', values: { 'exec-work': -1 } }, /0 or more/],
  ])('say what is wrong with them: %j', (definition, reason) => {
    const result = userScenario(definition);
    expect(result.ok ? '' : result.reason).toMatch(reason);
  });
});
