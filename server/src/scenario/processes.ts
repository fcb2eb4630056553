import { mmLifeCycle } from '../lifecycle/mm';
import type { Source } from '../util/reason';
import { assumed, counted, type Phase, type Scenario, type ScenarioObject } from './scenario';
import type { ScenarioFactory } from './factory';

const spawn: Source = {
  kind: 'message',
  at: '202301301057.e55dad5b-oliver.sang@intel.com: UnixBench spawn, 124.5 k forks/s by 38 tasks, at most 305 us of CPU each with all waits',
};
const doexec: Source = {
  kind: 'message',
  at: '20230823050609.2228718-1-mjguzik@gmail.com: 186 k execs/s on 26 CPUs, at most 140 us of CPU and 5.4 us of any one global lock each',
};
const taskList: Source = { kind: 'source code', at: 'kernel/fork.c copy_process and kernel/exit.c release_task (6.12): write lock of tasklist_lock, length assumed' };
const guess = (at: string): Source => ({ kind: 'assumption', at });

const forkWork = assumed('fork-work', 'fork, exit and wait, without percpu memory', [60_000, 110_000, 220_000], spawn);
const execWork = assumed('exec-work', 'exec of a static binary, without percpu memory', [60_000, 90_000, 130_000], doexec);
const taskListHold = assumed('tasklist-hold', 'tasklist_lock, once at fork and once at exit', [200, 400, 800], taskList);
const lruHold = assumed('lruvec-hold', 'lruvec lock of a node, twice per exec, a batch of folios each, lines at hand', [300, 500, 800], doexec);
const lruLines = counted('lruvec-lines', 'lines of a batch\'s list neighbours that other CPUs touched last', [12, 20, 24], doexec);
const userTime = assumed('user-time', 'the program itself, outside the kernel', [5000, 20_000, 60_000], guess('a program that does next to nothing'));
const threadWork = assumed('thread-work', 'clone and exit of a thread, without percpu memory', [15_000, 25_000, 45_000], guess('clone with CLONE_THREAD, stack mapping, futex wake, exit'));

const visitTaskList: Phase = {
  kind: 'hold', lock: 'tasklist_lock', lockKind: 'spinlock', irqsOff: true, phases: [{ kind: 'kernel', ns: 'tasklist-hold' }],
};
const visitLru: Phase = {
  kind: 'hold', lock: 'lruvec_lock', lockKind: 'spinlock', irqsOff: true, perNode: true, lines: 'lruvec-lines',
  phases: [{ kind: 'kernel', ns: 'lruvec-hold' }],
};
/** The new mm is made while the old one is still there. */
const execFrom = (old: string): readonly Phase[] => [
  { kind: 'create', object: 'mm' }, { kind: 'kernel', ns: 'exec-work' }, visitLru, { kind: 'destroy', object: old }, visitLru,
];
const exec = execFrom('mm');
const lruNote = 'the pages of an exec go back through the lruvec lock of their memory node: the next limit after the allocator';

const mm = (kernel: Parameters<ScenarioFactory>[0]): ScenarioObject => ({ id: 'mm', lifeCycle: mmLifeCycle(kernel), lifetime: null, kept: null });

export const forkExit: ScenarioFactory = (kernel): Scenario => ({
  id: 'fork-exit',
  title: 'Fork and exit on all CPUs',
  description: 'Every CPU forks a child that exits at once and waits for it: one mm each.',
  operation: 'forks',
  clients: null,
  objects: [mm(kernel)],
  phases: [
    { kind: 'user', ns: 'user-time' }, { kind: 'create', object: 'mm' }, { kind: 'kernel', ns: 'fork-work' }, visitTaskList,
    { kind: 'use', object: 'mm' }, { kind: 'destroy', object: 'mm' }, visitTaskList,
  ],
  assumptions: [{ ...userTime, value: { low: 1000, mid: 4000, high: 15_000 } }, forkWork, taskListHold],
  notes: ['parent and child share a CPU'],
});

export const forkExec: ScenarioFactory = (kernel): Scenario => ({
  id: 'fork-exec',
  title: 'Fork and exec of a static binary on all CPUs',
  description: 'Every CPU forks, the child executes a static binary and exits: two mms each.',
  operation: 'commands',
  clients: null,
  objects: [mm(kernel)],
  phases: [
    { kind: 'create', object: 'mm' }, { kind: 'kernel', ns: 'fork-work' }, visitTaskList, ...exec,
    { kind: 'user', ns: 'user-time' }, { kind: 'destroy', object: 'mm' }, visitTaskList,
  ],
  assumptions: [forkWork, execWork, userTime, taskListHold, lruHold, lruLines],
  notes: [lruNote, 'vfork and posix_spawn make one mm instead of two'],
});

export const selfExec: ScenarioFactory = (kernel): Scenario => ({
  id: 'self-exec',
  title: 'A process that executes itself again, on all CPUs',
  description: 'The published exec benchmark: no fork, one mm each.',
  operation: 'execs',
  clients: null,
  objects: [mm(kernel)],
  phases: [...exec, { kind: 'user', ns: 'user-time' }],
  assumptions: [execWork, { ...userTime, value: { low: 1000, mid: 4000, high: 10_000 } }, lruHold, lruLines],
  notes: [lruNote],
});

export const shellScript: ScenarioFactory = (kernel, nodes): Scenario => ({
  ...forkExec(kernel, nodes),
  id: 'shell-script',
  title: 'A shell script on one CPU',
  description: 'One shell runs short commands one after the other: what creation costs where nobody competes.',
  clients: 1,
  notes: ['nobody competes: the loops over possible CPUs remain'],
});

export const shortThreads: ScenarioFactory = (kernel, nodes): Scenario => ({
  ...forkExec(kernel, nodes),
  id: 'short-threads',
  title: 'Short-lived processes with threads',
  description: 'Every CPU runs a command that starts 16 threads (a linker); set `threads` to 2 for the smallest case.',
  objects: [{ ...mm(kernel), id: 'forked' }, { ...mm(kernel), threads: 'threads' }],
  phases: [
    { kind: 'create', object: 'forked' }, { kind: 'kernel', ns: 'fork-work' }, visitTaskList, ...execFrom('forked'),
    { kind: 'repeat', times: 'threads', phases: [{ kind: 'kernel', ns: 'thread-work' }, visitTaskList, { kind: 'use', object: 'mm' }, visitTaskList] },
    { kind: 'user', ns: 'user-time' }, { kind: 'destroy', object: 'mm' }, visitTaskList,
  ],
  assumptions: [
    forkWork, execWork, { ...userTime, value: { low: 50_000, mid: 200_000, high: 2_000_000 } }, taskListHold, lruHold, lruLines, threadWork,
    counted('threads', 'threads of a process', [16, 16, 16], guess('lld starts as many as it is allowed; 16 stands for them')),
  ],
  notes: [lruNote, 'the threads of a process are counted on one CPU, one after the other'],
});

export const threadCreate: ScenarioFactory = (kernel): Scenario => ({
  id: 'thread-create',
  title: 'Threads created and ended on all CPUs',
  description: 'Every CPU starts and ends threads of a process that lives on: no percpu area each, only updates of the mm\'s counters.',
  operation: 'threads',
  clients: null,
  objects: [mm(kernel)],
  phases: [
    { kind: 'kernel', ns: 'thread-work' }, visitTaskList,
    { kind: 'repeat', times: 'faults', phases: [{ kind: 'use', object: 'mm' }] },
    { kind: 'user', ns: 'user-time' }, visitTaskList,
  ],
  assumptions: [
    threadWork, taskListHold, { ...userTime, value: { low: 1000, mid: 5000, high: 20_000 } },
    counted('faults', 'counter updates of a thread', [8, 8, 8], guess('stack and thread-local pages')),
  ],
  notes: ['a thread of 6.12 allocates no percpu memory: the allocator is not on this path'],
});
