/**
 * `npm run bench -- growth --tree FOLDER [--other FOLDER] [--rounds N]`: what a tree costs by its size, with all headers and a
 * quarter, a half and all of its C files; and two trees in one window beside each alone. CPU seconds of all processes,
 * medians of N rounds in turn: other work on the machine lengthens them less than it does wall time.
 */
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { startClient } from './languageClient';
import { median, residentBelow, residentOf, run, type Command } from './measuring';

const { values } = parseArgs({ options: { tree: { type: 'string' }, other: { type: 'string' }, rounds: { type: 'string' }, scratch: { type: 'string' } } });
const repository = process.cwd();
const tree = path.resolve(values.tree ?? path.join(repository, 'samples/workspace'));
// Hard links do not cross file systems.
const scratch = path.resolve(values.scratch ?? path.join(path.dirname(tree), '.percpu-lens-growth'));
const rounds = Number(values.rounds ?? 3);
const cli = path.join(repository, 'dist/cli.cjs');

interface Part {
  readonly name: string;
  readonly folder: string;
  /** Of .c and .h files. */
  readonly bytes: number;
}

/** Every file but C files, and every n-th of those. */
function partOf(everyNth: number): Part {
  const folder = path.join(scratch, `every-${everyNth}`);
  let bytes = 0;
  let at = 0;
  for (const file of readdirSync(tree, { recursive: true, encoding: 'utf8' }).sort()) {
    const stats = statSync(path.join(tree, file), { throwIfNoEntry: false });
    if (stats?.isFile() !== true || (file.endsWith('.c') && at++ % everyNth !== 0)) continue;
    if (/\.[ch]$/.test(file)) bytes += stats.size;
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    if (!existsSync(target)) linkSync(path.join(tree, file), target);
  }
  return { name: `1/${everyNth} of the C files`, folder, bytes };
}

interface Asked {
  readonly name: string;
  readonly args: readonly string[];
  readonly isCold?: true;
}

const questions: readonly Asked[] = [
  { name: 'sites', args: ['sites', '--format', 'jsonl', '--no-cache'] },
  { name: 'report, cold', args: ['report', '--format', 'csv'], isCold: true },
  { name: 'report, warm', args: ['report', '--format', 'csv'] },
  { name: 'report, another machine', args: ['report', '--format', 'csv', '--machine', 'server-512'] },
];

async function measureParts(parts: readonly Part[]): Promise<void> {
  const seconds = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const part of parts) {
      for (const { name, args, isCold } of questions) {
        const cache = path.join(scratch, 'cache');
        if (isCold === true) rmSync(cache, { recursive: true, force: true });
        const [command = '', ...rest] = args;
        const asked: Command = { program: process.execPath, args: [cli, command, part.folder, ...rest], environment: { XDG_CACHE_HOME: cache } };
        const key = `${part.name}: ${name}`;
        seconds.set(key, [...(seconds.get(key) ?? []), (await run(asked)).cpuSeconds]);
      }
    }
  }
  process.stdout.write(`| tree | MB | ${questions.map(({ name }) => name).join(' | ')} |\n| --- | --- |${questions.map(() => ' --- |').join('')}\n`);
  for (const part of parts) {
    const cells = questions.map(({ name }) => median(seconds.get(`${part.name}: ${name}`) ?? []).toFixed(2));
    process.stdout.write(`| ${part.name} | ${Math.round(part.bytes / 1e6)} | ${cells.join(' | ')} |\n`);
  }
}

/** Wall seconds until all folders of a window are analysed, nothing kept before, and resident memory then. */
async function window(folders: readonly [string, ...string[]]): Promise<void> {
  const cache = path.join(scratch, 'editor-cache');
  rmSync(cache, { recursive: true, force: true });
  const start = process.hrtime.bigint();
  const client = await startClient(path.join(repository, 'dist/server.cjs'), folders[0], { XDG_CACHE_HOME: cache }, folders.slice(1));
  try {
    for (const folder of folders) {
      const root = pathToFileURL(folder).href;
      const ready = client.notified((method, params) => {
        const { state, root: of } = params as { state?: string; root?: string | null };
        return method === 'percpuLens/status' && state === 'ready' && of === root;
      });
      await client.request('percpuLens/follow', { uri: `${root}/kernel/fork.c` });
      await ready;
    }
    const bytes = residentOf(client.pid) + residentBelow(client.pid);
    process.stdout.write(`${folders.map((folder) => path.basename(folder)).join(' and ')}: ${(Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)} s, ${Math.round(bytes / 1e6)} MB, the server ${Math.round(residentOf(client.pid) / 1e6)} MB\n`);
  } finally {
    client.stop();
  }
}

process.stdout.write(`${os.cpus()[0]?.model ?? 'unknown'}, ${os.cpus().length} CPUs, Node ${process.version}, medians of ${rounds}, CPU seconds\n`);
await measureParts([partOf(4), partOf(2), partOf(1)]);
if (values.other !== undefined) {
  const other = path.resolve(values.other);
  await window([tree]);
  await window([other]);
  await window([tree, other]);
}
rmSync(scratch, { recursive: true, force: true });
