import { describe, expect, it } from 'vitest';
import { changeText, editorComparison, marksIn } from '../../server/src/features/diff/editorComparison';
import { snapshotOfTexts } from './memoryWorkspace';

const file = 'kernel/a.c';
const body = (lines: readonly string[]): string => `struct pair { int a; int b; };\nint make_pair(struct holder *h)\n{\n${lines.map((line) => `\t${line}\n`).join('')}\treturn 0;\n}\n`;
const allocate = 'h->pairs = alloc_percpu(struct pair);';
const count = 'percpu_counter_init(&h->count, 0, GFP_KERNEL);';
const refer = 'percpu_ref_init(&h->ref, gone, 0, GFP_KERNEL);';

/** `changed 5: changed: …`, lines zero-based as the editor has them, of a text as typed against one as committed. */
function marks(committed: string, typed: string): readonly string[] {
  const snapshot = snapshotOfTexts({ [file]: typed });
  const comparison = editorComparison({ name: 'HEAD', snapshot: snapshotOfTexts({ [file]: committed }) }, snapshot);
  const lineOf = (offset: number): number => typed.slice(0, offset).split('\n').length - 1;
  return marksIn(comparison, snapshot, file, lineOf).map(({ kind, line, title }) => `${kind} ${line} ${title.split(/[:,] /).slice(1, 3).join(' ')}`).sort();
}

describe('marks of a comparison while typing', () => {
  it('stand where the site stands now', () => {
    expect(marks(body([count]), `/* typed */\n\n${body([allocate, count])}`)).toEqual(['added 5 alloc_percpu(struct pair) 8 B per CPU']);
    expect(marks(body([allocate, count]), body([allocate.replace('struct pair', 'struct pair[3]'), count]))).toEqual([
      'changed 3 alloc_percpu(struct pair) → alloc_percpu(struct pair[3]) 8 B per CPU → 24 B per CPU',
    ]);
    expect(marks(body([count]), body(['for (i = 0; i < 4; i++)', '\tpercpu_counter_init(&h->count[i], 0, GFP_KERNEL);']))).toEqual([
      'changed 4 percpu_counter_init(&h->count) → percpu_counter_init(&h->count[i]) 4 B per CPU → 16 B per CPU',
    ]);
  });

  it('name what changed once for both sides', () => {
    const [first] = editorComparison({ name: 'HEAD', snapshot: snapshotOfTexts({ [file]: body([allocate]) }) }, snapshotOfTexts({ [file]: body([allocate.replace('struct pair', 'struct pair[300]')]) })).changes;
    expect(changeText(first!)).toMatch(/, create [^,a-z]+s → [^,a-z]+s(,|$)/);
  });

  it('follow a struct that is typed at', () => {
    expect(marks(body([allocate]), body([allocate]).replace('int b;', 'int b; long c;'))).toEqual(['changed 3 alloc_percpu(struct pair) 8 B per CPU → 16 B per CPU']);
  });

  it('stand for what is removed beside what was next to it, else at its function, else where it was', () => {
    expect(marks(body([allocate, count, refer]), `\n${body([allocate, refer])}`)).toEqual(['removed 5 percpu_counter_init(&h->count) 4 B per CPU']);
    expect(marks(body([count, refer]), `\n\n${body([refer])}`)).toEqual(['removed 4 percpu_counter_init(&h->count) 4 B per CPU']);
    expect(marks(body([allocate]), `\n\n\n${body([])}`)).toEqual(['removed 4 alloc_percpu(struct pair) 8 B per CPU']);
    expect(marks(body([allocate]), 'int x;\n')).toEqual(['removed 3 alloc_percpu(struct pair) 8 B per CPU']);
  });

  it('are none for what is moved, commented or laid out anew, and while a line is half written the others keep theirs', () => {
    expect(marks(body([allocate, count, refer]), `/* a */\n${body([refer, '/* b */', count, allocate.replace('(struct', '(\n\t\tstruct')])}`)).toEqual([]);
    expect(marks(body([count, refer]), body([allocate, 'h->other = alloc_per', count, refer]))).toEqual(['added 3 alloc_percpu(struct pair) 8 B per CPU']);
  });
});
