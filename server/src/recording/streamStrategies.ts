import type { StreamStep } from '../allocator/scenarioRun';

/** What a strategy makes of a recorded stream. */
export interface StreamStrategy {
  readonly id: string;
  readonly title: string;
  /** What is taken for granted. */
  readonly assumption: string;
  readonly rewrite: (step: StreamStep) => StreamStep | null;
}

/** Areas of an mm as 6.3 to 6.18 allocate them: 16 bytes for mm_cid in mm_init, 16 for its four counters. */
const cidBytes = 16;
const rssBytes = 16;

const isCid = (step: StreamStep): boolean => step.kind === 'alloc' && step.caller === 'mm_init' && step.size === cidBytes;
const isRss = (step: StreamStep): boolean => step.kind === 'alloc' && step.caller === '__percpu_counter_init_many' && step.size === rssBytes;

/** Those of the strategies that change what the allocator is asked for, and can be told from a trace's call sites. */
export const streamStrategies: readonly StreamStrategy[] = [
  { id: 'as recorded', title: 'as recorded', assumption: '', rewrite: (step) => step },
  {
    id: 'grouping',
    title: 'grouping: one area for an mm',
    assumption: `every area of ${cidBytes} bytes from mm_init is an mm’s, and the ${rssBytes} bytes of its counters lie in it`,
    rewrite: (step) => (isRss(step) ? null : isCid(step) && step.kind === 'alloc' ? { ...step, size: cidBytes + rssBytes } : step),
  },
  {
    id: 'on-demand',
    title: 'on-demand: mm_cid at the second thread',
    assumption: 'no process of the recording has a second thread',
    rewrite: (step) => (isCid(step) ? null : step),
  },
  {
    id: 'dual-mode',
    title: 'dual-mode: plain counters while single-threaded',
    assumption: 'no process of the recording has a second thread',
    rewrite: (step) => (isRss(step) ? null : step),
  },
];
