import { describe, expect, it } from 'vitest';
import { kernelVersion } from '../../server/src/kernel/version';
import { composeLifeCycles } from '../../server/src/lifecycle/compose';
import { treeErrorBound, treeItems } from '../../server/src/lifecycle/counterTree';
import type { LifeCycle, ObjectKind } from '../../server/src/lifecycle/lifeCycle';
import { lifeCycleOf } from '../../server/src/lifecycle/lifeCycleOf';
import { objectLifeCycle } from '../../server/src/lifecycle/object';
import type { Step, Work } from '../../server/src/lifecycle/step';
import type { Membership } from '../../server/src/resolve/objects/membership';
import type { ResolvedSite } from '../../server/src/resolve/resolvedSite';
import { applyStrategies } from '../../server/src/strategy/applyStrategies';
import { obstaclesToInitMany } from '../../server/src/strategy/counterGroup';
import { strategies, strategyById } from '../../server/src/strategy/strategies';
import type { Strategy, StrategyContext } from '../../server/src/strategy/strategy';
import { resolvedSite } from './siteFixtures';

const v612 = kernelVersion(6, 12);
const context: StrategyContext = { possibleCpus: 256, onlineCpus: 256, sites: [], nodes: 2, cpusPerLlc: 16 };

function object(kind: ObjectKind, kernel = v612): LifeCycle {
  const found = objectLifeCycle(kind, kernel);
  if (found === null) throw new Error(`no ${kind}`);
  return found;
}

function strategy(id: string): Strategy {
  const found = strategyById(id);
  if (found === undefined) throw new Error(`no strategy ${id}`);
  return found;
}

function works(steps: readonly Step[]): Work[] {
  return steps.flatMap((step) => (step.kind === 'hold' ? works(step.steps) : [step]));
}

function outline(steps: readonly Step[]): string {
  return steps.map((step) => (step.kind === 'hold' ? `${step.lock}{${outline(step.steps)}}` : step.operation.op)).join(' ');
}

function rewritten(id: string, lifeCycle: LifeCycle, where: StrategyContext = context): LifeCycle {
  const applicability = strategy(id).applies(lifeCycle, where);
  expect(applicability, `${id}: ${applicability.why}`).toMatchObject({ applies: true });
  return strategy(id).rewrite(lifeCycle, where);
}

function madeWith(kind: Membership['kind']): Membership {
  return { kind, phase: 'create', variant: null, chain: [], times: { count: 1, per: null, reason: '' }, when: [], assumed: [], modules: [], excluded: null, within: [] };
}

function counterSite(counter: string, objects: readonly Membership[]): ResolvedSite {
  return resolvedSite('percpu_counter_init', 'counter', 'init', { arguments: [`&${counter}`, '0', 'GFP_KERNEL'], gfp: 'GFP_KERNEL', objects });
}

/** What a life cycle says apart from its name tags. */
function substance({ create, use, destroy, areas, sharedBytes, counters, pinned }: LifeCycle): string {
  return JSON.stringify({ create, use, destroy, areas, sharedBytes, counters, pinned });
}

const bootSite = resolvedSite('alloc_percpu', 'dyn', 'alloc', { size: 64, reach: [{ frequencyClass: 'boot', chain: ['start_kernel'] }] });
const boot = lifeCycleOf(bootSite, v612);

/** Every strategy with a life cycle that it is meant for. */
const meantFor: Readonly<Record<string, readonly [LifeCycle | null, StrategyContext]>> = {
  'grouping': [object('mm'), context],
  'ctor-dtor': [object('mm'), context],
  'dual-mode': [object('mm'), context],
  'on-demand': [object('mm'), context],
  'cid-indexed': [object('mm'), context],
  'lazy-switch': [object('mm'), context],
  'per-task': [object('mm'), context],
  'hierarchical': [object('mm'), context],
  'percpu-cache': [object('mm'), context],
  'fused-sum': [object('mm'), context],
  'no-percpu': [object('tc-action'), context],
  'size-on-contention': [object('superblock-tmpfs'), context],
  'static': [boot, { ...context, sites: [bootSite] }],
  'per-node': [object('mm'), context],
};

describe('every strategy', () => {
  it.each(strategies.map((one) => [one.id, one] as const))('%s changes the life cycle that it is meant for', (id, one) => {
    const [lifeCycle, where] = meantFor[id] ?? [null, context];
    if (lifeCycle === null) throw new Error(`no life cycle for ${id}`);
    const after = rewritten(id, lifeCycle, where);
    expect(substance(after)).not.toBe(substance(lifeCycle));
    expect(after.strategies).toEqual([id]);
    expect(one.prices.length).toBeGreaterThan(0);
    expect(one.sources.length).toBeGreaterThan(0);
    expect(one.checklist.length).toBeGreaterThan(2);
  });

  it.each(strategies.map((one) => [one.id, one] as const))('%s refuses an empty life cycle and says why', (_, one) => {
    const empty: LifeCycle = { ...object('mm'), create: [], destroy: [], use: [], areas: [] };
    const answer = one.applies(empty, context);
    expect(answer.applies).toBe(false);
    expect(answer.why.length).toBeGreaterThan(10);
  });

  it('keeps areas and steps in agreement', () => {
    for (const [id, [lifeCycle, where]] of Object.entries(meantFor)) {
      if (lifeCycle === null) continue;
      const after = rewritten(id, lifeCycle, where);
      const names = new Set(after.areas.map(({ what }) => what));
      const placed = works(after.create).filter(({ operation }) => operation.op === 'place-area');
      expect(placed.filter(({ of }) => of === undefined || !names.has(of)), id).toEqual([]);
      const freed = works(after.destroy).filter(({ operation }) => operation.op === 'free-area').length;
      expect(freed, id).toBe(placed.length);
    }
  });

  it('that is not merged names an objection or whose idea it is', () => {
    const voiceless = strategies.filter(({ standing, objections }) => (standing.kind === 'rfc' || standing.kind === 'posted') && objections.length === 0);
    expect(voiceless).toEqual([]);
    for (const { objections } of strategies) for (const objection of objections) expect(objection.source).not.toBe('');
  });
});

describe('grouping', () => {
  it('makes one allocation, one list trip and one free of an mm', () => {
    const after = rewritten('grouping', object('mm'));
    expect(outline(after.create)).toBe('memcg-charge pcpu_alloc_mutex{pcpu_lock{place-area} populate} zero local-update walk percpu_counters_lock{list}');
    expect(outline(after.destroy)).toMatch(/percpu_counters_lock\{list\} pcpu_lock\{free-area memcg-uncharge\}$/);
    expect(after.areas).toMatchObject([{ size: 32, align: 8, accounted: true }]);
  });

  it('merges four counters of 6.2 into one area and one list trip of four', () => {
    const after = rewritten('grouping', object('mm', kernelVersion(6, 2)));
    expect(after.areas).toMatchObject([{ size: 16, align: 4 }]);
    expect(works(after.create).filter(({ operation }) => operation.op === 'list').map(({ operation }) => operation)).toEqual([{ op: 'list', links: 4 }]);
  });

  it('aligns members and says what changes for the memory cgroup', () => {
    expect(rewritten('grouping', object('tc-action')).areas).toMatchObject([{ size: 52, align: 16 }]);
    expect(strategy('grouping').applies(object('mm'), context).why).toContain('charged');
  });

  it('leaves areas alone that other APIs allocate', () => {
    const after = rewritten('grouping', object('superblock-ext4'));
    expect(after.areas.filter(({ holder }) => holder === 'percpu_rw_semaphore').length).toBe(4);
    const single = composeLifeCycles('ref', [{ ...object('mm'), areas: object('mm').areas.slice(0, 1) }]);
    expect(single === null ? null : strategy('grouping').applies(single, context).applies).toBe(false);
  });

  it('groups what one function allocates, and not what lives and dies apart', () => {
    const { why } = strategy('grouping').applies(object('superblock-ext4'), context);
    expect(why).toContain('5 areas with one lifetime in ext4_percpu_param_init');
    expect(why).toContain('4 areas with one lifetime in ext4_es_register_shrinker');
    const groups = rewritten('grouping', object('netns')).areas.filter(({ what }) => what.startsWith('one percpu structure'));
    expect(groups.map(({ origin }) => origin?.function).sort()).toEqual(['ipv4_mib_init_net', 'ipv6_init_mibs']);
    expect(strategy('grouping').applies(object('superblock-tmpfs'), context)).toMatchObject({ applies: false, why: expect.stringContaining('live and die apart') as string });
  });

  it('says where members are freed, and in what runs counters lie', () => {
    const member = (name: string, offset: number) => ({ structure: 'struct metric', member: name, offset, size: 40 });
    const counter = (name: string, offset: number) => resolvedSite('percpu_counter_init', 'counter', 'init', {
      count: 1, gfp: 'GFP_KERNEL', arguments: [`&m->${name}`, '0', 'GFP_KERNEL'], line: offset, member: member(name, offset),
    });
    const freed = (name: string, where: string) => resolvedSite('percpu_counter_destroy', 'counter', 'destroy', { arguments: [`&m->${name}`], function: where });
    const sites = [counter('hits', 8), counter('misses', 48), counter('opened', 96)];
    const lives = sites.flatMap((site) => { const one = lifeCycleOf(site, v612); return one === null ? [] : [one]; });
    const composed = composeLifeCycles('metric', lives) ?? object('mm');
    const why = (releases: readonly ReturnType<typeof freed>[]): string => strategy('grouping').applies(composed, { ...context, sites, releases }).why;
    expect(why([])).toContain('runs of 2 (hits, misses) and 1 (opened)');
    expect(why(['hits', 'misses', 'opened'].map((name) => freed(name, 'metric_destroy')))).toContain('freed together in metric_destroy');
    expect(why([freed('hits', 'a'), freed('misses', 'b')])).toContain('no function frees all of them');
  });

  it('does not group what an object has one of: members of a union, or one variable in two branches', () => {
    const stats = (assignedTo: string, line: number, offset: number | null): ResolvedSite => resolvedSite('alloc_percpu', 'dyn', 'alloc', {
      size: 32, line, assignedTo, ...(offset === null ? {} : { member: { structure: 'struct net_device', member: assignedTo, offset, size: 8 } }),
    });
    const grouped = (sites: readonly ResolvedSite[]): { readonly applies: boolean; readonly why: string } => {
      const lives = sites.flatMap((site) => { const one = lifeCycleOf(site, v612); return one === null ? [] : [one]; });
      return strategy('grouping').applies(composeLifeCycles('device', lives) ?? object('mm'), { ...context, sites });
    };
    expect(grouped([stats('dev->lstats', 1, 64), stats('dev->tstats', 2, 72)]).applies).toBe(true);
    expect(grouped([stats('dev->lstats', 1, 64), stats('dev->tstats', 2, 64)]).applies).toBe(false);
    expect(grouped([stats('pcpu_stats', 1, null), stats('pcpu_stats', 2, null)]).applies).toBe(false);
    const inCase = (target: string, line: number, ...when: readonly string[]): ResolvedSite => ({ ...stats(target, line, null), objects: [{ ...madeWith('netdev'), when }] });
    expect(grouped([inCase('dev->a', 1, 'dev->type == TYPE_A'), inCase('dev->b', 2, 'dev->type == TYPE_B')]).applies).toBe(false);
    const ofVariant = (target: string, line: number, variant: string): ResolvedSite => ({ ...stats(target, line, null), objects: [{ ...madeWith('netdev'), variant }] });
    expect(grouped([ofVariant('dev->a', 1, 'lo'), ofVariant('dev->b', 2, 'veth')]).applies).toBe(false);
    expect(grouped([ofVariant('dev->a', 1, 'lo'), ofVariant('dev->b', 2, 'lo')]).applies).toBe(true);
    const anyOr = (target: string, line: number, type: string, variant: string): ResolvedSite =>
      ({ ...stats(target, line, null), objects: [{ ...madeWith('netdev'), when: [`dev->type == ${type}`] }, { ...madeWith('netdev'), variant }] });
    expect(grouped([anyOr('dev->a', 1, 'TYPE_A', 'lo'), anyOr('dev->b', 2, 'TYPE_B', 'veth')]).applies).toBe(false);
    expect(grouped([anyOr('dev->a', 1, 'TYPE_A', 'lo'), { ...stats('dev->b', 2, null), objects: [madeWith('netdev')] }]).applies).toBe(true);
    expect(grouped([inCase('dev->a', 1, 'dev->wide'), inCase('dev->b', 2, '!(dev->wide)')]).applies).toBe(false);
    expect(grouped([inCase('dev->a', 1, 'dev->type == TYPE_A'), inCase('dev->b', 2, 'dev->type == TYPE_A')]).applies).toBe(true);
    expect(grouped([stats('dev->lstats', 1, 64), stats('dev->tstats', 2, 64), stats('dev->refs', 3, 72)]).why).toContain('2 areas');
  });

  it('says what init_many would not find in a file system\'s counters', () => {
    const counter = (target: string, amount: string, gfp = 'GFP_KERNEL') =>
      resolvedSite('percpu_counter_init', 'counter', 'init', { count: 1, gfp, arguments: [target, amount, gfp], reach: [{ frequencyClass: 'mount', chain: [] }] });
    const sites = [counter('&sbi->free_blocks', 'block'), counter('&sbi->free_inodes', 'freei'), counter('&sbi->dirty', '0')];
    const lives = sites.flatMap((site) => { const one = lifeCycleOf(site, v612); return one === null ? [] : [one]; });
    const composed = composeLifeCycles('counters of a mount', lives);
    const why = composed === null ? '' : strategy('grouping').applies(composed, { ...context, sites }).why;
    expect(why).toContain('3 areas');
    expect(why).toContain('amounts differ (block, freei, 0)');
    expect(why).toContain('fields of their own');
    expect(obstaclesToInitMany([counter('&x[0]', '0'), counter('&x[1]', '0')])).toEqual([]);
    expect(obstaclesToInitMany([counter('&a->x', '0'), counter('&b->y', '0', 'GFP_KERNEL_ACCOUNT')]).join()).toMatch(/gfp differs.*different structures/);
  });

  it('refuses more than the largest area', () => {
    const big = lifeCycleOf(resolvedSite('__alloc_percpu', 'dyn', 'alloc', { size: 20_000 }), v612);
    const both = composeLifeCycles('two', big === null ? [] : [big, big]);
    expect(both === null ? null : strategy('grouping').applies(both, context)).toMatchObject({ applies: false, why: expect.stringContaining('32 KiB') as string });
  });
});

describe('ctor-dtor', () => {
  it('leaves no lock trip in an mm, keeps the charge and the sums, and pins memory', () => {
    const after = rewritten('ctor-dtor', object('mm'));
    expect(outline(after.create)).toBe('slab walk memcg-charge');
    expect(outline(after.destroy)).toMatch(/^(percpu_counter\.lock\{walk\} ){4}memcg-uncharge$/);
    expect(after.pinned).toMatchObject([{ areaBytes: 32, per: 'cpu' }]);
  });

  it('clears statistics again, which counters do not need', () => {
    expect(outline(rewritten('ctor-dtor', object('tc-action')).create)).toBe('slab zero walk zero walk zero');
  });

  it('names the cache, and what would overwrite constructor state', () => {
    const { why } = strategy('ctor-dtor').applies(object('mm'), context);
    expect(why).toContain('mm_struct');
    expect(why).toContain('memcpy');
    expect(strategy('ctor-dtor').applies(object('tc-action'), context).why).toContain('would need a slab cache');
    expect(strategy('ctor-dtor').applies(object('superblock-ext4'), context).applies).toBe(false);
  });

  it('refuses sites that only create superblocks, as it does a recorded one', () => {
    const site = counterSite('s->dirs', [madeWith('superblock')]);
    const lifeCycle = lifeCycleOf(site, v612);
    expect(lifeCycle === null ? null : strategy('ctor-dtor').applies(lifeCycle, { ...context, sites: [site] }).why).toContain('a superblock is created too rarely');
  });
});

describe('dual-mode', () => {
  it('leaves mm_cid alone and takes everything else of one thread away', () => {
    const after = rewritten('dual-mode', object('mm'));
    expect(outline(after.create)).toBe('pcpu_alloc_mutex{pcpu_lock{place-area} populate} zero walk local-update');
    expect(outline(after.destroy)).toBe('local-update pcpu_lock{free-area}');
  });

  it('pays the upgrade of a process with threads', () => {
    const after = rewritten('dual-mode', object('mm'), { ...context, threads: 2 });
    expect(after.areas.length).toBe(2);
    expect(outline(after.create)).toContain('percpu_counters_lock{list} atomic');
  });

  it('refuses counters that no process owns, and kernels without', () => {
    expect(strategy('dual-mode').applies(object('superblock-tmpfs'), context).why).toContain('do not belong to a process');
    expect(strategy('dual-mode').applies(object('mm', kernelVersion(6, 1)), context).applies).toBe(false);
  });

  it('takes a counter site on the way of every fork', () => {
    const site = resolvedSite('percpu_counter_init_many', 'counter', 'init', {
      count: 4, gfp: 'GFP_KERNEL_ACCOUNT', reach: [{ frequencyClass: 'fork-exec', chain: ['copy_process', 'copy_mm', 'dup_mm', 'mm_init'] }],
    });
    const lifeCycle = lifeCycleOf(site, v612);
    expect(lifeCycle === null ? null : strategy('dual-mode').applies(lifeCycle, { ...context, sites: [site] }).applies).toBe(true);
  });
});

describe('strategies for one part', () => {
  it('on-demand leaves mm_cid out while there is one thread', () => {
    expect(rewritten('on-demand', object('mm')).areas.map(({ what }) => what)).toEqual(['rss_stat']);
    expect(strategy('on-demand').applies(object('mm'), { ...context, threads: 4 }).applies).toBe(false);
  });

  it('cid-indexed counts its slots by threads and allowed CPUs', () => {
    const slots = (threads: number): number | undefined => rewritten('cid-indexed', object('mm'), { ...context, threads }).counters?.holders;
    expect([slots(1), slots(4), slots(10_000)]).toEqual([1, 4, 256]);
    expect(strategy('cid-indexed').applies(object('mm', kernelVersion(6, 2)), context).why).toContain('6.3');
  });

  it('lazy-switch keeps the lock trips and drops the zeroing of the counters', () => {
    const after = rewritten('lazy-switch', object('mm'));
    expect(works(after.create).filter(({ operation }) => operation.op === 'zero').length).toBe(1);
    expect(works(after.create).filter(({ operation }) => operation.op === 'place-area').length).toBe(2);
    expect(outline(after.destroy)).not.toContain('percpu_counter.lock');
  });

  it('lazy-switch initialises a slot once for each CPU, not at every update', () => {
    const slots = (threads: number): unknown => works(rewritten('lazy-switch', object('mm'), { ...context, threads }).create).at(-1)?.operation;
    expect(slots(1)).toEqual({ op: 'local-update', count: 4 });
    expect(slots(16)).toEqual({ op: 'local-update', count: 64 });
    expect(rewritten('lazy-switch', object('mm')).use).toEqual(object('mm').use);
  });

  it('fused-sum walks once and reads four words a CPU', () => {
    const walks = works(rewritten('fused-sum', object('mm')).destroy).filter(({ operation }) => operation.op === 'walk');
    expect(walks.map(({ operation }) => operation)).toMatchObject([{ over: 'online', loads: 4 }]);
  });

  it('percpu-cache takes no global allocator lock and still zeroes', () => {
    const after = rewritten('percpu-cache', object('mm'));
    expect(outline([...after.create, ...after.destroy])).not.toMatch(/pcpu_/);
    expect(works(after.create).filter(({ operation }) => operation.op === 'zero').length).toBe(2);
    expect(after.pinned?.length).toBe(2);
  });

  it('no-percpu frees the filter\'s own areas from nothing but the statistics', () => {
    expect(rewritten('no-percpu', object('tc-filter-u32')).areas.map(({ what }) => what)).toEqual(['tc_u32_knode pf', 'tc_u32_knode pcpu_success']);
    expect(strategy('no-percpu').applies(object('mm'), context).applies).toBe(false);
  });

  it('static takes only what exists once, from boot', () => {
    const forked = { ...bootSite, reach: [{ frequencyClass: 'fork-exec' as const, chain: [] }] };
    expect(boot === null ? null : strategy('static').applies(boot, { ...context, sites: [forked] }).why).toContain('fork-exec');
    expect(strategy('static').applies(object('mm'), context).applies).toBe(false);
  });

  it('per-task, per-node and size-on-contention leave no percpu counter, and pay with their updates', () => {
    for (const [id, sharing, holders] of [['per-task', 'private', 1], ['per-node', 'node', undefined], ['size-on-contention', 'machine', undefined]] as const) {
      const after = rewritten(id, object('mm'));
      expect(after.areas.map(({ holder }) => holder), id).toEqual(['mm_cid']);
      expect(outline([...after.create, ...after.destroy]), id).not.toContain('percpu_counter');
      expect(works(after.use).map(({ operation }) => operation).find(({ op }) => op === 'atomic'), id).toMatchObject({ sharing });
      expect(after.counters?.holders, id).toBe(holders);
    }
    expect(rewritten('per-task', object('mm'), { ...context, threads: 16 }).counters?.holders).toBe(16);
  });

  it('static takes creation and destruction away and keeps the memory', () => {
    const after = boot === null ? undefined : rewritten('static', boot, { ...context, sites: [bootSite] });
    expect(after).toMatchObject({ create: [], destroy: [], areas: boot?.areas });
  });

  it('size-on-contention refuses SRCU, whose percpu data would stay', () => {
    const srcu = lifeCycleOf(resolvedSite('init_srcu_struct', 'up', 'init', { size: 384 }), v612);
    expect(srcu === null ? null : strategy('size-on-contention').applies(srcu, context).why).toContain('SRCU');
  });
});

describe('hierarchical counters', () => {
  it('have the items and the bounds that are published', () => {
    expect([64, 256, 512].map((cpus) => treeItems(cpus) * 64 * 4)).toEqual([5376, 9472, 18688]);
    expect(treeErrorBound(8)).toBe(768);
    expect(treeErrorBound(384) * 4096).toBe(192 * 1024 * 1024);
  });

  it('double the bytes per CPU and need no hotplug list', () => {
    const after = rewritten('hierarchical', object('mm'));
    expect(after.areas.map(({ size }) => size)).toEqual([16, 32]);
    expect(outline(after.create)).not.toContain('percpu_counters_lock');
  });

  it('are summed at the end only where the counters were', () => {
    const sums = (lifeCycle: LifeCycle | null): number | null => (lifeCycle === null ? null : works(rewritten('hierarchical', lifeCycle).destroy).filter(({ operation }) => operation.op === 'walk').length);
    expect(sums(object('mm'))).toBe(4);
    expect(sums(lifeCycleOf(counterSite('s->dirs', []), v612))).toBe(0);
  });

  it('can share one allocation with what the same function allocates', () => {
    const { outcome } = applyStrategies(['hierarchical', 'grouping'], object('mm'), context);
    expect(outcome.map(({ applied }) => applied)).toEqual([true, true]);
  });
});

describe('a combination', () => {
  it('applies in order and says what each did', () => {
    const { lifeCycle, outcome } = applyStrategies(['grouping', 'ctor-dtor'], object('mm'), context);
    expect(lifeCycle.strategies).toEqual(['grouping', 'ctor-dtor']);
    expect(outcome.every(({ applied }) => applied)).toBe(true);
    expect(outline(lifeCycle.create)).not.toMatch(/pcpu_/);
  });

  it.each([
    [['ctor-dtor', 'grouping'], 'grouping', 'comes before ctor-dtor'],
    [['dual-mode', 'per-task'], 'per-task', 'contradicts dual-mode'],
    [['hierarchical', 'dual-mode'], 'dual-mode', 'contradicts hierarchical'],
    [['grouping', 'grouping'], 'grouping', 'already applied'],
    [['per-cow'], 'per-cow', 'no such strategy'],
    [['ctor-dtor', 'percpu-cache'], 'percpu-cache', 'nothing is allocated'],
  ])('%j leaves one out and says why', (ids, refused, why) => {
    const { outcome } = applyStrategies(ids, object('mm'), context);
    const last = outcome.at(-1);
    expect(last).toMatchObject({ id: refused, applied: false });
    expect(last?.why).toContain(why);
  });

  it('dual-mode, then on-demand, leaves no percpu memory of a single-threaded mm', () => {
    const { lifeCycle } = applyStrategies(['dual-mode', 'on-demand'], object('mm'), context);
    expect(lifeCycle.areas).toEqual([]);
    expect(outline(lifeCycle.create)).toBe('local-update');
  });
});
