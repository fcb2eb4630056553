import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import type { ResolvedSite } from '../../server/src/resolve/resolvedSite';
import { neverCancelled } from '../../server/src/util/cancellation';
import { createTreeIndex } from '../../server/src/workspace/treeIndex';
import { kernelData, kernelTree } from '../referenceData';

const truthFile = kernelData('hotpath-truth.tsv');
const tree = kernelTree('6.12');
const repository = path.resolve(import.meta.dirname, '../..');

interface Truth {
  readonly api: string;
  readonly file: string;
  readonly line: number;
  readonly classes: readonly string[];
}

/** Rows that were judged, columns by the header's names. */
function judged(text: string): readonly Truth[] {
  const [header = '', ...rows] = text.trim().split('\n');
  const names = header.split('\t');
  return rows.flatMap((row) => {
    const cells = row.split('\t');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const classes = cell('frequency_class').split(/[,;]\s*/).filter((name) => name !== '');
    return classes.length === 0 ? [] : [{ api: cell('api'), file: cell('file'), line: Number(cell('line')), classes }];
  });
}

describe.skipIf(truthFile === undefined || tree === undefined)('reach over a kernel tree', () => {
  const sites = new Map<string, readonly ResolvedSite[]>();

  beforeAll(async () => {
    const factsEntry = path.join(repository, 'node_modules', '.cache', `facts-worker-${process.pid}.cjs`);
    await build({
      absWorkingDir: repository, entryPoints: ['server/src/worker/factsWorker.ts'], outfile: factsEntry, bundle: true,
      platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error',
    });
    const catalogue = catalogueFor(null);
    const index = createTreeIndex({
      source: { kind: 'folder', root: tree ?? '' }, extraApis: [], apiOf: (name) => catalogue.byName.get(name), factsEntry, processes: 2,
      sizeOf: () => ({ size: null, align: null, source: 'unknown', reason: 'sizes are not asked for here' }),
      countOf: () => null, batchOf: () => null,
      memberOf: () => null, cache: null,
    });
    await index.scan(neverCancelled, () => undefined);
    await index.resolveAll(neverCancelled, (file, found) => sites.set(file, found));
    rmSync(factsEntry, { force: true });
  }, 240_000);

  const reachOf = ({ file, line, api }: Pick<Truth, 'file' | 'line' | 'api'>): readonly ResolvedSite['reach'][number][] =>
    sites.get(file)?.find(({ fact }) => fact.line === line && fact.api === api)?.reach ?? [];

  it('contains the judged classes of nine sites in ten', () => {
    const rows = judged(readFileSync(truthFile ?? '', 'utf8'));
    const misses = rows.filter((row) => !row.classes.every((name) => reachOf(row).some(({ frequencyClass }) => frequencyClass === name)));
    expect(rows.length).toBeGreaterThan(40);
    expect(misses.length / rows.length, misses.map(({ file, line }) => `${file}:${line}`).join(' ')).toBeLessThan(0.1);
  });

  it('calls only what forks and execs really create fork-exec or thread', () => {
    const hot = [...sites].flatMap(([file, found]) =>
      found.filter(({ fact, reach }) => ['alloc', 'init', 'indirect'].includes(fact.kind)
        && reach.some(({ frequencyClass }) => frequencyClass === 'fork-exec' || frequencyClass === 'thread')).map(({ fact }) => `${file} ${fact.function ?? ''}`));
    // What mm_init() allocates, and the definitions that it goes through: read in 6.12.
    expect([...new Set(hot)].sort()).toEqual([
      'include/linux/mm_types.h mm_alloc_cid',
      'include/linux/mm_types.h mm_alloc_cid_noprof',
      'include/linux/percpu.h __alloc_percpu_gfp',
      'include/linux/percpu.h alloc_percpu_noprof',
      'include/linux/percpu_counter.h percpu_counter_init_many',
      'kernel/fork.c mm_init',
      'lib/percpu_counter.c __percpu_counter_init_many',
    ]);
  });

  it('shows a chain that ends at the site\'s function wherever it names a class of what is created', () => {
    const broken = [...sites].flatMap(([file, found]) =>
      found.filter(({ fact }) => fact.function !== null && fact.kind === 'alloc').flatMap(({ fact, reach }) =>
        reach.filter(({ chain }) => !chain.includes(fact.function ?? '') && !(chain.at(-1) ?? '').startsWith('releases what')).map(() => `${file}:${fact.line}`)));
    expect(broken).toEqual([]);
  });

  it('makes callers of wrappers sites with the way to the allocation', () => {
    const via = new Map([...sites.values()].flat().filter((site) => site.via.length > 0).map((site) => [site.fact.api, site.via]));
    expect(via.get('bfq_stat_init')).toEqual(['bfq_stat_init', 'percpu_counter_init']);
    expect(via.get('seg6_local_alloc_pcpu_counters')).toEqual(['seg6_local_alloc_pcpu_counters', '__netdev_alloc_pcpu_stats']);
  });
});
