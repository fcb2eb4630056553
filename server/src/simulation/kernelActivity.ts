/** What the kernel does on every CPU beside the scenario, and how long sleepers take to run again: assumptions like a scenario's own. */
import type { Source } from '../util/reason';
import { assumed, type Assumption } from '../scenario/scenario';

const timer: Source = { kind: 'assumption', at: 'CONFIG_HZ=250, a timer tick of one to a few microseconds' };
const scheduler: Source = { kind: 'assumption', at: 'kernel/sched/core.c try_to_wake_up (6.12): inter-processor interrupt, idle exit and switch, a few microseconds' };

export const tickPeriodNs = 4_000_000;

/** Chance that a tick finds another task to run, so that a CPU spinning for a mutex sleeps instead. */
export const rescheduleChance = 0.02;

export const kernelAssumptions: readonly Assumption[] = [
  assumed('tick', 'timer interrupt, 250 a second on each CPU', [1000, 1800, 4000], timer),
  assumed('wake-up', 'from the wake-up of a sleeper to its running', [2000, 4000, 8000], scheduler),
];
