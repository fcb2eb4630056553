import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import type { ResolvedSite } from '../../server/src/resolve/resolvedSite';
import { neverCancelled } from '../../server/src/util/cancellation';
import { startDetailsThread } from '../../server/src/workspace/detailsThread';
import { folderTypes } from '../../server/src/workspace/folderTypes';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';
import { createTreeIndex, type TreeIndex } from '../../server/src/workspace/treeIndex';
import { folderSource } from '../../server/src/workspace/treeSource';

const repository = path.resolve(import.meta.dirname, '../..');
const entries = path.join(repository, 'node_modules', '.cache', `details-thread-${process.pid}`);
let folder = '';

beforeAll(async () => {
  await build({
    absWorkingDir: repository, entryPoints: ['server/src/worker/factsWorker.ts', 'server/src/worker/detailsWorker.ts'], outdir: entries, outExtension: { '.js': '.cjs' },
    bundle: true, platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error',
  });
  writeFileSync(path.join(entries, 'brokenWorker.cjs'), 'setTimeout(() => { throw new Error("out of luck"); }, 50);\n');
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-details-'));
  for (const [file, text] of Object.entries(tree())) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
});
afterAll(() => {
  rmSync(entries, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** Files enough for a thread, with what details are made of: types, counts, loops, wrappers in wrappers, members. */
function tree(): Record<string, string> {
  const files: Record<string, string> = {
    'Makefile': 'VERSION = 6\nPATCHLEVEL = 12\n',
    'include/linux/pool.h': '#define POOL_SLOTS 6\nstruct pool_stats { unsigned long hits, misses; char name[12]; };\nstruct pool { struct pool_stats *area; long events; };\n',
    'lib/pool.c': '#include <linux/pool.h>\nvoid *pool_area(unsigned long size)\n{\n\treturn __alloc_percpu(size, 8);\n}\nvoid *pool_rows(unsigned long size, int rows)\n{\n\tint i;\n\n\tfor (i = 0; i < rows; i++)\n\t\tkeep(pool_area(size));\n\treturn NULL;\n}\n',
  };
  for (let at = 0; at < 110; at += 1) {
    files[`kernel/user${at}.c`] = `#include <linux/pool.h>\nstatic int user_make${at}(struct pool *pool)\n{\n\tint i;\n\n\tfor (i = 0; i < POOL_SLOTS; i++)\n\t\tslots[i] = alloc_percpu(struct pool_stats);\n\tpool->area = pool_rows(sizeof(struct pool_stats) + ${at}, POOL_SLOTS);\n\treturn percpu_counter_init_many(counters, 0, GFP_KERNEL, ${at % 3 === 0 ? 'POOL_SLOTS' : 'at_run_time'});\n}\nstatic int __init user_start${at}(void)\n{\n\treturn user_make${at}(NULL);\n}\nmodule_init(user_start${at});\n`;
  }
  return files;
}

interface Resolved {
  readonly sites: readonly (readonly [string, readonly ResolvedSite[]])[];
  /** Files that a thread was asked about. */
  readonly asked: number;
}

async function resolved(worker: string | null, edit: (index: TreeIndex) => void = () => undefined): Promise<Resolved> {
  const typed = { root: folder, headers: null, arch: 'x86_64', kernel: null, kconfig: null, btf: null, extraApis: [] } as const;
  const { types, catalogue } = folderTypes(typed);
  const asked = new Set<string>();
  const index = createTreeIndex({
    ...types, source: folderSource(folder), extraApis: [], apiOf: (name) => catalogue.byName.get(name), factsEntry: path.join(entries, 'factsWorker.cjs'), processes: 1, cache: null,
    ...(worker === null ? {} : {
      details: () => {
        const thread = startDetailsThread(path.join(entries, worker), typed);
        return {
          ...thread,
          ask: (files) => {
            const some = [...files];
            for (const { file } of some) asked.add(file);
            thread.ask(some);
          },
        };
      },
    }),
  });
  await index.scan(neverCancelled, () => undefined);
  const sites: [string, readonly ResolvedSite[]][] = [];
  await index.resolveAll(neverCancelled, (file, found) => {
    if (sites.length === 0) edit(index);
    sites.push([file, found]);
  });
  return { sites, asked: asked.size };
}

it('a thread gives the details that are worked out without one, and where it fails they are worked out here', async () => {
  const alone = await resolved(null);
  const first = alone.sites.find(([file]) => file === 'kernel/user3.c')?.[1].map(({ fact, size, count, turns, via }) => [fact.api, size.size, count, turns, via]);
  expect(first).toEqual([
    ['alloc_percpu', 32, 1, 6, []],
    ['pool_rows', 210, 6, 1, ['pool_rows', 'pool_area', '__alloc_percpu']],
    ['percpu_counter_init_many', 24, 6, 1, []],
  ]);
  for (const worker of ['detailsWorker.cjs', 'brokenWorker.cjs', 'absent.cjs']) {
    const beside = await resolved(worker);
    expect(beside.asked, worker).toBe(111);
    expect(beside.sites, worker).toEqual(alone.sites);
  }
});

it('a file that is edited while a thread works has the details of what it says now', async () => {
  const edited = 'static int more(void)\n{\n\ta = alloc_percpu(char);\n\tb = alloc_percpu(long);\n\treturn 0;\n}\n';
  const { sites } = await resolved('detailsWorker.cjs', (index) => index.update('kernel/user99.c', indexedFacts(fileFacts(edited, catalogueFor(null)))));
  expect(sites.find(([file]) => file === 'kernel/user99.c')?.[1].map(({ type, size }) => [type, size.size])).toEqual([['char', 1], ['long', 8]]);
});
