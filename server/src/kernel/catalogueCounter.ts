import type { Api, ArgumentRoles, SiteKind } from './api';
import { kernelVersion } from './version';

/** `percpu_counter_init_many` and its pair: "pcpcntr: add group allocation/free". */
const many = { since: kernelVersion(6, 6) };
const limited = { since: kernelVersion(6, 7) };

function counter(name: string, kind: SiteKind, roles: ArgumentRoles, versions: Pick<Api, 'since' | 'until' | 'areas'> = {}): Api {
  return { name, family: 'counter', kind, roles: { target: 0, ...roles }, source: 'include/linux/percpu_counter.h', ...versions };
}

/** The slots of one counter (struct percpu_counter, include/linux/percpu_counter.h); a count multiplies them. */
const slots: NonNullable<Api['areas']> = [{ bytes: 4, align: 4, what: 's32 of one percpu_counter' }];
const creates = { areas: slots };

/** The percpu_counter family, include/linux/percpu_counter.h (6.1 to 6.12). */
export const counterApis: readonly Api[] = [
  counter('percpu_counter_init', 'init', { amount: 1, gfp: 2 }, creates),
  counter('__percpu_counter_init', 'init', { amount: 1, gfp: 2 }, { ...creates, until: kernelVersion(6, 6) }),
  counter('percpu_counter_init_many', 'init', { amount: 1, gfp: 2, count: 3 }, { ...creates, ...many }),
  counter('__percpu_counter_init_many', 'init', { amount: 1, gfp: 2, count: 3 }, { ...creates, ...many }),
  counter('percpu_counter_destroy', 'destroy', {}),
  counter('percpu_counter_destroy_many', 'destroy', { count: 1 }, many),
  counter('percpu_counter_set', 'update', { amount: 1 }),
  counter('percpu_counter_add', 'update', { amount: 1 }),
  counter('percpu_counter_add_batch', 'update', { amount: 1, batch: 2 }),
  counter('percpu_counter_add_local', 'update', { amount: 1 }),
  counter('percpu_counter_sub', 'update', { amount: 1 }),
  counter('percpu_counter_sub_local', 'update', { amount: 1 }),
  counter('percpu_counter_inc', 'update', {}),
  counter('percpu_counter_dec', 'update', {}),
  counter('percpu_counter_limited_add', 'update', { amount: 2 }, limited),
  counter('__percpu_counter_limited_add', 'update', { amount: 2, batch: 3 }, limited),
  counter('percpu_counter_sync', 'update', {}),
  counter('percpu_counter_read', 'read', {}),
  counter('percpu_counter_read_positive', 'read', {}),
  counter('percpu_counter_initialized', 'read', {}),
  counter('percpu_counter_sum', 'sum', {}),
  counter('percpu_counter_sum_positive', 'sum', {}),
  counter('__percpu_counter_sum', 'sum', {}),
  // Far from the value the approximate count decides; near it all CPUs are summed up.
  counter('percpu_counter_compare', 'sum', {}),
  counter('__percpu_counter_compare', 'sum', { batch: 2 }),
];
