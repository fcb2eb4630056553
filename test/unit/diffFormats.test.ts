import { describe, expect, it } from 'vitest';
import { diffMarkdown } from '../../server/src/cli/diffMarkdown';
import { diffSarif } from '../../server/src/cli/diffSarif';
import { diffText } from '../../server/src/cli/diffText';
import { treeDifference } from '../../server/src/features/diff/treeDifference';
import { parseLimit } from '../../server/src/profile/limit';
import type { DiffReport } from '../../server/src/protocol/diff';
import { sarifErrors } from '../sarifSchema';
import { snapshotOfTexts } from './memoryWorkspace';

type Texts = Readonly<Record<string, string>>;

function difference(before: Texts, after: Texts, limit?: string): DiffReport {
  const tree = (name: string, texts: Texts) => ({ name, snapshot: snapshotOfTexts(texts) });
  const read = limit === undefined ? [] : [parseLimit(limit)].flatMap((each) => ('fault' in each ? [] : [each.value]));
  return treeDifference(tree('before', before), tree('HEAD', after), { limits: read, renamed: new Map(), notes: [], readAfter: (file) => after[file] });
}

const fork = (body: string): string => `struct mm { int *counters; };\nstatic int mm_init(struct mm *mm)\n{\n${body}\treturn 0;\n}\npid_t kernel_clone(void *args)\n{\n\treturn mm_init(args);\n}\n`;
const allocation = (type: string): string => `\tmm->counters = alloc_percpu(${type});\n\tif (!mm->counters)\n\t\treturn -1;\n`;
const before = { 'kernel/fork.c': fork('') };

/** A tree of sites of all sorts, with names as long as the kernel has them and longer. */
const many = (type: string, flags: string): Texts => {
  const site = (at: number): string => `struct thing_${at} { ${type} a; long b[${at}]; };\nstatic int a_function_with_a_rather_long_name_${at}(struct owner *owner)\n{\n\towner->a_member_of_some_length_${at} = alloc_percpu_gfp(struct thing_${at}, ${flags});\n\treturn 0;\n}\nmodule_init(a_function_with_a_rather_long_name_${at});\n`;
  return Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`drivers/net/ethernet/some_vendor/some_device/core/steering/file_${at}.c`, site(at)]));
};

describe('Markdown', () => {
  it('has one table and no line over 72 columns, in ASCII', () => {
    const name = 'a_function_whose_name_is_so_long_that_a_line_with_it_alone_is_full_of_it';
    const report = difference(before, { 'kernel/fork.c': fork(allocation('long')), 'drivers/a/folder/far/down/in/the/tree/that/goes/on/and/on/file.c': fork(allocation('int')).replaceAll('mm_init', name) });
    const out = diffMarkdown(report);
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72);
    expect(out).toMatch(/^[\x20-\x7e\n]+$/);
    expect(out.match(/^\|-/gm)).toHaveLength(1);
    expect(out).toContain('`mm_init` adds `alloc_percpu`');
  });

  it('leaves the sums on all CPUs to their difference where the table would be wider', () => {
    const module = (type: string): string => `struct mm { int *counters; };\nstatic int t_init(struct mm *mm)\n{\n${allocation(type)}\treturn 0;\n}\nmodule_init(t_init);\n`;
    const out = diffMarkdown(difference({ 'drivers/t.c': module('char[59193]') }, { 'drivers/t.c': module('char[29999]') }));
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72);
    expect(out).toMatch(/^\| module-load \| \+0 -0 ~1 \| 57\.8 KiB -> 29\.3 KiB \| -7\.1 MiB +\|$/m);
  });
});

describe('SARIF', () => {
  it('is valid by the schema, with the baseline state of every site and the limits that broke', () => {
    const one = { 'kernel/fork.c': fork(allocation('long')), 'kernel/a b.c': fork(allocation('int')).replaceAll('mm_init', 'b_init') };
    const other = { 'kernel/fork.c': fork(allocation('long[4]')), 'kernel/c.c': fork(allocation('int')).replaceAll('mm_init', 'c_create').replace('counters =', 'other =') };
    const log = JSON.parse(diffSarif(difference(one, other, 'total: +1 B'), '/a tree/', '1.2.3')) as { runs: { results: { baselineState?: string; ruleId: string }[] }[] };
    expect(sarifErrors(log)).toEqual([]);
    expect(log.runs[0]?.results.map(({ baselineState, ruleId }) => baselineState ?? ruleId).sort()).toEqual(['absent', 'new', 'percpu-limit', 'updated']);
  });
});

describe('text', () => {
  it('says that nothing changed', () => {
    const same = { 'kernel/fork.c': fork(allocation('long')) };
    expect(diffText(difference(same, same), 80)).toContain('No percpu site was added, removed or changed');
  });

  it('is a table where the terminal has room for it, and no line is wider where it has not', () => {
    const report = difference(many('int', 'GFP_KERNEL'), many('char', 'GFP_KERNEL | __GFP_NOWARN'));
    const wide = diffText(report, null);
    expect(wide).toMatch(/^~ {2}drivers\/\S+file_1\.c:4 +a_function_with_a_rather_long_name_1 +alloc_percpu_gfp\(struct thing_1\) .* gfp GFP_KERNEL → GFP_KERNEL \| __GFP_NOWARN$/m);
    for (const columns of [60, 80, 120]) {
      const text = diffText(report, columns);
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
      expect(text.replace(/\s+/g, ' ')).toContain('Uncalibrated: order of magnitude.');
      const words = (one: string): readonly string[] => one.replace(/\s+/g, '').match(/a_function_with_a_rather_long_name_\d+/g) ?? [];
      expect(words(text)).toEqual(words(wide));
    }
  });
});

describe('the turns of a loop', () => {
  it('are said where bytes and times are of several', () => {
    const text = (body: string): Texts => ({ 'mm/a.c': `int room_init(struct room *room)\n{\n\tint err, i;\n\n${body}\treturn err;\n}\nmodule_init(room_init);\n` });
    const loop = text('\tfor (i = 0; i < 3; i++)\n\t\terr = percpu_counter_init(&room->stat[i], 0, GFP_KERNEL);\n');
    const call = text('\terr = percpu_counter_init_many(room->stat, 0, GFP_KERNEL, 3);\n');
    expect(diffText(difference(loop, call), null)).toMatch(/^~ .*percpu_counter_init → percpu_counter_init_many\(room->stat\) +12 B +±0 .* 3 turns of a loop → 1 call$/m);
    expect(diffMarkdown(difference(loop, call)).replace(/\s+/g, ' ')).toContain('3 turns of a loop -> 1 call');
    expect(diffText(difference({}, loop), null)).toMatch(/^\+ .*12 B +\+3 KiB .* 3 turns of a loop$/m);
    expect(diffText(difference({}, call), null)).not.toContain('turns of a loop');
  });
});

describe('calls of one API that all changed in the same way', () => {
  const queue = (at: number): string => `static int init_${at}(struct d *d)\n{\n\td->wq = alloc_workqueue("q_${at}", 0, 1);\n\treturn 0;\n}\nmodule_init(init_${at});\n`;
  const tree = (count: number): Texts => ({
    'kernel/workqueue.c': 'struct pool_workqueue { char c[256]; };\n', ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`drivers/f${at}.c`, queue(at)])),
  });
  const compared = (count: number): DiffReport => {
    const side = (minor: number) => ({ name: `6.${minor}`, snapshot: snapshotOfTexts(tree(count), { kernel: { major: 6, minor } }) });
    return treeDifference(side(1), side(12), { limits: [], renamed: new Map(), notes: [], readAfter: () => undefined });
  };

  it('are one line, with the sum of their bytes', () => {
    expect(diffText(compared(5), null)).toMatch(/^~ {2}5 places +alloc_workqueue +256 B → 8 B each +-310 KiB +create .* each/m);
    expect(diffMarkdown(compared(5)).replace(/\s+/g, ' ')).toContain('- `alloc_workqueue` changes for 5 callers (module-load): 256 B -> 8 B per CPU each, -310 KiB, create');
    expect(compared(5).changes).toHaveLength(5);
  });

  it('are listed each where they are few', () => {
    expect(diffText(compared(3), null).match(/^~ {2}drivers\/f\d\.c:3/gm)).toHaveLength(3);
  });
});
