import type { KernelVersion } from '../kernel/version';
import { allocation, release } from '../lifecycle/allocation';
import type { Area, LifeCycle, ObjectKind } from '../lifecycle/lifeCycle';
import { objectLifeCycle } from '../lifecycle/object';
import { between, type Interval } from '../util/interval';
import type { Source } from '../util/reason';

/** A serial resource besides the percpu locks, per operation. */
export interface Station {
  readonly lock: string;
  /** Time held with its lines at hand, ns. */
  readonly ns: Interval;
  /** Lines, the lock's own among them, that come from the last holder. */
  readonly lines: number;
  /** A lock of its own in each memory node. */
  readonly perNode: boolean;
}

export interface WorkloadObject {
  readonly lifeCycle: LifeCycle;
  /** False where it stays: only its creation is part of the operation. */
  readonly destroyed: boolean;
  /** Threads of the process it belongs to. */
  readonly threads: number;
}

/** What one operation of a benchmark does besides percpu memory, and which objects it creates. */
export interface Workload {
  readonly id: string;
  /** The rest of one operation, ns, without waits. */
  readonly other: Interval;
  /** Share of `other` in the kernel. */
  readonly kernelShare: number;
  readonly stations: readonly Station[];
  readonly source: Source;
  objects(kernel: KernelVersion, nodes: number): readonly WorkloadObject[];
}

const assumed = (at: string): Source => ({ kind: 'assumption', at });

function known(kind: ObjectKind, kernel: KernelVersion, nodes: number, growth: number): LifeCycle {
  const found = objectLifeCycle(kind, kernel, { nodes, growth });
  if (found === null) throw new RangeError(`no life cycle of ${kind}`);
  return found;
}

function station(lock: string, low: number, mid: number, high: number, lines: number, perNode = false): Station {
  return { lock, ns: between(low, high, mid), lines, perNode };
}

const mm = (threads = 1) => (kernel: KernelVersion): WorkloadObject => ({ lifeCycle: known('mm', kernel, 1, 0), destroyed: true, threads });
const taskList = station('tasklist_lock', 600, 800, 1100, 5);
/** A batch of folios goes through the node's lruvec lock at each end of an exec. */
const lru = station('lruvec_lock', 700, 1000, 1500, 45, true);
/** Hold of the idr mutex of an action's kind: 259 k rules/s once nothing is percpu. */
const idr = (kind: string): Station => station(`idr_mutex (${kind})`, 3100, 3500, 3900, 4.5);

const rules = '20191030140907.18561-1-vladbu@mellanox.com: 259 k rules/s without percpu statistics, at most 77 us a rule and 3.9 us under the idr mutex';
const processWork = 'fork, exec and exit of a small static program take 0.1 to 0.2 ms each without percpu memory';

function objectWorkload(id: string, kind: ObjectKind, other: Interval, stations: readonly Station[], at: string): Workload {
  return {
    id, other, stations, kernelShare: 0.8, source: assumed(at),
    objects: (kernel, nodes) => [{ lifeCycle: known(kind, kernel, nodes, 0), destroyed: true, threads: 1 }],
  };
}

function action(kernel: KernelVersion): WorkloadObject {
  return { lifeCycle: known('tc-action', kernel, 1, 1), destroyed: false, threads: 1 };
}

/** The route cache of a tunnel action (net/core/dst_cache.c dst_cache_init): 40 bytes and its padding. */
function routeCache(kernel: KernelVersion): WorkloadObject {
  const setting = { kernel, growth: 1 };
  const area: Area = { what: 'dst_cache', size: 48, align: 8, atomic: false, accounted: false, holder: 'caller' };
  const lifeCycle: LifeCycle = {
    subject: 'dst_cache', kernel, sites: ['net/core/dst_cache.c dst_cache_init'], create: allocation(area, setting), use: [],
    destroy: release(area, setting), areas: [area], sharedBytes: 0, counters: null, strategies: [],
  };
  return { lifeCycle, destroyed: false, threads: 1 };
}

function processes(id: string, other: Interval, stations: readonly Station[], mms: readonly ((kernel: KernelVersion) => WorkloadObject)[], kernelShare = 0.95): Workload {
  return { id, other, stations, kernelShare, source: assumed(processWork), objects: (kernel) => mms.map((make) => make(kernel)) };
}

/** A lock and the lines it protects, without percpu memory: for the published lock curves. */
function lockLoop(id: string, other: Interval, holds: readonly Station[]): Workload {
  return { id, other, stations: holds, kernelShare: 1, source: assumed('a short system call around one spinlock'), objects: () => [] };
}

const all: readonly Workload[] = [
  processes('fork-exit', between(80_000, 170_000, 115_000), [taskList], [mm()]),
  processes('self-exec', between(70_000, 130_000, 95_000), [lru], [mm()]),
  processes('fork-exec', between(150_000, 320_000, 220_000), [taskList, lru], [mm(), mm()]),
  processes('shell-script', between(200_000, 400_000, 280_000), [taskList, lru], [mm(), mm()], 0.8),
  processes('short-threads', between(200_000, 430_000, 290_000), [taskList, lru], [mm(), mm(2)]),
  { id: 'thread-create', other: between(20_000, 45_000, 30_000), kernelShare: 0.85, stations: [taskList], source: assumed('clone and exit of a thread'), objects: () => [] },
  {
    id: 'tc-gact', other: between(35_000, 60_000, 47_000), kernelShare: 0.85, stations: [idr('gact')], source: { kind: 'message', at: rules },
    objects: (kernel) => [action(kernel)],
  },
  {
    id: 'tc-tunnel', other: between(50_000, 95_000, 70_000), kernelShare: 0.85, stations: [idr('tunnel_key'), idr('mirred')],
    source: { kind: 'message', at: rules }, objects: (kernel) => [action(kernel), action(kernel), routeCache(kernel)],
  },
  objectWorkload('netns', 'netns', between(400_000, 1_000_000, 630_000), [station('cleanup_net worker', 200_000, 300_000, 450_000, 0)], 'setup and cleanup of a network namespace'),
  objectWorkload('cgroup', 'memory-cgroup', between(25_000, 60_000, 38_000), [station('cgroup_mutex', 50_000, 70_000, 100_000, 10)], 'mkdir and rmdir under cgroup_mutex'),
  objectWorkload('mount', 'superblock-tmpfs', between(100_000, 250_000, 160_000), [station('namespace_sem', 5000, 8000, 12_000, 10)], 'mount and unmount of a tmpfs'),
  /** One open and one close: the table of open files is locked at each, its bitmaps and the slot move with the lock. */
  lockLoop('lock-open1', between(1500, 2900, 2050), [station('file_lock', 50, 70, 100, 5.25), station('file_lock', 50, 70, 100, 5.25)]),
  lockLoop('lock-lock2', between(350, 700, 500), [station('file lock context', 40, 60, 90, 5.5)]),
];

export const workloads: ReadonlyMap<string, Workload> = new Map(all.map((one) => [one.id, one]));
