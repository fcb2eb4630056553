import { allocation, release } from '../lifecycle/allocation';
import type { Area, LifeCycle, ObjectKind } from '../lifecycle/lifeCycle';
import { objectLifeCycle } from '../lifecycle/object';
import type { Source } from '../util/reason';
import { assumed, type Phase, type Scenario, type ScenarioObject } from './scenario';
import type { ScenarioFactory } from './factory';

/** Two million rules: 20 writers of 100,000 each, as in the published test. */
const rules = 2_000_000;
const writers = 20;

const published: Source = {
  kind: 'message',
  at: '20191030140907.18561-1-vladbu@mellanox.com: 259 k rules/s by 20 writers once nothing is percpu: at most 3.9 us under the idr mutex and 77 us in all',
};

const hold = assumed('idr-hold', 'idr mutex of an action\'s kind', [2700, 3500, 3900], published);
const work = assumed('action-work', 'one action, without percpu memory and idr', [15_000, 25_000, 40_000], published);
const filterWork = assumed('filter-work', 'netlink message and filter', [10_000, 16_000, 25_000], published);
const user = assumed('user-time', 'tc itself, a rule', [3000, 8000, 16_000], { kind: 'assumption', at: 'tc -b: parse a line, send a message' });

function actionPhases(kind: string): readonly Phase[] {
  return [
    { kind: 'hold', lock: `idr_mutex (${kind})`, lockKind: 'mutex', irqsOff: false, phases: [{ kind: 'kernel', ns: 'idr-hold' }] },
    { kind: 'create', object: kind },
    { kind: 'kernel', ns: 'action-work' },
  ];
}

function action(kind: string, kernel: LifeCycle['kernel']): ScenarioObject {
  return { id: kind, lifeCycle: known('tc-action', kernel), lifetime: null, kept: rules };
}

function known(kind: ObjectKind, kernel: LifeCycle['kernel']): LifeCycle {
  const lifeCycle = objectLifeCycle(kind, kernel, { growth: 1 });
  if (lifeCycle === null) throw new Error(`no life cycle of ${kind}`);
  return lifeCycle;
}

/** The route cache of a tunnel action: one percpu area that its flags do not avoid (net/core/dst_cache.c dst_cache_init). */
function dstCache(kernel: LifeCycle['kernel']): LifeCycle {
  const setting = { kernel, growth: 1 };
  const area: Area = { what: 'dst_cache', size: 48, align: 8, atomic: false, accounted: false, holder: 'caller' };
  return {
    subject: 'dst_cache of a tunnel_key action', kernel, sites: ['net/core/dst_cache.c dst_cache_init'],
    create: allocation(area, setting), use: [], destroy: release(area, setting), areas: [area], sharedBytes: 0, counters: null, strategies: [],
  };
}

const notes = [
  'rules are added and stay: percpu pages are populated all the time',
  'the published rates are of Linux 5.4, before the charge of percpu memory to memory cgroups: order of magnitude only',
];

export const tcGact: ScenarioFactory = (kernel): Scenario => ({
  id: 'tc-gact',
  title: 'tc filters with a drop action, 20 writers',
  description: 'Twenty tc processes add flower filters with a gact action: three percpu areas a rule.',
  operation: 'rules',
  clients: writers,
  objects: [action('gact', kernel)],
  phases: [{ kind: 'user', ns: 'user-time' }, { kind: 'kernel', ns: 'filter-work' }, ...actionPhases('gact')],
  assumptions: [user, filterWork, work, hold],
  notes,
});

export const tcTunnel: ScenarioFactory = (kernel): Scenario => ({
  id: 'tc-tunnel',
  title: 'tc filters with tunnel_key and mirred, 20 writers',
  description: 'Twenty tc processes add flower filters with two actions: seven percpu areas a rule, one of them a route cache.',
  operation: 'rules',
  clients: writers,
  objects: [
    action('tunnel_key', kernel), action('mirred', kernel),
    { id: 'dst-cache', lifeCycle: dstCache(kernel), lifetime: null, kept: rules },
  ],
  phases: [
    { kind: 'user', ns: 'user-time' }, { kind: 'kernel', ns: 'filter-work' }, ...actionPhases('tunnel_key'),
    { kind: 'create', object: 'dst-cache' }, ...actionPhases('mirred'),
  ],
  assumptions: [user, filterWork, work, hold],
  notes,
});
