import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';
import type { DiffReport } from '../../server/src/protocol/diff';
import { bundledWorker, bundleFolder, gitFixture } from '../gitFixture';

const bundles = bundleFolder();
let entries = { factsEntry: '', blobEntry: '', serverEntry: 'absent.cjs', processes: 1, version: '1.2.3' };

const makefile = 'VERSION = 6\nPATCHLEVEL = 12\n';
const fork = (body: string): string => `struct mm { int *counters; };\nstatic int mm_init(struct mm *mm)\n{\n${body}\treturn 0;\n}\npid_t kernel_clone(void *args)\n{\n\treturn mm_init(args);\n}\n`;
const allocation = (type: string): string => `\tmm->counters = alloc_percpu(${type});\n\tif (!mm->counters)\n\t\treturn -1;\n`;

beforeAll(async () => {
  entries = { ...entries, factsEntry: await bundledWorker('factsWorker', bundles), blobEntry: await bundledWorker('blobThread', bundles) };
}, 60_000);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

async function report(...args: string[]): Promise<DiffReport> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  await runCommandLine(['diff', ...args, '--format', 'json'], io, entries);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as DiffReport;
}

describe('only what can differ is resolved again, and the answer is that of two whole trees', () => {
  const header = 'struct inner { int a; };\nstruct s { struct inner one; int b[N]; };\n';
  const base = {
    Makefile: makefile,
    'include/linux/n.h': '#define N 2\n',
    'kernel/s.h': `#include <linux/n.h>\n${header}`,
    'kernel/fork.c': `#include "s.h"\n${fork(allocation('struct s'))}`,
    'kernel/wrap.c': '#include "s.h"\nvoid *thing_alloc(size_t size)\n{\n\treturn __alloc_percpu(size, 8);\n}\n',
    'kernel/user.c': '#include "s.h"\nstatic int user_make(struct u *u)\n{\n\tu->p = thing_alloc(sizeof(struct s));\n\treturn 0;\n}\nmodule_init(user_make);\n',
    'mm/other.c': 'static int other_make(struct u *u)\n{\n\tu->q = alloc_percpu(long);\n\treturn 0;\n}\n',
    'kernel/pair.c': 'void pair_alloc(struct u *u, size_t size)\n{\n\tu->a = __alloc_percpu(size, 8);\n\tu->b = deep_alloc(u, size);\n}\n',
    'kernel/deep.c': '#include "s.h"\nvoid *deep_alloc(struct u *u, size_t size)\n{\n\tu->c = __alloc_percpu(sizeof(struct s), 8);\n\treturn __alloc_percpu(size, 8);\n}\n',
    'kernel/pairs.c': 'static int pairs_make(struct u *u)\n{\n\tpair_alloc(u, 16);\n\treturn 0;\n}\nmodule_init(pairs_make);\n',
    'kernel/late.c': '#include <linux/late.h>\nstruct late {\n\tint x;\n#ifdef LATE\n\tlong more[LATE];\n#endif\n};\nDEFINE_PER_CPU(struct late, late_one);\n',
    'kernel/bounds.c': 'int main(void)\n{\n\tDEFINE(NR_ROOMS, 3);\n\treturn 0;\n}\n',
    'kernel/typed.c': 'struct narrow { int a; };\nstruct wide { long a[4]; };\nstatic void before(void)\n{\n#define ROOM 4\n}\nstatic int typed_make(struct u *u)\n{\n\tstruct narrow *n;\n\n\tu->n = alloc_percpu(typeof(*n));\n\tu->r = __alloc_percpu(ROOM * 8, 8);\n\treturn 0;\n}\nstatic void after(void)\n{\n}\n',
    'kernel/slots.c': '#include <linux/n.h>\nint slots_init(struct mm *mm)\n{\n\tint i;\n\n\tfor (i = 0; i < N; i++)\n\t\tmm->slot[i] = alloc_percpu(long);\n\treturn 0;\n}\n',
    'kernel/slotted.c': 'int slots_init(struct mm *mm);\nint copy_process(struct mm *mm)\n{\n\tif (mm->flags)\n\t\treturn slots_init(mm);\n\treturn 0;\n}\n',
    'kernel/rooms.c': '#include <generated/bounds.h>\nstruct rooms { long room[NR_ROOMS]; };\nDEFINE_PER_CPU(struct rooms, rooms_one);\n',
  };
  // With links that differ, all is resolved anew but what is known of sites.
  const linked = { 'mm/other.c': `${base['mm/other.c']}module_init(other_make);\n` };
  const typed = base['kernel/typed.c'];
  it.each<[string, Readonly<Record<string, string | null>>, number?]>([
    ['a comment in another function', { 'kernel/typed.c': typed.replace('before(void)\n{\n', 'before(void)\n{\n\t/* new */\n') }, 0],
    ['a variable in the function of a call', { 'kernel/typed.c': typed.replace('struct narrow *n', 'struct wide *n') }, 1],
    ['a macro that another function defines', { 'kernel/typed.c': typed.replace('ROOM 4', 'ROOM 6') }, 1],
    ['a constant that the build generates', { 'kernel/bounds.c': base['kernel/bounds.c'].replace('3', '5') }, 1],
    ['a number in a header far away', { 'include/linux/n.h': '#define N 8\n' }],
    ['a member of a structure inside', { 'kernel/s.h': base['kernel/s.h'].replace('int a;', 'long a[2];') }],
    ['a comment in a header', { 'kernel/s.h': `/* new */\n${base['kernel/s.h']}` }],
    ['the wrapper', { 'kernel/wrap.c': base['kernel/wrap.c'].replace('(size, 8)', '(size + 64, 8)') }],
    ['a wrapper that is none any more', { 'kernel/wrap.c': 'void *thing_alloc(size_t size)\n{\n\treturn 0;\n}\n' }],
    ['a header that came before another', { 'kernel/linux/n.h': '#define N 32\n', 'kernel/s.h': base['kernel/s.h'].replace('<linux/n.h>', '"linux/n.h"') }],
    ['a header that is gone', { 'include/linux/n.h': null }],
    ['who calls it', { 'mm/other.c': `${base['mm/other.c']}module_init(other_make);\n` }],
    ['a header that a wrapper of a wrapper includes, and links', { ...linked, 'include/linux/n.h': '#define N 8\n' }],
    ['a header that was missing, and links', { ...linked, 'include/linux/late.h': '#define LATE 7\n' }],
    ['a constant that the build generates, and links', { ...linked, 'kernel/bounds.c': base['kernel/bounds.c'].replace('3', '5') }],
    ['a comment in another function, and links', { ...linked, 'kernel/typed.c': typed.replace('before(void)\n{\n', 'before(void)\n{\n\t/* new */\n') }],
    ['a variable in the function of a call, and links', { ...linked, 'kernel/typed.c': typed.replace('struct narrow *n', 'struct wide *n') }],
    ['a macro that another function defines, and links', { ...linked, 'kernel/typed.c': typed.replace('ROOM 4', 'ROOM 6') }],
    ['the bound of a loop, and links', { ...linked, 'include/linux/n.h': '#define N 5\n' }],
    ['a condition on the way', { 'kernel/slotted.c': base['kernel/slotted.c'].replace('mm->flags', 'mm->flags && mm->users') }],
    ['a call that is no more', { 'kernel/slotted.c': base['kernel/slotted.c'].replace('return slots_init(mm)', 'return 1') }],
    ['a further call on the way', { 'kernel/slotted.c': base['kernel/slotted.c'].replace('return slots_init(mm);', '{\n\t\tslots_init(mm);\n\t\treturn slots_init(mm);\n\t}') }],
    ['a further site in a function', { 'kernel/typed.c': typed.replace('\treturn 0;', '\tu->m = alloc_percpu(struct wide);\n\treturn 0;') }, 1],
    ['a further site of a type that another allocates', { 'kernel/fork.c': `#include "s.h"\n${fork(`${allocation('struct s')}\tmm->more = alloc_percpu_gfp(struct s, GFP_ATOMIC);\n`)}` }, 1],
    ['a further site in a function with a type of its own', { 'kernel/fork.c': `#include "s.h"\n${fork(`\tstruct s { char own[3]; } *one;\n${allocation('struct s')}${allocation('struct s')}`)}` }],
    ['a further site of the type, and another of its kind', { 'kernel/fork.c': `#include "s.h"\n${fork(`${allocation('struct s')}${allocation('struct s')}`)}`, 'include/linux/n.h': '#define N 8\n' }],
    ['a file that comes to include another C file, and links', { ...linked, 'kernel/host.c': '#define LATE 3\n#include "late.c"\n' }],
    ['lines alone', { 'kernel/fork.c': `\n\n${base['kernel/fork.c']}` }],
  ])('%s', async (_, edit, changes) => {
    const [one, two] = [gitFixture(), gitFixture()];
    const cache = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-diff-'));
    const before = one.commit(base);
    const after = one.commit(edit);
    two.write({ ...base, ...Object.fromEntries(Object.entries(edit).filter(([, text]) => text !== null)) });
    for (const [file, text] of Object.entries(edit)) if (text === null) two.write({ [file]: null });
    one.git('checkout', '-q', before);
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const derived = await report(`${before}..${after}`, one.folder);
    const uncached = await report(`${before}..${after}`, one.folder, '--no-cache');
    const whole = await report(one.folder, two.folder, '--no-cache');
    const workTree = gitFixture();
    workTree.commit(base);
    workTree.write(edit);
    const edited = await report('HEAD..', workTree.folder);
    if (changes !== undefined) expect(whole.changes.length).toBe(changes);
    for (const { changes, totals, moved, objects } of [derived, uncached, edited]) expect({ changes, totals, moved, objects }).toEqual({ changes: whole.changes, totals: whole.totals, moved: whole.moved, objects: whole.objects });
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
    for (const fixture of [one, two, workTree]) fixture.remove();
  });
});

it('a series looked at commit by commit is as each of its commits resolved whole', async () => {
  const cache = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-series-'));
  const [one, two] = [gitFixture(), gitFixture()];
  const header = (members: string): string => `struct s { ${members} };\n`;
  const make = (type: string): string => `#include "s.h"\nstatic int make(struct u *u)\n{\n\tu->p = alloc_percpu(${type});\n\treturn 0;\n}\n`;
  const commits: readonly Readonly<Record<string, string>>[] = [
    { Makefile: makefile, 'kernel/s.h': header('int a;'), 'kernel/fork.c': `#include "s.h"\n${fork(allocation('struct s'))}`, 'mm/make.c': make('long').replace('"s.h"', '"../kernel/s.h"'), 'kernel/make.c': make('struct s') },
    { 'mm/make.c': `${make('long').replace('"s.h"', '"../kernel/s.h"')}module_init(make);\n` },
    { 'kernel/s.h': header('long a[3];') },
    { 'kernel/make.c': `${make('struct s')}module_init(make);\n`, 'kernel/s.h': header('long a[4];') },
    { 'kernel/make.c': `${make('struct s')}/* said */\nmodule_init(make);\n` },
    { 'kernel/fork.c': `#include "s.h"\n${fork(`${allocation('struct s')}${allocation('int')}`)}` },
    { 'kernel/s.h': header('char a;') },
  ];
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const asked = async (...args: string[]): Promise<Pick<DiffReport, 'changes' | 'totals' | 'objects'>> => {
    let out = '';
    await runCommandLine(['diff', ...args, '--format', 'json'], { out: (text) => void (out += text), err: () => undefined }, entries);
    const { changes, totals, objects } = JSON.parse(out) as DiffReport;
    return { changes, totals, objects };
  };
  try {
    const ids = commits.map((files) => one.commit(files));
    for (const [at, id] of ids.entries()) {
      if (at === 0) continue;
      one.git('checkout', '-q', ids[at - 1] ?? '');
      two.write(commits.slice(0, at + 1).reduce((all, files) => ({ ...all, ...files }), {}));
      const whole = await asked(one.folder, two.folder, '--no-cache');
      expect(await asked(`${ids[at - 1] ?? ''}..${id}`, one.folder), `commit ${at}`).toEqual(whole);
    }
  } finally {
    vi.unstubAllEnvs();
    for (const fixture of [one, two]) fixture.remove();
    rmSync(cache, { recursive: true, force: true });
  }
});

it('what is kept of a commit is of the program that resolved it: another version resolves it anew', async () => {
  const cache = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-states-'));
  const fixture = gitFixture();
  fixture.commit({ Makefile: makefile, 'kernel/fork.c': fork(allocation('long')) });
  fixture.commit({ 'kernel/fork.c': fork(allocation('int')) });
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const keptStates = (): number => readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((file) => /states.[0-9a-f]{40}$/.test(file)).length;
  const run = async (version: string): Promise<number> => {
    writeFileSync(path.join(bundles, 'baselineWorker.cjs'), version);
    await runCommandLine(['diff', 'HEAD~1..HEAD', fixture.folder], { out: () => undefined, err: () => undefined }, entries);
    return keptStates();
  };
  try {
    const first = await run('one');
    expect(first).toBeGreaterThan(0);
    expect(await run('one')).toBe(first);
    expect(await run('two')).toBe(2 * first);
  } finally {
    vi.unstubAllEnvs();
    fixture.remove();
    rmSync(cache, { recursive: true, force: true });
  }
});
