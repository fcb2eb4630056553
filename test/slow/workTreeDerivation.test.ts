import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { userCacheFolder } from '../../server/src/workspace/cacheFolder';
import type { Derivation } from '../../server/src/workspace/compare/derivation';
import { commitSource } from '../../server/src/workspace/compare/sides';
import { workTreeDerivation } from '../../server/src/workspace/compare/workTreeDerivation';
import { openRepository } from '../../server/src/workspace/git/gitRepository';
import { kernelConfiguration } from '../../server/src/workspace/kernelConfiguration';
import { resolvedCacheOf } from '../../server/src/workspace/resolvedCache';
import { sourceTreeOf } from '../../server/src/workspace/sourceTreeOf';
import { bundledWorker, bundleFolder, gitFixture, type GitFixture } from '../gitFixture';

const bundles = bundleFolder();
let entries = { factsEntry: '', blobEntry: '', serverEntry: 'absent.cjs', processes: 1, version: '1.2.3' };
let repository: GitFixture;

const make = (type: string, before = ''): string => `${before}static int a_start(struct u *u)\n{\n\tu->p = alloc_percpu(${type});\n\treturn 0;\n}\nmodule_init(a_start);\n`;
const base = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
  'include/linux/a.h': 'struct a { long x[4]; };\n',
  'kernel/a.c': make('struct a', '#include <linux/a.h>\n'),
  'kernel/b.c': 'int b_make(struct u *u)\n{\n\treturn percpu_counter_init(&u->c, 0, GFP_KERNEL);\n}\npid_t kernel_clone(void *args)\n{\n\treturn b_make(args);\n}\n',
  'kernel/c.c': 'int nothing_here;\n',
};

beforeAll(async () => {
  for (const name of ['blobThread', 'detailsWorker', 'analysisWorker', 'baselineWorker']) await bundledWorker(name, bundles);
  entries = { ...entries, factsEntry: await bundledWorker('factsWorker', bundles), blobEntry: path.join(bundles, 'blobThread.cjs') };
}, 60_000);
afterEach(() => repository.remove());
afterAll(() => {
  rmSync(bundles, { recursive: true, force: true });
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function run(...args: string[]): Promise<string> {
  let out = '';
  let err = '';
  const code = await runCommandLine(args, { out: (text: string) => void (out += text), err: (text: string) => void (err += text) }, entries);
  if (code !== 0) throw new Error(err);
  return out;
}

/** What is read again for a commit, by what was resolved of the work tree; null: all. */
async function readAgain(commit: string): Promise<readonly string[] | null> {
  const derivation = await derivationOf(commit);
  return derivation === null ? null : [...derivation.changed].sort();
}

async function derivationOf(commit: string): Promise<Derivation | null> {
  const root = repository.folder;
  const source = await commitSource(await openRepository(root), commit, entries.blobEntry);
  const configuration = kernelConfiguration(root, null, 'x86_64');
  const catalogue = catalogueFor({ major: 6, minor: 12 });
  const kept = resolvedCacheOf(userCacheFolder(path.join(bundles, 'analysisWorker.cjs')), { root, headers: null, arch: 'x86_64', configuration, catalogue, btf: null });
  const tree = sourceTreeOf(source);
  const found = await workTreeDerivation(source, kept, (file) => tree.read(file));
  tree.close();
  return found?.derivation ?? null;
}

describe('a commit is derived from the work tree', () => {
  const edited = make('u64');
  const more = `${base['kernel/b.c']}int b_more(struct u *u)\n{\n\tu->m = alloc_percpu(int);\n\treturn 0;\n}\n`;
  it.each<[what: string, after: Readonly<Record<string, string | null>>, readAgain: readonly string[]]>([
    ['that has it checked out', {}, []],
    ['that was edited before it was resolved', { 'kernel/a.c': edited, 'include/linux/a.h': 'struct a { long x[9]; };\n' }, ['include/linux/a.h', 'kernel/a.c']],
    ['that has files which the commit lacks, and lacks some', { 'kernel/new.c': edited, 'kernel/b.c': null, 'include/linux/b.h': 'struct b { int x; };\n' }, ['include/linux/b.h', 'kernel/b.c', 'kernel/new.c']],
  ])('%s', async (_, work, expected) => {
    await resolvedWith(work);
    expect(await readAgain('HEAD')).toEqual(expected);
    await expectSameAnswers();
  });

  it.each<[what: string, work: Readonly<Record<string, string | null>>, later: Readonly<Record<string, string | null>>, readAgain: readonly string[]]>([
    ['that was edited since: what it held then is known by its content', {}, { 'kernel/b.c': more }, []],
    ['that was edited since, of a file that held none of our names', {}, { 'kernel/c.c': edited }, ['kernel/c.c']],
    ['that was edited before and since', { 'kernel/b.c': more }, { 'kernel/b.c': `${more}int b_last;\n` }, ['kernel/b.c']],
    ['that got a file of the commit back since', { 'kernel/b.c': null }, { 'kernel/b.c': base['kernel/b.c'] }, ['kernel/b.c']],
    ['that lost and got files since', {}, { 'kernel/b.c': null, 'kernel/c.c': null, 'kernel/new.c': edited }, ['kernel/c.c']],
    ['whose header was written to since', { 'include/linux/a.h': 'struct a { long x[9]; };\n' }, { 'include/linux/a.h': base['include/linux/a.h'] }, ['include/linux/a.h']],
  ])('%s', async (_, work, later, expected) => {
    await resolvedWith(work);
    repository.write(later);
    expect(await readAgain('HEAD')).toEqual(expected);
    await expectSameAnswers();
  });

  it('that lacks a file which git is told to skip', async () => {
    await resolvedWith({ 'kernel/b.c': null }, () => repository.git('update-index', '--skip-worktree', 'kernel/b.c'));
    expect(await readAgain('HEAD')).toEqual(['kernel/b.c']);
    await expectSameAnswers();
  });

  it('that has a header otherwise which git is told to take as unchanged', async () => {
    await resolvedWith({ 'include/linux/a.h': 'struct a { long x[9]; };\n' }, () => repository.git('update-index', '--assume-unchanged', 'include/linux/a.h'));
    expect(await readAgain('HEAD')).toEqual(['include/linux/a.h']);
    await expectSameAnswers();
  });

  it('whose files are written to meanwhile: what they held is not known any more then', async () => {
    await resolvedWith({ 'kernel/a.c': edited });
    const { readBefore } = (await derivationOf('HEAD')) ?? { readBefore: () => 'none' };
    expect(readBefore('kernel/a.c')).toBe(edited);
    repository.write({ 'kernel/a.c': `${edited}int more;\n` });
    expect(readBefore('kernel/a.c')).toBe('');
  });

  it('not where its Makefile differs, and not where nothing was resolved', async () => {
    await resolvedWith({ Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n' });
    expect(await readAgain('HEAD')).toBeNull();
    vi.stubEnv('XDG_CACHE_HOME', path.join(bundles, 'empty'));
    expect(await readAgain('HEAD')).toBeNull();
  });
});

/** The work tree of a commit, as edited, is resolved; what is written afterwards is later by the clock of the file system. */
async function resolvedWith(work: Readonly<Record<string, string | null>>, tell = (): unknown => undefined): Promise<void> {
  vi.useRealTimers();
  repository = gitFixture();
  vi.stubEnv('XDG_CACHE_HOME', path.join(bundles, `cache of ${path.basename(repository.folder)}`));
  repository.commit(base);
  repository.git('tag', 'one');
  repository.commit({ 'kernel/a.c': make('struct a[2]', '#include <linux/a.h>\n') });
  repository.git('tag', 'two');
  repository.git('checkout', '-q', 'one');
  tell();
  repository.write(work);
  // Files that were written to just now are not vouched for by their stamps.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  await run('report', repository.folder);
}

async function expectSameAnswers(): Promise<void> {
  const [derived, whole] = [await run('diff', 'one..two', repository.folder, '--format', 'json'), await run('diff', 'one..two', repository.folder, '--format', 'json', '--no-cache')];
  expect(JSON.parse(derived)).toEqual(JSON.parse(whole));
  expect(JSON.parse(derived)).toMatchObject({ changes: [{ after: { function: 'a_start', size: 64 } }] });
  // What was derived is what later comparisons begin with.
  expect(JSON.parse(await run('diff', 'two..one', repository.folder, '--format', 'json'))).toEqual(JSON.parse(await run('diff', 'two..one', repository.folder, '--format', 'json', '--no-cache')));
}
