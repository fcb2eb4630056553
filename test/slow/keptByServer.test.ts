import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { kernelVersion, type KernelVersion } from '../../server/src/kernel/version';
import type { AnalysisReply, AnalysisRequest } from '../../server/src/workspace/analysisMessages';

const repository = path.resolve(import.meta.dirname, '../..');
const workers = path.join(repository, 'node_modules', '.cache', `kept-by-server-${process.pid}`);
let folder = '';

beforeAll(async () => {
  await build({
    absWorkingDir: repository, entryPoints: ['analysisWorker', 'factsWorker'].map((name) => `server/src/worker/${name}.ts`), outdir: workers, bundle: true,
    platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], outExtension: { '.js': '.cjs' }, logLevel: 'error',
  });
  // Files that were written to just now have stamps that say nothing: later they do.
  writeFileSync(path.join(workers, 'later.cjs'), 'const now = Date.now; Date.now = () => now() + 60000;\n');
});
afterAll(() => rmSync(workers, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const full = path.join(folder, 'tree', file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
}

interface Start {
  readonly kernel?: KernelVersion;
  /** A document as it is open, and not saved, while the tree is read. */
  readonly unsaved?: { readonly file: string; readonly text: string };
}

/** Bytes of each file's sites, as a server started now says. */
async function sizes({ kernel = kernelVersion(6, 12), unsaved }: Start = {}): Promise<Readonly<Record<string, readonly (number | null)[]>>> {
  const child = fork(path.join(workers, 'analysisWorker.cjs'), [], {
    serialization: 'advanced', execArgv: ['-r', path.join(workers, 'later.cjs')], env: { ...process.env, XDG_CACHE_HOME: path.join(folder, 'cache') },
  });
  const found: Record<string, readonly (number | null)[]> = {};
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (reply: AnalysisReply) => {
      if (reply.kind === 'sites') found[reply.file] = reply.sites.map(({ size }) => size.size);
      if (reply.kind === 'ready') resolve();
      if (reply.kind === 'failed') reject(new Error(reply.reason));
    });
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const send = (request: AnalysisRequest): void => void child.send(request);
  send({ kind: 'open', configuration: { root: path.join(folder, 'tree'), headers: null, arch: 'x86_64', kernel, kconfig: null, btf: null, extraApis: [], processes: 1, wholeTree: true, cache: true } });
  if (unsaved !== undefined) send({ kind: 'resolve', request: 1, ...unsaved });
  await ready;
  child.disconnect();
  await ended;
  return found;
}

it('what calls allocate in one version of the kernel is not kept for another', async () => {
  write('kernel/queue.c', 'int queue_start(struct queue *queue)\n{\n\tqueue->work = alloc_ordered_workqueue("queue", 0);\n\treturn 0;\n}\n');
  expect(await sizes({ kernel: kernelVersion(6, 1) })).toEqual({ 'kernel/queue.c': [0] });
  expect(await sizes({ kernel: kernelVersion(6, 12) })).toEqual({ 'kernel/queue.c': [8] });
});

it('what an unsaved header makes of a site is not kept', async () => {
  write('include/linux/plain.h', 'struct plain { char x; };\n');
  write('kernel/plain.c', '#include <linux/plain.h>\nDEFINE_PER_CPU(struct plain, plain_one);\n');
  expect(await sizes()).toEqual({ 'kernel/plain.c': [1] });
  write('include/linux/plain.h', 'struct plain { char x, y; };\n');
  await sizes({ unsaved: { file: 'include/linux/plain.h', text: 'struct plain { char x, y, z; };\n' } });
  expect(await sizes()).toEqual({ 'kernel/plain.c': [2] });
});
