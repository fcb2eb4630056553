import type { ObjectKindId } from './membership';

/** Objects that one thing that people do creates; with `each`, a thing for every variant of that kind. */
export interface Operation {
  /** `NAME` stands for the variant. */
  readonly name: string;
  readonly parts: readonly { readonly kind: ObjectKindId; readonly variant?: string }[];
  readonly each?: ObjectKindId;
}

/** Controllers that every cgroup of v2 has, enabled or not: kernel/events/core.c perf_event_cgrp_subsys.implicit_on_dfl (6.12). */
const implicit = { kind: 'css', variant: 'perf_event' } as const;

export const operations: readonly Operation[] = [
  { name: 'fork', parts: [{ kind: 'mm' }] },
  { name: 'exec', parts: [{ kind: 'mm' }] },
  { name: 'unshare -n', parts: [{ kind: 'netns' }] },
  { name: 'unshare -i, without its mqueue mount', parts: [{ kind: 'ipcns' }] },
  { name: 'mkdir of a cgroup', parts: [{ kind: 'cgroup' }, implicit] },
  { name: 'mkdir of a cgroup with NAME', parts: [{ kind: 'cgroup' }, implicit], each: 'css' },
  { name: 'mount -t NAME', parts: [{ kind: 'mount' }], each: 'superblock' },
  { name: 'network device NAME', parts: [], each: 'netdev' },
  { name: 'tc filter add … u32 … action drop', parts: [{ kind: 'tc-filter', variant: 'u32' }, { kind: 'tc-action', variant: 'gact' }] },
];
