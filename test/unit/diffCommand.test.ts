import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv from 'ajv-draft-04';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';
import type { DiffReport } from '../../server/src/protocol/diff';
import { bundledWorker, bundleFolder, gitFixture, type GitFixture } from '../gitFixture';

const bundles = bundleFolder();
let entries = { factsEntry: '', blobEntry: '', serverEntry: 'absent.cjs', processes: 1, version: '1.2.3' };
let repository: GitFixture;

const makefile = 'VERSION = 6\nPATCHLEVEL = 12\n';
const fork = (body: string): string => `struct mm { int *counters; };\nstatic int mm_init(struct mm *mm)\n{\n${body}\treturn 0;\n}\npid_t kernel_clone(void *args)\n{\n\treturn mm_init(args);\n}\n`;
const allocation = (type: string): string => `\tmm->counters = alloc_percpu(${type});\n\tif (!mm->counters)\n\t\treturn -1;\n`;

beforeAll(async () => {
  entries = { ...entries, factsEntry: await bundledWorker('factsWorker', bundles), blobEntry: await bundledWorker('blobThread', bundles) };
}, 60_000);
beforeEach(() => {
  repository = gitFixture();
  repository.commit({ Makefile: makefile, 'kernel/fork.c': fork('') });
  repository.git('tag', 'before');
  return () => repository.remove();
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await runCommandLine(['diff', ...args, '--no-cache'], io, entries);
  return { code, out, err };
}

async function report(...args: string[]): Promise<DiffReport> {
  const { out, err } = await run(...args, '--format', 'json');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as DiffReport;
}

const added = [{ change: 'added', after: { function: 'mm_init', size: 8, frequency_class: ['fork-exec'], footprint: 2048 }, footprint_difference: 2048 }];

describe('what a change costs', () => {
  it('is the same between two commits, a commit and the work tree, and two folders', async () => {
    const commit = repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    expect((await report(`before..${commit}`, repository.folder)).changes).toMatchObject(added);
    const work = gitFixture();
    work.commit({ Makefile: makefile, 'kernel/fork.c': fork('') });
    work.write({ 'kernel/fork.c': fork(allocation('long')) });
    for (const range of ['HEAD..', 'HEAD']) expect((await report(range, work.folder)).changes).toMatchObject(added);
    const before = path.join(bundles, 'before');
    mkdirSync(path.join(before, 'kernel'), { recursive: true });
    writeFileSync(path.join(before, 'kernel/fork.c'), fork(''));
    expect((await report(before, repository.folder)).changes).toMatchObject(added);
    expect((await report(`${before}..${repository.folder}`)).changes).toMatchObject(added);
    work.remove();
  });

  it('leaves what the work tree holds as it is, and out of the difference of commits', async () => {
    const commit = repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    repository.write({ 'kernel/fork.c': 'int edited;\n', 'kernel/new.c': fork(allocation('int')) });
    const status = repository.git('status', '--porcelain');
    expect((await report(`before..${commit}`, repository.folder)).changes).toMatchObject(added);
    expect(repository.git('status', '--porcelain')).toBe(status);
  });

  it('counts from where two branches parted with three dots', async () => {
    repository.git('checkout', '-q', '-b', 'topic');
    repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    repository.git('checkout', '-q', 'master');
    repository.commit({ 'kernel/other.c': fork(allocation('int')).replaceAll('mm_init', 'other_init') });
    expect((await report('master...topic', repository.folder)).changes).toMatchObject(added);
    expect((await report('master..topic', repository.folder)).changes).toHaveLength(2);
  });

  it('follows a rename, and a header that alone was edited', async () => {
    const site = { Makefile: makefile, 'kernel/fork.c': `#include "s.h"\n${fork(allocation('struct s'))}`, 'kernel/s.h': 'struct s { int a; };\n' };
    const one = repository.commit(site);
    const moved = repository.commit({ 'kernel/fork.c': null, 'kernel/clone.c': site['kernel/fork.c'] });
    expect(await report(`${one}..${moved}`, repository.folder)).toMatchObject({ changes: [], moved: 1 });
    const grown = repository.commit({ 'kernel/s.h': 'struct s { long a[3]; };\n' });
    expect((await report(`${moved}..${grown}`, repository.folder)).changes).toMatchObject([{ aspects: ['size'], before: { size: 4 }, after: { size: 24 } }]);
  });

  it('takes the version that each commit has', async () => {
    repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    const commit = repository.commit({ Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n' });
    expect(await report(`before..${commit}`, repository.folder)).toMatchObject({ before: { kernel: '6.12' }, after: { kernel: '6.1' } });
  });
});

describe('limits', () => {
  it('end with 1 and say which is broken, from the command line and from percpu.toml', async () => {
    repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    const over = await run('before..HEAD', repository.folder, '--fail-on', 'fork-exec: +1 KiB', '--fail-on', 'netns: +0 B');
    expect(over).toMatchObject({ code: 1, err: 'over the limit: fork-exec: +2 KiB, the limit is +1 KiB\n' });
    expect(over.out).toContain('mm_init');
    expect((await run('before..HEAD', repository.folder, '--fail-on', 'fork-exec: +2 KiB')).code).toBe(0);
    repository.write({ 'percpu.toml': '[limits]\nfork-exec = "+0 sites"\n' });
    expect(await run('before..HEAD', repository.folder)).toMatchObject({ code: 1, err: 'over the limit: fork-exec: +1 site, the limit is +0 sites\n' });
  });
});

describe('formats', () => {
  it('Markdown has one table and no line over 72 columns, in ASCII', async () => {
    const name = 'a_function_whose_name_is_so_long_that_a_line_with_it_alone_is_full_of_it';
    repository.commit({ 'kernel/fork.c': fork(allocation('long')), 'drivers/a/folder/far/down/in/the/tree/that/goes/on/and/on/file.c': fork(allocation('int')).replaceAll('mm_init', name) });
    const { out } = await run('before..HEAD', repository.folder, '--format', 'markdown');
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72);
    expect(out).toMatch(/^[\x20-\x7e\n]+$/);
    expect(out.match(/^\|-/gm)).toHaveLength(1);
    expect(out).toContain('`mm_init` adds `alloc_percpu`');
  });

  it('Markdown leaves the sums on all CPUs to their difference where the table would be wider', async () => {
    const module = (type: string): string => `struct mm { int *counters; };\nstatic int t_init(struct mm *mm)\n{\n${allocation(type)}\treturn 0;\n}\nmodule_init(t_init);\n`;
    const one = repository.commit({ 'drivers/t.c': module('char[59193]') });
    repository.commit({ 'drivers/t.c': module('char[29999]') });
    const { out } = await run(`${one}..HEAD`, repository.folder, '--format', 'markdown');
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72);
    expect(out).toMatch(/^\| module-load \| \+0 -0 ~1 \| 57\.8 KiB -> 29\.3 KiB \| -7\.1 MiB +\|$/m);
  });

  it('a set-up function in a file of its own is triggered as the module that calls it', async () => {
    const setup = (type: string): string => `struct mm { int *counters; };\nint __init thing_setup_init(struct mm *mm)\n{\n${allocation(type)}\treturn 0;\n}\n`;
    const main = 'static int __init thing_main(void)\n{\n\treturn thing_setup_init(0);\n}\nmodule_init(thing_main);\n';
    const one = repository.commit({ 'drivers/t/setup.c': setup('int'), 'drivers/t/main.c': main });
    repository.commit({ 'drivers/t/setup.c': setup('long') });
    expect((await report(`${one}..HEAD`, repository.folder)).changes).toMatchObject([
      { before: { frequency_class: ['module-load'] }, after: { frequency_class: ['module-load'] } },
    ]);
  });

  it('SARIF is valid by the schema, with the baseline state of every site and the limits that broke', async () => {
    const one = repository.commit({ 'kernel/fork.c': fork(allocation('long')), 'kernel/a b.c': fork(allocation('int')).replaceAll('mm_init', 'b_init') });
    repository.commit({ 'kernel/fork.c': fork(allocation('long[4]')), 'kernel/a b.c': null, 'kernel/c.c': fork(allocation('int')).replaceAll('mm_init', 'c_create').replace('counters =', 'other =') });
    const { out, code } = await run(`${one}..HEAD`, repository.folder, '--format', 'sarif', '--fail-on', 'total: +1 B');
    const log = JSON.parse(out) as { runs: { results: { baselineState?: string; ruleId: string }[] }[] };
    const schema = createRequire(import.meta.url).resolve('@microsoft/jest-sarif').replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json');
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(log.runs[0]?.results.map(({ baselineState, ruleId }) => baselineState ?? ruleId).sort()).toEqual(['absent', 'new', 'percpu-limit', 'updated']);
    expect(code).toBe(1);
  });

  it('text says that nothing changed', async () => {
    const { out, code } = await run('before..HEAD', repository.folder);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const one = repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    expect((await run(`${one}..HEAD`, repository.folder)).out).toContain('No percpu site was added, removed or changed');
  });
});

describe('bad input ends with 2 and one line', () => {
  it.each([
    [[], /what is to be compared\? write A\.\.B \[ROOT\]/],
    [['v9..HEAD', '.'], /^percpu-lens diff: v9: no such commit, branch or tag in /],
    [['HEAD..v9', '.'], /v9: no such commit/],
    [['--fail-on', 'nonsense', 'HEAD'], /nonsense.*is no frequency class/],
    [['HEAD..', 'no-folder'], /no-folder: no such folder/],
    [['HEAD', '.', 'more'], /more: one thing too many/],
    [['HEAD', '/'], /not in a git repository/],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(...args.map((arg) => (arg === '.' ? repository.folder : arg)));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('trees without kernel code', async () => {
    const [one, other] = ['x', 'y'].map((name) => path.join(bundles, name));
    for (const folder of [one, other]) {
      mkdirSync(folder ?? '', { recursive: true });
      writeFileSync(path.join(folder ?? '', 'notes.txt'), 'nothing\n');
    }
    expect(await run(one ?? '', other ?? '')).toMatchObject({ code: 2, err: expect.stringContaining('no .c or .h files: this is no kernel code') as unknown });
    writeFileSync(path.join(one ?? '', 'a.c'), 'int x;\n');
    writeFileSync(path.join(other ?? '', 'a.c'), 'int y;\n');
    expect(await run(one ?? '', other ?? '')).toMatchObject({ code: 2, err: expect.stringContaining('uses percpu memory: this is no kernel code') as unknown });
  });

  it('a changed file that is no C text', async () => {
    repository.commit({ 'kernel/fork.c': fork(allocation('long')) });
    repository.git('tag', 'good');
    repository.commit({ 'kernel/fork.c': `${fork(allocation('long'))}/* never closed\n` });
    expect(await run('good..HEAD', repository.folder)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/HEAD: kernel\/fork\.c: comment is never closed/) as unknown });
  });
});
