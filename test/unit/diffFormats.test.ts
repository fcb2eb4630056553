import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { diffMarkdown } from '../../server/src/cli/diffMarkdown';
import { diffSarif } from '../../server/src/cli/diffSarif';
import { diffText } from '../../server/src/cli/diffText';
import { treeDifference } from '../../server/src/features/diff/treeDifference';
import { parseLimit } from '../../server/src/profile/limit';
import type { DiffReport } from '../../server/src/protocol/diff';
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
    const schema = createRequire(import.meta.url).resolve('@microsoft/jest-sarif').replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json');
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(log.runs[0]?.results.map(({ baselineState, ruleId }) => baselineState ?? ruleId).sort()).toEqual(['absent', 'new', 'percpu-limit', 'updated']);
  });
});

describe('text', () => {
  it('says that nothing changed', () => {
    const same = { 'kernel/fork.c': fork(allocation('long')) };
    expect(diffText(difference(same, same))).toContain('No percpu site was added, removed or changed');
  });
});
