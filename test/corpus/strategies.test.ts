import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOptions } from '../../server/src/cli/options';
import { snapshotOf } from '../../server/src/cli/treeSnapshot';
import { adviceFor } from '../../server/src/features/advice';
import { groupedObjects } from '../../server/src/features/groupedObjects';
import { pushedStrategies } from '../../server/src/features/treeStrategies';
import type { GroupedObject } from '../../server/src/protocol/strategyAnswer';
import type { Snapshot } from '../../server/src/workspace/snapshot';
import { kernelData, kernelTree } from '../referenceData';

const truthFile = kernelData('hotpath-truth.tsv');
const tree = kernelTree('6.12');
const repository = path.resolve(import.meta.dirname, '../..');

/** Classes on which nothing may be shown unasked. */
const cold: ReadonlySet<string> = new Set(['boot', 'module-load', 'mount', 'disk', 'device-probe', 'netdev', 'bpf-map', 'bpf-prog', 'cpu-hotplug', 'user-request']);

function coldRows(text: string): readonly { readonly api: string; readonly file: string; readonly line: number }[] {
  const [header = '', ...rows] = text.trim().split('\n');
  const names = header.split('\t');
  return rows.flatMap((row) => {
    const cells = row.split('\t');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const classes = cell('frequency_class').split(/[,;]\s*/).filter((name) => name !== '');
    return classes.length > 0 && classes.every((name) => cold.has(name)) ? [{ api: cell('api'), file: cell('file'), line: Number(cell('line')) }] : [];
  });
}

describe.skipIf(truthFile === undefined || tree === undefined)('strategies over a kernel tree', () => {
  let snapshot: Snapshot;
  let objects: readonly GroupedObject[] = [];

  beforeAll(async () => {
    const factsEntry = path.join(repository, 'node_modules', '.cache', `facts-worker-strategies-${process.pid}.cjs`);
    await build({
      absWorkingDir: repository, entryPoints: ['server/src/worker/factsWorker.ts'], outfile: factsEntry, bundle: true,
      platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error',
    });
    const io = { out: () => undefined, err: () => undefined };
    snapshot = await snapshotOf(tree ?? '', readOptions(['--no-cache', '--no-profile', '--no-btf', '--machine', 'server-256'], ['text']), io, factsEntry, 2);
    objects = groupedObjects(snapshot);
    rmSync(factsEntry, { force: true });
  }, 300_000);

  it('show nothing unasked where boot, modules, mounts, disks and devices are judged to create', () => {
    const rows = coldRows(readFileSync(truthFile ?? '', 'utf8'));
    expect(rows.length).toBeGreaterThan(15);
    const shown = rows.filter(({ file, line }) =>
      (snapshot.sites.get(file) ?? []).some((site) => site.site.fact.line === line && adviceFor(snapshot, site).length > 0));
    expect(shown).toEqual([]);
  });

  it('show unasked what a review would bear, and no more', () => {
    expect(pushedStrategies(snapshot).map(({ place, function: name, strategy }) => `${place} ${name ?? ''}: ${strategy.id}`).sort()).toEqual([
      'kernel/fork.c:1331 mm_init: ctor-dtor',
      'kernel/fork.c:1331 mm_init: grouping',
      'kernel/fork.c:1331 mm_init: on-demand',
      'kernel/fork.c:1334 mm_init: cid-indexed',
      'kernel/fork.c:1334 mm_init: dual-mode',
      'net/sched/act_api.c:757 tcf_idr_create: grouping',
    ]);
  });

  const named = (name: string): GroupedObject | undefined => objects.find((one) => one.name === name);
  const keeps = (name: string, inFunction: string): readonly string[] =>
    (named(name)?.sites ?? []).filter((site) => site.function === inFunction).map((site) => site.keeps);

  it('list objects with several counters or areas, with their sites', () => {
    expect(named('mm')?.sites.map(({ place }) => place)).toEqual(['kernel/fork.c:1331', 'kernel/fork.c:1334']);
    expect(keeps('ext4 superblock', 'ext4_percpu_param_init').filter((one) => one.endsWith('counter') || one.endsWith('limit'))).toHaveLength(5);
    expect(keeps('xfs superblock', 'xfs_init_percpu_counters')).toHaveLength(6);
    expect(keeps('ceph superblock', 'ceph_metric_init')).toHaveLength(6);
    expect(keeps('network namespace', 'ipv4_mib_init_net')).toHaveLength(6);
    const action = objects.find(({ name }) => name.startsWith('tc action ('));
    expect(action?.sites.map(({ keeps: one }) => one)).toEqual(['p->cpu_bstats', 'p->cpu_bstats_hw', 'p->cpu_qstats']);
    expect(objects.length).toBeGreaterThan(250);
  });

  it('say what grouping takes by the structures as they are laid out', () => {
    expect(named('ext4 superblock')?.takes).toContain('follow each other in struct ext4_sb_info: an array can take their place');
    expect(named('xfs superblock')?.takes).toContain('follow each other in struct xfs_mount');
    expect(named('ceph superblock')?.takes).toContain('runs of 2 (d_lease_hit, d_lease_mis) and 2 (i_caps_hit, i_caps_mis) and 2 (opened_inodes, total_inodes)');
    for (const { name, groups, trips, gain } of objects.filter((one) => one.groups.length > 0)) {
      expect(trips.after, name).toBeLessThan(trips.before);
      expect(gain?.mid ?? 0, name).toBeGreaterThan(0);
      expect(Math.max(...groups.map(({ bytes }) => bytes)), name).toBeLessThanOrEqual(32 * 1024);
    }
  });
});
