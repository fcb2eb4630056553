import type { LifeCycle, ObjectKind } from '../lifecycle/lifeCycle';
import { objectLifeCycle } from '../lifecycle/object';
import type { Source } from '../util/reason';
import { assumed, type Phase, type Scenario, type ScenarioObject } from './scenario';
import type { ScenarioFactory } from './factory';

const guess = (at: string): Source => ({ kind: 'assumption', at: `${at}; no figure is published` });

function object(id: string, kind: ObjectKind, kernel: LifeCycle['kernel'], nodes: number, lifetime: string | null): ScenarioObject {
  const lifeCycle = objectLifeCycle(kind, kernel, { growth: 0, nodes });
  if (lifeCycle === null) throw new Error(`no life cycle of ${kind}`);
  return { id, lifeCycle, lifetime, kept: null };
}

function underMutex(lock: string, phases: readonly Phase[]): Phase {
  return { kind: 'hold', lock, lockKind: 'mutex', irqsOff: false, phases };
}

const user = assumed('user-time', 'the caller, outside the kernel', [10_000, 30_000, 100_000], guess('a container runtime between two calls'));

export const netns: ScenarioFactory = (kernel, nodes): Scenario => ({
  id: 'netns',
  title: 'Network namespaces created and removed on all CPUs',
  description: 'Every CPU makes a network namespace and leaves it; one worker of the kernel takes all of them down.',
  operation: 'namespaces',
  clients: null,
  objects: [object('netns', 'netns', kernel, nodes, null)],
  phases: [
    { kind: 'user', ns: 'user-time' }, { kind: 'create', object: 'netns' }, { kind: 'kernel', ns: 'setup-work' },
    underMutex('rtnl_mutex', [{ kind: 'kernel', ns: 'rtnl-hold' }]),
    underMutex('cleanup_net worker', [
      { kind: 'kernel', ns: 'cleanup-work' }, underMutex('rtnl_mutex', [{ kind: 'kernel', ns: 'rtnl-hold' }]), { kind: 'destroy', object: 'netns' },
    ]),
  ],
  assumptions: [
    user,
    assumed('setup-work', 'sysctl tables, proc, loopback and the rest of setup', [150_000, 300_000, 700_000], guess('net/core/net_namespace.c setup_net (6.12)')),
    assumed('rtnl-hold', 'rtnl_mutex, once at setup and once at cleanup', [10_000, 20_000, 50_000], guess('registration of the loopback device')),
    assumed('cleanup-work', 'cleanup of one namespace, grace periods shared by a batch', [100_000, 250_000, 600_000], guess('net/core/net_namespace.c cleanup_net (6.12)')),
  ],
  notes: ['whoever makes namespaces waits for their removal: else they would pile up without end'],
});

export const cgroup: ScenarioFactory = (kernel, nodes): Scenario => ({
  id: 'cgroup',
  title: 'Memory cgroups created and removed on all CPUs',
  description: 'Every CPU makes and removes memory cgroups; their percpu memory goes after a grace period.',
  operation: 'cgroups',
  clients: null,
  objects: [object('memory-cgroup', 'memory-cgroup', kernel, nodes, 'grace')],
  phases: [
    { kind: 'user', ns: 'user-time' },
    underMutex('cgroup_mutex', [{ kind: 'kernel', ns: 'mkdir-work' }, { kind: 'create', object: 'memory-cgroup' }]),
    underMutex('cgroup_mutex', [{ kind: 'kernel', ns: 'rmdir-work' }]),
  ],
  assumptions: [
    user,
    assumed('mkdir-work', 'mkdir under cgroup_mutex, without percpu memory', [20_000, 45_000, 100_000], guess('kernel/cgroup/cgroup.c cgroup_mkdir (6.12)')),
    assumed('rmdir-work', 'rmdir under cgroup_mutex', [10_000, 25_000, 60_000], guess('kernel/cgroup/cgroup.c cgroup_rmdir (6.12)')),
    assumed('grace', 'from rmdir to the release of the percpu memory', [8_000_000, 15_000_000, 40_000_000], guess('percpu_ref kill and RCU grace periods')),
  ],
  notes: ['mkdir allocates with cgroup_mutex held: the allocator\'s locks are hardly contended, their work lengthens cgroup_mutex'],
});

export const mount: ScenarioFactory = (kernel, nodes): Scenario => ({
  id: 'mount',
  title: 'tmpfs mounted and unmounted on all CPUs',
  description: 'Every CPU mounts a tmpfs and unmounts it.',
  operation: 'mounts',
  clients: null,
  objects: [object('superblock', 'superblock-tmpfs', kernel, nodes, null)],
  phases: [
    { kind: 'user', ns: 'user-time' }, { kind: 'create', object: 'superblock' }, { kind: 'kernel', ns: 'mount-work' },
    underMutex('namespace_sem', [{ kind: 'kernel', ns: 'namespace-hold' }]),
    underMutex('namespace_sem', [{ kind: 'kernel', ns: 'namespace-hold' }]),
    { kind: 'sleep', ns: 'grace' }, { kind: 'destroy', object: 'superblock' },
  ],
  assumptions: [
    user,
    assumed('mount-work', 'mount and unmount, without percpu memory', [30_000, 60_000, 120_000], guess('fs/super.c, fs/namespace.c (6.12)')),
    assumed('namespace-hold', 'namespace_sem, once at mount and once at unmount', [2000, 4000, 8000], guess('fs/namespace.c do_add_mount, do_umount (6.12)')),
    assumed('grace', 'expedited grace period at unmount', [20_000, 60_000, 200_000], guess('fs/namespace.c namespace_unlock (6.12)')),
  ],
  notes: [],
});
