import type { Api, ArgumentRoles } from './api';
import { kernelVersion } from './version';

const percpu = 'include/linux/percpu.h';
const device = 'include/linux/device.h';
const netdevice = 'include/linux/netdevice.h';

/** Memory allocation profiling renamed the allocating functions and put macros in front of them. */
const profiling = { since: kernelVersion(6, 10) };

function alloc(name: string, source: string, roles: ArgumentRoles, versions: Pick<Api, 'since' | 'until'> = {}): Api {
  return { name, family: 'dyn', kind: 'alloc', roles, source, ...versions };
}

/** Percpu memory itself: include/linux/percpu.h and the typed forms around it (6.1 to 6.12). */
export const dynamicApis: readonly Api[] = [
  alloc('alloc_percpu', percpu, { type: 0 }),
  alloc('alloc_percpu_gfp', percpu, { type: 0, gfp: 1 }),
  alloc('alloc_percpu_noprof', percpu, { type: 0 }, profiling),
  alloc('__alloc_percpu', percpu, { size: 0, align: 1 }),
  alloc('__alloc_percpu_gfp', percpu, { size: 0, align: 1, gfp: 2 }),
  alloc('__alloc_reserved_percpu', percpu, { size: 0, align: 1 }),
  alloc('pcpu_alloc', 'mm/percpu.c', { size: 0, align: 1, gfp: 3 }, { until: kernelVersion(6, 10) }),
  alloc('pcpu_alloc_noprof', percpu, { size: 0, align: 1, gfp: 3 }, profiling),
  alloc('devm_alloc_percpu', device, { type: 1 }),
  alloc('__devm_alloc_percpu', device, { size: 1, align: 2 }),
  alloc('netdev_alloc_pcpu_stats', netdevice, { type: 0 }),
  alloc('__netdev_alloc_pcpu_stats', netdevice, { type: 0, gfp: 1 }),
  alloc('devm_netdev_alloc_pcpu_stats', netdevice, { type: 1 }),
  { name: 'free_percpu', family: 'dyn', kind: 'free', roles: { target: 0 }, source: percpu },
];
