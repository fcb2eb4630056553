import type { FrequencyClass } from '../resolve/resolvedSite';
import { between, type Interval, scale } from '../util/interval';
import type { Source } from '../util/reason';

/** How often a class happens on a whole machine, per second. */
export interface ClassRate {
  readonly perSecond: Interval;
  readonly source: Source;
}

interface Assumed {
  /** One for each online CPU; absent: one for the machine. */
  readonly perCpu?: true;
  readonly value: Interval;
  readonly of: string;
}

/**
 * What a busy machine does where a project's percpu.toml does not say: no figures are published, so the intervals are
 * wide, and each says what it stands for. Classes that are left out happen too rarely for a rate to mean anything.
 */
const assumed: Partial<Record<FrequencyClass, Assumed>> = {
  'fork-exec': { perCpu: true, value: between(1, 100, 10), of: 'a build or a script on every CPU' },
  thread: { perCpu: true, value: between(1, 100, 10), of: 'short-lived threads on every CPU' },
  socket: { value: between(1, 1000, 10), of: 'sockets of the families that have percpu memory (packet, CAN, SMC)' },
  route: { value: between(10, 10_000, 100), of: 'updates of a routing table' },
  tc: { value: between(100, 100_000, 1000), of: 'rules that a virtual switch adds and removes' },
  netns: { value: between(1, 100, 10), of: 'containers that start' },
  cgroup: { value: between(1, 100, 10), of: 'services and containers that start' },
};

/** The assumed rate of a class; null where none would mean anything. */
export function assumedRate(frequencyClass: FrequencyClass, onlineCpus: number): ClassRate | null {
  const known = assumed[frequencyClass];
  if (known === undefined) return null;
  const { perCpu, value, of } = known;
  const perSecond = perCpu === true ? scale(value, onlineCpus) : value;
  return { perSecond, source: { kind: 'assumption', at: `${of}${perCpu === true ? `, ${String(onlineCpus)} online CPUs` : ''}` } };
}
