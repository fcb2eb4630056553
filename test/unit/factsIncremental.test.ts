import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseDocument, fileFacts, type DocumentAnalysis } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { pieceOfC } from './cPieces';
import { catalogue } from './factsFixture';

const document = `#ifndef W_H
#define W_H
#include <linux/percpu.h>
#ifdef CONFIG_W
static DEFINE_PER_CPU(struct w, ws);
struct w {
	struct { int a; } b;
};
static int w_open(struct w *w)
{
#if X > 1
	w->p = alloc_percpu(int);
#else
	w->q = alloc_percpu(long);
#endif
	for_each_possible_cpu(cpu)
		percpu_counter_inc(&w->n);
	return 0;
}
#else
static const struct w_ops ops = {
	.open = w_open,
};
#endif
SYSCALL_DEFINE1(w, int, fd)
{
	free_percpu(w->p);
}
#define w_new() alloc_percpu(struct w)
module_init(w_init);
#endif
`;

const edits = fc.array(
  fc.record({ from: fc.nat(), length: fc.nat(40), insert: fc.oneof({ weight: 3, arbitrary: pieceOfC }, fc.constant('')) }),
  { minLength: 1, maxLength: 8 },
);

function edited(text: string, { from, length, insert }: { from: number; length: number; insert: string }): string {
  const start = from % (text.length + 1);
  return text.slice(0, start) + insert + text.slice(start + length);
}

describe('the facts of an edited document', () => {
  it('equal those of its text from scratch, after any edits and their undoing', () => {
    fc.assert(
      fc.property(edits, (changes) => {
        const texts = [document];
        for (const change of changes) texts.push(edited(texts.at(-1) ?? '', change));
        let analysis: DocumentAnalysis | undefined;
        for (const text of [...texts, ...texts.toReversed()]) {
          analysis = analyseDocument(text, catalogue, analysis);
          expect(JSON.stringify(analysis.facts)).toBe(JSON.stringify(fileFacts(text, catalogue)));
        }
      }),
      { numRuns: 80 },
    );
  });

  it('are read anew only where the text or what surrounds it has changed', () => {
    const before = analyseDocument(document, catalogue);
    const after = analyseDocument(document.replace('.open = w_open', '.open = w_shut'), catalogue, before);
    const fresh = [...after.segments].filter(([key, facts]) => before.segments.get(key) !== facts);
    expect(fresh.map(([, facts]) => facts.tables.map(({ name }) => name))).toEqual([['ops']]);
    const condition = analyseDocument(document.replace('CONFIG_W', 'CONFIG_V'), catalogue, before);
    expect([...condition.segments].filter(([key]) => !before.segments.has(key)).length).toBe(4);
  });

  it('are read anew with another catalogue', () => {
    const wide = catalogueFor(null, [{ name: 'w_init_stats', family: 'up', kind: 'indirect', roles: {}, source: 'w.c' }]);
    const text = 'void f(void)\n{\n\tw_init_stats(w);\n}\n';
    const narrow = analyseDocument(text, catalogue);
    expect(narrow.facts.sites).toEqual([]);
    expect(analyseDocument(text, wide, narrow).facts.sites.map(({ api }) => api)).toEqual(['w_init_stats']);
  });
});
