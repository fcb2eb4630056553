import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';

const repository = path.resolve(import.meta.dirname, '../..');
const factsEntry = path.join(repository, 'node_modules', '.cache', `facts-worker-sites-${process.pid}.cjs`);
let folder = '';

const files: Readonly<Record<string, string>> = {
  'drivers/pool/pool.c': `
static void *part_alloc(size_t bytes)
{
	return __alloc_percpu(bytes, 8);
}

int pool_init(struct pool *pool, gfp_t flags)
{
	pool->first = part_alloc(sizeof(long));
	return percpu_counter_init(&pool->used, 0, flags);
}
`,
  'drivers/pool/user.c': `
int user_open(struct user *user)
{
	return pool_open(&user->pool, GFP_KERNEL);
}
`,
  'drivers/pool/open.c': `
int pool_open(struct pool *pool, gfp_t flags)
{
	return pool_init(pool, flags);
}
`,
  'net/own.c': `
static void *part_alloc(size_t bytes)
{
	return kmalloc(bytes, GFP_KERNEL);
}

int own(void)
{
	return part_alloc(8) == NULL;
}
`,
  'net/core.c': `
int core_open(struct core *core)
{
	return pool_init(&core->pool, GFP_ATOMIC);
}
`,
};

beforeAll(async () => {
  await build({
    absWorkingDir: repository, entryPoints: ['server/src/worker/factsWorker.ts'], outfile: factsEntry, bundle: true,
    platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error',
  });
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-sites-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
});
afterAll(() => {
  rmSync(factsEntry, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

interface Row {
  readonly api: string;
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly family: string;
  readonly via: readonly string[];
}

async function run(...args: string[]): Promise<string> {
  let out = '';
  const io = { out: (text: string) => void (out += text), err: () => undefined };
  const code = await runCommandLine(args, io, { factsEntry, blobEntry: 'absent.cjs', serverEntry: 'absent.cjs', processes: 1, version: '1.2.3' });
  expect(code).toBe(0);
  return out;
}

async function sites(...args: string[]): Promise<readonly string[]> {
  const out = await run('sites', folder, '--format', 'jsonl', ...args);
  return out.trimEnd().split('\n').map((line) => inOneLine(JSON.parse(line) as Row));
}

function inOneLine(row: Row): string {
  return `${row.file}:${row.line} ${row.function} ${row.family} ${[...row.via, ...(row.via.length === 0 ? [row.api] : [])].join(' > ')}`;
}

describe('sites', () => {
  it('are calls of the catalogue, and of wrappers across files, with the way to the allocation', async () => {
    expect(await sites()).toEqual([
      'drivers/pool/open.c:4 pool_open counter pool_init > percpu_counter_init',
      'drivers/pool/pool.c:4 part_alloc dyn __alloc_percpu',
      'drivers/pool/pool.c:9 pool_init dyn part_alloc > __alloc_percpu',
      'drivers/pool/pool.c:10 pool_init counter percpu_counter_init',
      'drivers/pool/user.c:4 user_open counter pool_open > pool_init > percpu_counter_init',
      'net/core.c:4 core_open counter pool_init > percpu_counter_init',
    ]);
  });

  it('are those of the report', async () => {
    const report = JSON.parse(await run('report', folder, '--format', 'json', '--no-cache')) as { readonly sites: readonly Row[] };
    expect(report.sites.map(inOneLine)).toEqual(await sites());
  });

  it('are those of the families asked for, behind wrappers too', async () => {
    expect(await sites('--family', 'dyn')).toEqual([
      'drivers/pool/pool.c:4 part_alloc dyn __alloc_percpu',
      'drivers/pool/pool.c:9 pool_init dyn part_alloc > __alloc_percpu',
    ]);
  });
});
