import type { MachineDescription } from '../machine/description';
import type { PublishedFigure } from './validationRow';

type Draft = Partial<PublishedFigure> & Pick<PublishedFigure, 'id' | 'use' | 'metric' | 'published' | 'source' | 'scenario' | 'machine'>;

function figure(draft: Draft): PublishedFigure {
  return { kernel: '6.12', clients: 1, before: [], after: null, bound: null, note: '', ...draft };
}

/** A two-socket machine of which only the CPU count is published. */
function twoSockets(possible: number, smt: 1 | 2 = 2): MachineDescription {
  return { possible, sockets: 2, cores_per_llc: 8, smt, latency_ns: { smt: 10, llc: 35, socket: 80, remote: 160 } };
}

const guzik = '20230823050609.2228718-1-mjguzik@gmail.com';
const guzikToday = 'CAGudoHEKYYmbJ+3SEHDeqi9TLoLjpFNf9HdAQXkuWSd2TKhJQw@mail.gmail.com';
const yoo = '20250424080755.272925-1-harry.yoo@oracle.com';
const krisman = '20251127233635.4170047-1-krisman@suse.de';
const kara = '20230608111408.s2minsenlcjow7q3@quack3';
const spawn = '202301301057.e55dad5b-oliver.sang@intel.com';
const zhang = '20240418142008.2775308-1-zhangpeng362@huawei.com';
const dorminy = '20250331223516.7810-2-sweettea-kernel@dorminy.me';
const buslov = '20191030140907.18561-1-vladbu@mellanox.com';
const gleixner = '20251015164952.694882104@linutronix.de';
const tree = 'lkml.iu.edu/hypermail/linux/kernel/2601.1/11412.html';
const kogan = 'CNA spinlock series by A. Kogan (5.3-rc2, stock kernel)';

const exec: readonly PublishedFigure[] = [
  figure({
    id: 'doexec-26-before', source: guzik, use: 'bound', bound: 'lower', metric: 'ops_per_s', published: 133_543.63, kernel: '6.5',
    machine: 'bare-26', scenario: 'self-exec', clients: 26, note: 'measured in a virtual machine: bare metal is not slower',
  }),
  figure({
    id: 'doexec-26-grouped', source: guzik, use: 'bound', bound: 'lower', metric: 'ops_per_s', published: 186_061.81, kernel: '6.6',
    machine: 'bare-26', scenario: 'self-exec', clients: 26, note: 'the lruvec lock had become the limit',
  }),
  figure({
    id: 'doexec-192', source: guzikToday, use: 'bound', bound: 'upper', metric: 'ops_per_s', published: 140_000, kernel: '6.6',
    machine: 'epyc-7r13-guest', scenario: 'self-exec', clients: 192,
  }),
  figure({ id: 'ctor-dtor-192', source: yoo, use: 'sign', metric: 'gain_percent', published: 33, machine: 'server-192', scenario: 'self-exec', clients: 192, after: ['ctor-dtor'] }),
  figure({ id: 'ctor-dtor-24', source: yoo, use: 'sign', metric: 'gain_percent', published: 4.56, machine: 'desktop-24', scenario: 'self-exec', clients: 24, after: ['ctor-dtor'] }),
  figure({ id: 'ctor-dtor-1', source: yoo, use: 'sign', metric: 'gain_percent', published: 4, machine: 'desktop-24', scenario: 'self-exec', after: ['ctor-dtor'] }),
  figure({
    id: 'layout-224', source: '20230610030730 (Yu Ma)', use: 'sign', metric: 'gain_percent', published: 24, kernel: '6.4', machine: 'sapphire-rapids-224',
    scenario: 'self-exec', clients: 160, after: ['kernel:6.5'], note: 'the base address of a chunk got a line of its own in 6.5',
  }),
];

const shell: readonly PublishedFigure[] = [
  figure({ id: 'dual-mode-80', source: krisman, use: 'sign', metric: 'system_time_percent', published: -6, machine: twoSockets(80), scenario: 'shell-script', after: ['dual-mode'] }),
  figure({
    id: 'dual-mode-256', source: krisman, use: 'sign', metric: 'system_time_percent', published: -11, machine: 'server-256', scenario: 'shell-script', after: ['dual-mode'],
    note: 'its profile is not additive: mm_cid is left alone, yet direct allocation fell from 4.8 to 2.05 %',
  }),
  figure({ id: 'dual-mode-kernbench', source: krisman, use: 'sign', metric: 'system_time_percent', published: -1.4, machine: 'server-256', scenario: 'shell-script', after: ['dual-mode'] }),
  figure({ id: 'dual-mode-gitsource', source: krisman, use: 'sign', metric: 'system_time_percent', published: -3.12, machine: 'server-256', scenario: 'shell-script', after: ['dual-mode'] }),
  figure({ id: 'dual-mode-2-threads', source: krisman, use: 'sign', metric: 'system_time_percent', published: -3, machine: 'server-256', scenario: 'short-threads', assumptions: { threads: 2 }, after: ['dual-mode'], note: 'published as 2 to 4 %' }),
  figure({
    id: 'counters-192', source: kara, use: 'bound', bound: 'upper', metric: 'ns', published: 41_200, kernel: '6.2', machine: 'server-192', scenario: 'shell-script', after: ['per-task'],
    note: 'what four percpu counters add to one command of two mms; the figure contains the change of the update path',
  }),
  figure({ id: 'counters-git-test', source: kara, use: 'sign', metric: 'system_time_percent', published: 10.1, kernel: '6.2', machine: 'server-192', scenario: 'shell-script', before: ['per-task'], after: [] }),
];

const forks: readonly PublishedFigure[] = [
  figure({
    id: 'spawn-rate', source: spawn, use: 'bound', bound: 'lower', metric: 'ops_per_s', published: 124_500, kernel: '6.2', machine: 'xeon-6338', scenario: 'fork-exit', clients: 38,
    note: 'a benchmark that did not saturate',
  }),
  figure({ id: 'spawn-regression', source: spawn, use: 'sign', metric: 'gain_percent', published: -19.2, kernel: '6.2', machine: 'xeon-6338', scenario: 'fork-exit', clients: 38, before: ['per-task'], after: [] }),
  figure({
    id: 'unixbench-regression', source: '202212051324.182a6363-yujie.liu@intel.com', use: 'sign', metric: 'gain_percent', published: -5.1, kernel: '6.2', machine: 'xeon-6338',
    scenario: 'fork-exit', clients: 38, before: ['per-task'], after: [], note: 'machine not named',
  }),
  figure({
    id: 'spawn-profile', source: '20230131052352 (S. Butt)', use: 'sign', metric: 'system_time_percent', published: -8.92, kernel: '6.2', machine: 'xeon-6338', scenario: 'fork-exit', clients: 38,
    after: ['per-task'], note: 'share of percpu_counter_init in a profile; machine not named',
  }),
  ...([['fork', 'fork-exit', -4.2], ['exec', 'fork-exec', -2.3], ['shell', 'shell-script', -2.2]] as const).map(([id, scenario, published]) =>
    figure({ id: `atomic-${id}`, source: zhang, use: 'sign', metric: 'system_time_percent', published, kernel: '6.9', machine: twoSockets(128), scenario, after: ['dual-mode'], note: 'machine not named' }),
  ),
  figure({ id: 'atomic-page-fault', source: zhang, use: 'sign', metric: 'system_time_percent', published: -6.7, kernel: '6.9', machine: twoSockets(128), scenario: 'page-fault', after: ['dual-mode'] }),
  ...([['fork', 'fork-exit', -6.27], ['exec', 'fork-exec', -6.06], ['exit', 'fork-exit', -6.58]] as const).map(([id, scenario, published]) =>
    figure({ id: `per-node-224-${id}`, source: dorminy, use: 'sign', metric: 'system_time_percent', published, kernel: '6.14', machine: twoSockets(224, 1), scenario, after: ['per-node'] }),
  ),
  figure({ id: 'per-node-224-fault', source: dorminy, use: 'sign', metric: 'system_time_percent', published: -8.91, kernel: '6.14', machine: twoSockets(224, 1), scenario: 'page-fault', after: ['per-node'] }),
  figure({ id: 'per-node-112', source: dorminy, use: 'sign', metric: 'system_time_percent', published: 0, kernel: '6.14', machine: twoSockets(112, 1), scenario: 'fork-exit', after: ['per-node'] }),
  ...([['8', 23_666, 32_025], ['32', 16_161, 21_004]] as const).map(([pools, from, to]) =>
    figure({
      id: `cid-rewrite-${pools}`, source: gleixner, use: 'sign', metric: 'gain_percent', published: Math.round(100 * (to / from - 1)), kernel: '6.17', machine: twoSockets(256), scenario: 'thread-create',
      clients: Number(pools), after: ['cid-rewrite'], note: 'the gain is in the scheduler, which has no model here',
    }),
  ),
];

const rules: readonly PublishedFigure[] = [
  figure({ id: 'tc-gact-allocs', source: buslov, use: 'fit', metric: 'allocs_per_s', published: 609_000, kernel: '5.4', machine: 'e5-2620v3', scenario: 'tc-gact', clients: 20 }),
  figure({
    id: 'tc-gact-no-percpu', source: buslov, use: 'fit', metric: 'ops_per_s', published: 259_000, kernel: '5.4', machine: 'e5-2620v3', scenario: 'tc-gact', clients: 20, after: ['no-percpu'],
    note: 'gives the hold of the idr mutex',
  }),
  figure({ id: 'tc-tunnel-allocs', source: buslov, use: 'validate', metric: 'allocs_per_s', published: 644_000, kernel: '5.4', machine: 'e5-2620v3', scenario: 'tc-tunnel', clients: 20 }),
  figure({ id: 'tc-tunnel-no-percpu', source: buslov, use: 'validate', metric: 'ops_per_s', published: 204_000, kernel: '5.4', machine: 'e5-2620v3', scenario: 'tc-tunnel', clients: 20, after: ['no-percpu'] }),
  figure({ id: 'tc-gact-memory', source: buslov, use: 'exact', metric: 'bytes', published: 1400, kernel: '5.4', machine: 'e5-2620v3', scenario: 'tc-gact', after: ['no-percpu'], note: '3.91 to 2.51 KB a rule' }),
  figure({ id: 'tc-tunnel-memory', source: buslov, use: 'exact', metric: 'bytes', published: 2820, kernel: '5.4', machine: 'e5-2620v3', scenario: 'tc-tunnel', after: ['no-percpu'], note: '6.73 to 3.91 KB a rule' }),
  figure({ id: 'tc-flower-time', source: yoo, use: 'sign', metric: 'system_time_percent', published: -26, machine: twoSockets(192), scenario: 'tc-gact', clients: 20, after: ['ctor-dtor'], note: 'machine not named' }),
  figure({ id: 'tc-flower-wait', source: yoo, use: 'sign', metric: 'ns', published: 3710, machine: twoSockets(192), scenario: 'tc-gact', clients: 20, after: ['ctor-dtor'], note: 'mean wait for pcpu_alloc_mutex, 7.10 to 3.39 us' }),
];

const errors: readonly PublishedFigure[] = [
  figure({ id: 'tree-bound-384', source: tree, use: 'exact', metric: 'error_bytes', published: 201_326_592, machine: 'epyc-9654', scenario: 'fork-exit', before: ['hierarchical'], note: 'at most 192 MB' }),
  figure({ id: 'tree-measured-384', source: tree, use: 'bound', bound: 'lower', metric: 'error_bytes', published: 83_886_080, machine: 'epyc-9654', scenario: 'fork-exit', before: ['hierarchical'], note: '80 MB measured' }),
  figure({ id: 'percpu-delta-384', source: tree, use: 'bound', bound: 'lower', metric: 'error_bytes', published: 1_000_000_000, machine: 'epyc-9654', scenario: 'fork-exit', note: 'a delta of 1 GB was reached' }),
  figure({ id: 'tmpfs-limit-128', source: 'beb986862844 (6.7)', use: 'exact', metric: 'error_bytes', published: 134_217_728, machine: 'xeon-6338', scenario: 'mount', note: 'the last 128 MiB of a tmpfs on 128 CPUs' }),
  figure({
    id: 'oom-choice-256', source: tree, use: 'sign', metric: 'system_time_percent', published: -90, machine: 'epyc-9654-guest-256', scenario: 'select-bad-process', after: ['hierarchical'],
    note: '80.0 to 7.9 ms for 10,000 processes: sums without creation',
  }),
];

function curve(scenario: string, points: readonly (readonly [number, number])[]): readonly PublishedFigure[] {
  return points.map(([clients, published]) =>
    figure({ id: `${scenario}-${String(clients)}`, source: kogan, use: 'shape', metric: 'ops_per_s', published: Math.round(published * 1e6), kernel: '5.3', machine: 'e7-8895v3', scenario, clients }),
  );
}

const curves: readonly PublishedFigure[] = [
  ...curve('lock-open1', [[1, 0.537], [2, 0.808], [4, 1.434], [8, 1.727], [16, 1.714], [32, 0.929], [36, 0.935], [72, 0.842], [108, 0.842], [142, 0.823]]),
  ...curve('lock-lock2', [[1, 1.601], [2, 2.719], [4, 5.269], [8, 4.061], [16, 4.081], [32, 2.503], [36, 2.493], [72, 1.966], [108, 2.084], [142, 1.925]]),
];

/** Every published figure with its one use. What was chosen on a `fit` row appears nowhere else. */
export const publishedFigures: readonly PublishedFigure[] = [...exec, ...shell, ...forks, ...rules, ...errors, ...curves];
