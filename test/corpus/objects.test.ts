import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOptions } from '../../server/src/cli/options';
import { snapshotOf } from '../../server/src/cli/treeSnapshot';
import { inventoryOf } from '../../server/src/features/inventory';
import { objectLifeCycle } from '../../server/src/lifecycle/object';
import type { ObjectKind } from '../../server/src/lifecycle/lifeCycle';
import type { Inventory, InventoryArea } from '../../server/src/protocol/inventory';
import { kernelData, kernelTree } from '../referenceData';

const recorded = kernelData('percpu-per-operation-n2.json');
const configuration = kernelData('config', 'config-6.12.117+deb12-cloud-amd64');
const tree = kernelTree('6.12');
const repository = path.resolve(import.meta.dirname, '../..');

interface RecordedArea {
  readonly call_site: string;
  readonly size: number;
  readonly count: number;
}

interface Recording {
  readonly ops: Readonly<Record<string, { readonly iterations: readonly { readonly allocs: readonly RecordedArea[] }[] }>>;
}

/** What an operation of the recording allocated, `function size`, each area once; without the fork and exec of the command that did it. */
function areasOf(name: string, commands = 0): string[] {
  const { ops } = JSON.parse(readFileSync(recorded ?? '', 'utf8')) as Recording;
  const allocs = ops[name]?.iterations.at(-1)?.allocs ?? [];
  const all = allocs.flatMap(({ call_site: site, size, count }) => Array.from({ length: count }, () => `${site.replace(/[.+].*$/, '')} ${size}`));
  for (const own of ['__percpu_counter_init_many 16', 'mm_init 16']) {
    for (let mm = 0; mm < 2 * commands; mm++) all.splice(all.indexOf(own), 1);
  }
  return all.sort();
}

/** The function whose return address the kernel's event has: the allocating one, or what it was inlined into. */
const allocatedIn: Readonly<Record<string, string>> = {
  percpu_counter_init: '__percpu_counter_init_many', percpu_counter_init_many: '__percpu_counter_init_many', dst_entries_init: '__percpu_counter_init_many',
  memcg_wb_domain_init: '__percpu_counter_init_many', __percpu_init_rwsem: '__percpu_init_rwsem', percpu_init_rwsem: '__percpu_init_rwsem',
  percpu_ref_init: 'percpu_ref_init', cgroup_rstat_init: 'cgroup_rstat_init', alloc_workqueue: 'alloc_workqueue', alloc_ordered_workqueue: 'alloc_workqueue',
  kmem_cache_create: 'do_kmem_cache_create', gro_cells_init: 'gro_cells_init',
};

/** Static functions that the compiler put into their only caller. */
const inlinedInto: Readonly<Record<string, string>> = {
  netdev_do_alloc_pcpu_stats: 'register_netdevice', snmp6_alloc_dev: 'ipv6_add_dev', ipv6_init_mibs: 'inet6_net_init', xfrm_statistics_init: 'xfrm_net_init',
  mem_cgroup_alloc: 'mem_cgroup_css_alloc', alloc_mem_cgroup_per_node_info: 'mem_cgroup_css_alloc',
};

function symbolOf({ api, function: name }: InventoryArea): string {
  return allocatedIn[api] ?? inlinedInto[name ?? ''] ?? name ?? '';
}

describe.skipIf(recorded === undefined || configuration === undefined || tree === undefined)('objects of a kernel tree', () => {
  let inventory: Inventory;

  beforeAll(async () => {
    const factsEntry = path.join(repository, 'node_modules', '.cache', `facts-objects-${process.pid}.cjs`);
    await build({
      absWorkingDir: repository, entryPoints: ['server/src/worker/factsWorker.ts'], outfile: factsEntry, bundle: true,
      platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error',
    });
    const options = readOptions(['--cpus', '2', '--machine', 'laptop-8', '--kconfig', configuration ?? '', '--no-btf', '--no-profile'], ['text']);
    const silent = { out: () => undefined, err: () => undefined };
    inventory = inventoryOf(await snapshotOf(tree ?? '', options, silent, factsEntry, 2), ['nf_conntrack', 'tls']);
    rmSync(factsEntry, { force: true });
  }, 600_000);

  /** What the operation allocates by the analysis, as the recording says it. */
  const found = (name: string, times = 1): string[] => {
    const operation = inventory.operations.find((one) => one.name === name);
    const objects = Array.from({ length: times }, () => operation?.objects ?? []).flat();
    return objects.flatMap((object) => inventory.objects.find((one) => one.name === object)?.areas ?? [])
      .filter(({ counted }) => counted)
      .flatMap((area) => Array.from({ length: (area.times ?? 0) * area.areas }, () => `${symbolOf(area)} ${area.bytes_per_cpu === null ? 'unknown' : area.bytes_per_cpu / Math.max(1, area.areas)}`))
      .sort();
  };

  it.each([
    ['fork', 'fork', 0],
    ['exec', 'fork', 0],
    ['mount -t tmpfs', 'mount_tmpfs', 0],
    ['mount -t ext4', 'mount_ext4_loop2', 0],
    ['mkdir of a cgroup', 'mkdir_cgroup_no_controllers', 0],
    ['mkdir of a cgroup with memory', 'mkdir_cgroup_memory_only', 0],
    ['unshare -n', 'unshare_newnet', 0],
    ['network device dummy', 'ip_link_add_dummy', 1],
    ['network device veth', 'ip_link_add_veth_pair', 1],
    ['network device bridge', 'ip_link_add_bridge', 1],
    ['network device macvlan', 'ip_link_add_macvlan', 1],
    ['network device vlan', 'ip_link_add_vlan', 1],
    ['network device ipvlan', 'ip_link_add_ipvlan', 1],
    ['network device vxlan', 'ip_link_add_vxlan', 1],
    ['network device bond', 'ip_link_add_bond', 1],
  ])('%s allocates what was recorded, area by area', (operation, name, commands) => {
    expect(areasOf(name, commands).length).toBeGreaterThan(1);
    expect(found(operation)).toEqual(areasOf(name, commands));
  });

  it('a u32 filter with a drop action allocates what was recorded, but for the size that its keys decide', () => {
    const sized = areasOf('tc_filter_add_u32_drop', 1).map((area) => (area === 'u32_change 24' ? 'u32_change unknown' : area));
    expect(found('tc filter add … u32 … action drop')).toEqual(sized.sort());
  });

  it.each<[ObjectKind, readonly string[]]>([
    ['mm', ['mm']],
    ['tc-action', ['gact tc action']],
    ['cgroup', ['cgroup', 'perf_event cgroup controller state']],
    ['memory-cgroup', ['cgroup', 'perf_event cgroup controller state', 'memory cgroup controller state']],
    ['netns', ['network namespace', 'loopback network device']],
    ['superblock-tmpfs', ['tmpfs superblock', 'mount point']],
    ['superblock-ext4', ['ext4 superblock', 'mount point']],
    ['netdev-dummy', ['dummy network device']],
    ['netdev-bridge', ['bridge network device']],
    ['netdev-veth-pair', ['veth network device', 'veth network device']],
  ])('the object %s of scenarios without a tree has the areas of the tree', (kind, names) => {
    const areas = names.flatMap((name) => inventory.objects.find((one) => one.name === name)?.areas.filter(({ counted }) => counted) ?? []);
    const sizes = areas.flatMap((area) => Array.from({ length: (area.times ?? 0) * area.areas }, () => (area.bytes_per_cpu ?? 0) / Math.max(1, area.areas)));
    const listed = objectLifeCycle(kind, { major: 6, minor: 12 })?.areas.map(({ size }) => Math.ceil(size / 4) * 4) ?? [];
    expect(sizes.sort((a, b) => a - b)).toEqual([...listed].sort((a, b) => a - b));
  });
});
