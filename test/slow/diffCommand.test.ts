import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readOperands } from '../../server/src/cli/diffOperands';
import { runCommandLine } from '../../server/src/cli/main';
import type { DiffReport } from '../../server/src/protocol/diff';
import { bundledWorker, bundleFolder, gitFixture, type GitFixture } from '../gitFixture';

const bundles = bundleFolder();
let entries = { factsEntry: '', blobEntry: '', serverEntry: 'absent.cjs', processes: 1, version: '1.2.3' };
/** One repository with a tag for every state that a test asks for: what was resolved of one is kept for the next. */
let repository: GitFixture;

const makefile = 'VERSION = 6\nPATCHLEVEL = 12\n';
const fork = (body: string): string => `struct mm { int *counters; };\nstatic int mm_init(struct mm *mm)\n{\n${body}\treturn 0;\n}\npid_t kernel_clone(void *args)\n{\n\treturn mm_init(args);\n}\n`;
const allocation = (type: string): string => `\tmm->counters = alloc_percpu(${type});\n\tif (!mm->counters)\n\t\treturn -1;\n`;

beforeAll(async () => {
  vi.stubEnv('XDG_CACHE_HOME', path.join(bundles, 'cache'));
  entries = { ...entries, factsEntry: await bundledWorker('factsWorker', bundles), blobEntry: await bundledWorker('blobThread', bundles) };
  repository = gitFixture();
  state('before', { Makefile: makefile, 'kernel/fork.c': fork('') });
  state('long', { 'kernel/fork.c': fork(allocation('long')) });
}, 60_000);
afterAll(() => {
  repository.remove();
  rmSync(bundles, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** A commit after the one that is checked out, by a name. */
function state(tag: string, files: Readonly<Record<string, string | null>>): void {
  repository.commit(files);
  repository.git('tag', tag);
}

/** Commits states after another one, and comes back. */
function statesAfter(start: string, states: readonly (readonly [string, Readonly<Record<string, string | null>>])[]): void {
  repository.git('checkout', '-q', '--detach', start);
  for (const [tag, files] of states) state(tag, files);
  repository.git('checkout', '-q', 'master');
}

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await runCommandLine(['diff', ...args], io, entries);
  return { code, out, err };
}

async function report(...args: string[]): Promise<DiffReport> {
  const { out, err } = await run(...args, '--format', 'json');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as DiffReport;
}

const added = [{ change: 'added', after: { function: 'mm_init', size: 8, frequency_class: ['fork-exec'], footprint: 2048 }, footprint_difference: 2048 }];

describe('what is compared', () => {
  const refs = { kind: 'refs', fromMergeBase: false, root: null };
  it.each([
    [['A..B'], { ...refs, before: 'A', after: 'B' }],
    [['A..'], { ...refs, before: 'A', after: null }],
    [['A'], { ...refs, before: 'A', after: null }],
    [['..B'], { ...refs, before: 'HEAD', after: 'B' }],
    [['A...B'], { ...refs, before: 'A', after: 'B', fromMergeBase: true }],
    [['A...'], { ...refs, before: 'A', after: 'HEAD', fromMergeBase: true }],
    [['A..B', bundles], { ...refs, before: 'A', after: 'B', root: bundles }],
    [[bundles, bundles], { kind: 'folders', before: bundles, after: bundles }],
    [[`${bundles}..${bundles}/..`], { kind: 'folders', before: bundles, after: `${bundles}/..` }],
  ])('is read from %j', (positionals, operands) => {
    expect(readOperands(positionals, null)).toEqual(operands);
  });
});

describe('what a change costs', () => {
  it('is the same between two commits, kept or not, a commit and the work tree, and two folders', async () => {
    for (const cache of [['--no-cache'], []]) expect((await report('before..long', repository.folder, ...cache)).changes).toMatchObject(added);
    expect((await report('before..', repository.folder)).changes).toMatchObject(added);
    const folder = path.join(bundles, 'before');
    mkdirSync(path.join(folder, 'kernel'), { recursive: true });
    writeFileSync(path.join(folder, 'kernel/fork.c'), fork(''));
    expect((await report(folder, repository.folder)).changes).toMatchObject(added);
  });

  it('leaves what the work tree holds as it is, and out of the difference of commits', async () => {
    repository.write({ 'kernel/fork.c': 'int edited;\n', 'kernel/new.c': fork(allocation('int')) });
    const status = repository.git('status', '--porcelain');
    expect((await report('before..long', repository.folder)).changes).toMatchObject(added);
    expect(repository.git('status', '--porcelain')).toBe(status);
    repository.git('checkout', '-q', '.');
    rmSync(path.join(repository.folder, 'kernel/new.c'));
  });

  it('counts from where two branches parted with three dots', async () => {
    statesAfter('before', [['trunk', { 'kernel/other.c': fork(allocation('int')).replaceAll('mm_init', 'other_init') }]]);
    expect((await report('trunk...long', repository.folder)).changes).toMatchObject(added);
    expect((await report('trunk..long', repository.folder)).changes).toHaveLength(2);
  });

  it('follows a rename, and a header that alone was edited', async () => {
    const site = `#include "s.h"\n${fork(allocation('struct s'))}`;
    statesAfter('before', [
      ['one', { 'kernel/fork.c': site, 'kernel/s.h': 'struct s { int a; };\n' }],
      ['moved', { 'kernel/fork.c': null, 'kernel/clone.c': site }],
      ['grown', { 'kernel/s.h': 'struct s { long a[3]; };\n' }],
    ]);
    expect(await report('one..moved', repository.folder)).toMatchObject({ changes: [], moved: 1 });
    expect((await report('moved..grown', repository.folder)).changes).toMatchObject([{ aspects: ['size'], before: { size: 4 }, after: { size: 24 } }]);
  });

  it('takes the version that each commit has', async () => {
    statesAfter('long', [['old', { Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n' }]]);
    expect(await report('before..old', repository.folder)).toMatchObject({ before: { kernel: '6.12' }, after: { kernel: '6.1' } });
  });

  it('is triggered as the module that calls a set-up function in a file of its own', async () => {
    const setup = (type: string): string => `struct mm { int *counters; };\nint __init thing_setup_init(struct mm *mm)\n{\n${allocation(type)}\treturn 0;\n}\n`;
    const main = 'static int __init thing_main(void)\n{\n\treturn thing_setup_init(0);\n}\nmodule_init(thing_main);\n';
    statesAfter('before', [['setup', { 'drivers/t/setup.c': setup('int'), 'drivers/t/main.c': main }], ['setup-long', { 'drivers/t/setup.c': setup('long') }]]);
    expect((await report('setup..setup-long', repository.folder)).changes).toMatchObject([
      { before: { frequency_class: ['module-load'] }, after: { frequency_class: ['module-load'] } },
    ]);
  });
});

describe('limits', () => {
  it('end with 1 and say which is broken, from the command line and from percpu.toml', async () => {
    const over = await run('before..long', repository.folder, '--fail-on', 'fork-exec: +1 KiB', '--fail-on', 'netns: +0 B');
    expect(over).toMatchObject({ code: 1, err: 'over the limit: fork-exec: +2 KiB, the limit is +1 KiB\n' });
    expect(over.out).toContain('mm_init');
    expect((await run('before..long', repository.folder, '--fail-on', 'fork-exec: +2 KiB')).code).toBe(0);
    repository.write({ 'percpu.toml': '[limits]\nfork-exec = "+0 sites"\n' });
    expect(await run('before..long', repository.folder)).toMatchObject({ code: 1, err: 'over the limit: fork-exec: +1 site, the limit is +0 sites\n' });
    repository.write({ 'percpu.toml': null });
  });
});

describe('formats', () => {
  it.each([
    ['text', /^\+ +kernel\/fork\.c:4 +mm_init +alloc_percpu\(long\) +8 B +\+2 KiB/m],
    ['markdown', /^- `mm_init` adds `alloc_percpu`/m],
    ['sarif', /"baselineState": "new"/],
    ['json', /"footprint_difference": 2048/],
  ])('%s', async (format, expected) => {
    const { code, out, err } = await run('before..long', repository.folder, '--format', format);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(expected);
  });
});

describe('bad input ends with 2 and one line', () => {
  async function refused(args: readonly string[], message: RegExp): Promise<void> {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  }

  it.each([
    [[], /what is to be compared\? write A\.\.B \[ROOT\]/],
    [['', '.'], /what is to be compared\?/],
    [['v9..HEAD', '.'], /^percpu-lens diff: v9: no such commit, branch or tag in /],
    [['HEAD..v9', '.'], /v9: no such commit/],
    [['HEAD:Makefile..HEAD', '.'], /HEAD:Makefile: no such commit/],
    [['--fail-on', 'nonsense', 'HEAD'], /nonsense.*is no frequency class/],
    [['HEAD', '.', '--format', 'xml'], /--format xml: this command knows text, json, markdown, sarif/],
    [['HEAD..', 'no-folder'], /no-folder: no such folder/],
    [['HEAD', '.', 'more'], /more: one thing too many/],
    [['HEAD', '/'], /not in a git repository/],
  ])('%j', async (args, message) => {
    await refused(args.map((arg) => (arg === '.' ? repository.folder : arg)), message);
  });

  it('no git', async () => {
    const before = process.env['PATH'] ?? '';
    vi.stubEnv('PATH', '/nonexistent');
    await refused(['HEAD', repository.folder], /git was not found: .*install it, or compare two folders/);
    vi.stubEnv('PATH', before);
  });

  it('clones that lack something, and a repository without a work tree or a commit', async () => {
    const clone = (name: string, ...how: string[]): string => {
      const folder = path.join(bundles, name);
      repository.git('clone', '-q', ...how, `file://${repository.folder}`, folder);
      return folder;
    };
    repository.git('config', 'uploadpack.allowFilter', 'true');
    await refused(['HEAD~1..HEAD', clone('shallow', '--depth', '1')], /HEAD~1: no such commit, .*the clone is shallow: fetch it first/);
    await refused(['HEAD~1..HEAD', clone('partial', '--filter=blob:none', '--no-checkout'), '--no-cache'], /HEAD~1: kernel\/fork\.c: this partial clone lacks its blob: fetch it first/);
    const bare = clone('bare', '--bare');
    await refused(['HEAD', bare], /bare: a bare repository has no work tree; name two commits, A\.\.B/);
    expect((await run('HEAD~1..HEAD', bare)).code).toBe(0);
    const empty = path.join(bundles, 'empty');
    repository.git('init', '-q', empty);
    await refused(['HEAD', empty], /HEAD: no such commit/);
  });

  it('trees without kernel code', async () => {
    const folders = ['x', 'y'].map((name) => path.join(bundles, name));
    const write = (name: string, text: (index: number) => string): void => folders.forEach((folder, index) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, name), text(index));
    });
    write('notes.txt', () => 'nothing\n');
    await refused(folders, /no \.c or \.h files: this is no kernel code/);
    write('a.c', (index) => `int x${index};\n`);
    await refused(folders, /uses percpu memory: this is no kernel code/);
  });

  it('a changed file that cannot be read as C', async () => {
    statesAfter('long', [
      ['comment', { 'kernel/fork.c': `${fork(allocation('long'))}/* never closed\n` }],
      ['bracket', { 'kernel/fork.c': 'int f(struct t *t)\n{\n\tt->p = alloc_percpu(long;\n' }],
      ['binary', { 'kernel/fork.c': '\0\x01\x02 alloc_percpu(long)' }],
      ['merge', { 'kernel/fork.c': fork(`<<<<<<< HEAD\n${allocation('long')}=======\n${allocation('int')}>>>>>>> topic\n`) }],
    ]);
    for (const [tag, reason] of [['comment', 'comment is never closed'], ['bracket', 'bracket is never closed'], ['binary', 'is binary, not C text'], ['merge', 'conflict of a merge is not resolved']]) {
      await refused([`long..${tag ?? ''}`, repository.folder], new RegExp(`${tag ?? ''}: kernel/fork\\.c: ${reason ?? ''}; what is not read cannot be compared`));
    }
  });
});
