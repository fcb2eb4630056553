/**
 * `npm run bench -- --tree FOLDER [--rounds N] [--edits N] [--smoke] [--out FILE]`: the product's commands and the editor's
 * waiting times beside other tools on one tree, all in one run, medians of N rounds in turn. Prints a table, writes all
 * figures as JSON and compares the ratios with those of the last run. The tree is copied, since files in it are edited.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ours, peers, type Timed } from './commands';
import { measureEditing, type Editing } from './editing';
import { median, run, type Run } from './measuring';

interface Row {
  readonly name: string;
  readonly asked: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number | null;
  readonly beside: string | null;
  /** Of medians of wall time. */
  readonly ratio: number | null;
  readonly cpuRatio: number | null;
  readonly bar: number | null;
}

interface Result {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly editing: Editing | null;
}

const { values } = parseArgs({
  options: { tree: { type: 'string' }, rounds: { type: 'string' }, edits: { type: 'string' }, out: { type: 'string' }, scratch: { type: 'string' }, smoke: { type: 'boolean' } },
});
const isSmoke = values.smoke === true;
const repository = process.cwd();
const scratch = path.resolve(values.scratch ?? path.join(os.tmpdir(), 'percpu-lens-bench'));
const out = path.resolve(values.out ?? path.join(repository, 'node_modules/.cache/bench.json'));
const rounds = isSmoke ? 1 : Number(values.rounds ?? 5);

function copiedTree(): string {
  const source = values.tree ?? path.join(repository, 'samples/workspace');
  const tree = path.join(scratch, `tree-${path.basename(source)}`);
  if (!existsSync(tree)) cpSync(source, tree, { recursive: true, verbatimSymlinks: true });
  return tree;
}

/** Adds a line to twenty files, which are spread over the tree. */
function editor(tree: string): () => void {
  const files = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.c')).sort();
  let round = 0;
  return () => {
    round++;
    for (let index = 0; index < 20; index++) {
      const file = path.join(tree, files[Math.floor((index * files.length) / 20)] ?? '');
      writeFileSync(file, `${readFileSync(file, 'utf8')}/* ${round} */\n`);
    }
  };
}

async function measure(tasks: readonly Timed[]): Promise<readonly Row[]> {
  const runs = new Map<string, Run[]>(tasks.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const task of tasks) {
      task.before?.();
      process.stderr.write(`\r\u001b[Kround ${round + 1}: ${task.name}`);
      runs.get(task.name)?.push(await run(task.command));
    }
  }
  const memory = new Map<string, number | null>();
  for (const task of tasks.filter(({ name }) => name.startsWith('report') || name === 'sites')) {
    task.before?.();
    memory.set(task.name, (await run(task.command, true)).residentBytes);
  }
  process.stderr.write('\r\u001b[K');
  const of = (name: string | null, what: 'wallSeconds' | 'cpuSeconds'): number => median((runs.get(name ?? '') ?? []).map((one) => one[what]));
  return tasks.map(({ name, asked, beside, bar }) => ({
    name, asked, beside, bar,
    wallSeconds: of(name, 'wallSeconds'),
    cpuSeconds: of(name, 'cpuSeconds'),
    residentBytes: memory.get(name) ?? null,
    ratio: beside === null || !runs.has(beside) ? null : of(name, 'wallSeconds') / of(beside, 'wallSeconds'),
    cpuRatio: beside === null || !runs.has(beside) ? null : of(name, 'cpuSeconds') / of(beside, 'cpuSeconds'),
  }));
}

function table({ rows, editing }: Result): string {
  const head = '| what | wall s | CPU s | wall ratio | CPU ratio | beside | bar | MB |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n';
  const lines = rows.map((row) =>
    `| ${row.name} | ${row.wallSeconds.toFixed(2)} | ${row.cpuSeconds.toFixed(2)} | ${shown(row.ratio)} | ${shown(row.cpuRatio)} | ${row.beside ?? ''} | ${row.bar === null ? '' : `≤ ${row.bar}`} | ${row.residentBytes === null ? '' : Math.round(row.residentBytes / 1e6)} |\n`);
  return `${head}${lines.join('')}${editing === null ? '' : `${JSON.stringify(editing, null, 1)}\n`}`;
}

function shown(value: number | null): string {
  return value === null ? '' : value.toFixed(2);
}

/** Ratios that changed by more than a tenth since the last run. */
function changes(before: Result, after: Result): string {
  return after.rows.flatMap(({ name, ratio }) => {
    const earlier = before.rows.find((row) => row.name === name)?.ratio ?? null;
    if (ratio === null || earlier === null || Math.abs(ratio / earlier - 1) < 0.1) return [];
    return [`${name}: ${earlier.toFixed(2)} → ${ratio.toFixed(2)}\n`];
  }).join('');
}

async function main(): Promise<void> {
  mkdirSync(scratch, { recursive: true });
  const tree = copiedTree();
  const places = { tree, scratch, cli: path.join(repository, 'dist/cli.cjs') };
  const rows = await measure([...peers(places), ...ours(places, editor(tree))]);
  const file = existsSync(path.join(tree, 'kernel/sched/core.c')) ? 'kernel/sched/core.c' : 'kernel/fork.c';
  const editing = await measureEditing({
    tree, scratch, file, serverEntry: path.join(repository, 'dist/server.cjs'), samples: isSmoke ? 5 : 100, edits: isSmoke ? 10 : Number(values.edits ?? 10_000),
  });
  const cpus = os.cpus();
  const result: Result = { date: new Date().toISOString(), machine: `${cpus[0]?.model ?? 'unknown'}, ${cpus.length} CPUs`, node: process.version, rounds, rows, editing };
  process.stdout.write(table(result));
  if (existsSync(out)) process.stdout.write(changes(JSON.parse(readFileSync(out, 'utf8')) as Result, result));
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(result, null, 1)}\n`);
  process.stdout.write(`All figures: ${out}\n`);
}

await main();
