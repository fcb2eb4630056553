import type { Source } from '../util/reason';
import { assumed, counted, type Phase, type Scenario } from './scenario';
import type { ScenarioFactory } from './factory';

/** Loops around one spinlock without percpu memory: what the locks' model can be held against, published at ten thread counts. */
const guess: Source = { kind: 'assumption', at: 'a short system call around one spinlock' };

const locked = (lock: string): Phase => ({
  kind: 'hold', lock, lockKind: 'spinlock', irqsOff: false, lines: 'lock-lines', phases: [{ kind: 'kernel', ns: 'lock-hold' }],
});

export const lockOpen1: ScenarioFactory = (): Scenario => ({
  id: 'lock-open1',
  title: 'open and close of files on all CPUs: one spinlock, no percpu memory',
  description: 'The published lock benchmark open1_threads: the table of open files is locked at each open and at each close.',
  operation: 'opens',
  clients: null,
  objects: [],
  phases: [{ kind: 'kernel', ns: 'other-work' }, locked('file_lock'), locked('file_lock')],
  assumptions: [
    assumed('other-work', 'open and close without the lock', [1500, 2050, 2900], guess),
    assumed('lock-hold', 'file_lock, once at open and once at close', [50, 70, 100], guess),
    counted('lock-lines', 'lines of bitmaps and slots that come with the lock', [2, 2.75, 3.5], guess),
  ],
  notes: ['a check of the model of locks: no percpu memory is allocated'],
});

export const lockLock2: ScenarioFactory = (): Scenario => ({
  id: 'lock-lock2',
  title: 'File locks on all CPUs: one spinlock, no percpu memory',
  description: 'The published lock benchmark lock2_threads: one short spinlock at each lock and unlock of a file range.',
  operation: 'locks',
  clients: null,
  objects: [],
  phases: [{ kind: 'kernel', ns: 'other-work' }, locked('file lock context')],
  assumptions: [
    assumed('other-work', 'lock and unlock of a range without the lock', [350, 500, 700], guess),
    assumed('lock-hold', 'the lock of the file\'s lock context', [40, 60, 90], guess),
    counted('lock-lines', 'lines of the list that come with the lock', [2, 3, 4], guess),
  ],
  notes: ['a check of the model of locks: no percpu memory is allocated'],
});
