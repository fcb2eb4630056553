import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import type { FileFacts } from '../../server/src/facts/fileFacts';
import { pieceOfC } from '../unit/cPieces';
import { catalogue } from '../unit/factsFixture';

const whole = `
static int __init w_open(struct w *w, void (*done)(int))
{
#ifdef CONFIG_A
	if (w) {
		w->p = alloc_percpu(struct w_stats);
#else
	{
#endif
		for_each_possible_cpu(cpu)
			percpu_counter_add(&w->n, sizeof(typeof(*w)));
	}
	return percpu_ref_init(&w->ref, w_release, 0, GFP_KERNEL);
}
struct w { struct { int a:3; } b[2]; DECLARE_BITMAP(c, 8); } __packed;
static DEFINE_PER_CPU(struct w, ws) = { .b = { [0 ... 1] = { .a = 1 } } };
static const struct ops ops = { .open = w_open, .in = { .x = y } };
#define w_new(t) ({ struct w *p = kmalloc(sizeof(t)); p->q = alloc_percpu(t); p; })
SYSCALL_DEFINE2(w, int, fd, char __user *, s)
{
	switch (fd) { case 1 ... 3: free_percpu(w->p); }
}
TRACE_EVENT(w, TP_fast_assign(__entry->n = percpu_counter_sum(&n);));
module_init(w_open);
`;

/** What must hold for the facts of any text. */
function check(text: string, facts: FileFacts): void {
  for (const { span, nameSpan, line, column, api } of facts.sites) {
    expect(text.slice(nameSpan.start, nameSpan.end)).toBe(api);
    expect(span.start).toBe(nameSpan.start);
    expect(span.end).toBeGreaterThan(nameSpan.end);
    expect(span.end).toBeLessThanOrEqual(text.length);
    const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
    expect(line).toBe(text.slice(0, lineStart).split('\n').length);
    expect(column).toBe(Buffer.byteLength(text.slice(lineStart, span.start)) + 1);
  }
  for (const { callee, offset } of facts.calls) expect(text.slice(offset, offset + callee.length)).toBe(callee);
  for (const { nameSpan, span } of facts.functions) expect(span.start <= nameSpan.start && nameSpan.end <= span.end).toBe(true);
  for (const { span } of [...facts.problems, ...facts.tables, ...facts.macros]) expect(span.start >= 0 && span.end <= text.length).toBe(true);
  expect(() => JSON.stringify(facts)).not.toThrow();
}

const analyse = (text: string): void => check(text, fileFacts(text, catalogue, { types: true }));

describe('any text has facts', () => {
  it('when bytes are random', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      analyse(Buffer.from(bytes).toString('latin1'));
      analyse(Buffer.from(bytes).toString('utf8'));
    }), { numRuns: 100 });
  });

  it('when characters are random, lone surrogates among them', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.nat(500), (noise, at) => {
      analyse(`void f(void)\n{\n\tfree_percpu(${noise}`);
      analyse(noise.slice(0, at) + String.fromCharCode(0xd800) + ' free_percpu(p)');
    }), { numRuns: 100 });
  });

  it('when it is made of pieces of C', () => {
    fc.assert(fc.property(fc.array(pieceOfC, { maxLength: 150 }), (pieces) => analyse(pieces.join(''))), { numRuns: 300 });
  });

  it('at every truncation of a whole file', () => {
    for (let end = 0; end <= whole.length; end++) analyse(whole.slice(0, end));
  });

  it('without any one of its tokens', () => {
    for (const { 0: token, index } of whole.matchAll(/\w+|[^\w\s]/g)) analyse(whole.slice(0, index) + whole.slice(index + token.length));
  });
});

/** Texts that make careless algorithms quadratic or deep; each is far larger than any source file of its kind. */
const hostile: Readonly<Record<string, string>> = {
  'nested parentheses': `void f(void)\n{\n${'('.repeat(200_000)}free_percpu(p)`,
  'nested braces': `void f(void)\n${'{ free_percpu(p);\n'.repeat(50_000)}`,
  'nested calls': `void f(void)\n{\n${'alloc_percpu( a, '.repeat(20_000)}`,
  'closing brackets only': `void f(void)\n{\n${')]}'.repeat(200_000)}`,
  'closing braces on one line': `void f(void)\n{\n\t${'} '.repeat(200_000)}`,
  'parentheses, then braces': `void f(void)\n{\n${'('.repeat(100_000)}${'}'.repeat(100_000)}`,
  'braces in the first column': `int x)${'\n{x)'.repeat(30_000)}`,
  'one line of sites': `void f(void)\n{ ${'free_percpu(é); '.repeat(30_000)}}`,
  'sites without an end': `void f(void)\n{\n${'percpu_counter_inc('.repeat(20_000)}`,
  'a sum of sites': `void f(void)\n{\n\tx = ${'percpu_counter_sum(&c) + '.repeat(5_000)}0;\n}\n`,
  'an else-if chain': `void f(void)\n{\n\t${'if (percpu_counter_sum(&c)) g(); else '.repeat(900)}h();\n}\n`,
  'file-scope products': `int x = ${'a * percpu_counter_sum(&c) '.repeat(50_000)};`,
  'nested structures': 'struct a { '.repeat(50_000),
  'nested conditions': '#if A\n'.repeat(30_000) + 'DEFINE_PER_CPU(int, x);',
  'alternatives': `#if A\n${'#elif B\nDEFINE_PER_CPU(int, x);\n'.repeat(3_000)}#endif`,
  'case labels': `void f(void)\n{\n${'case '.repeat(100_000)}free_percpu(p);\n}\n`,
  'a table': `static const struct row t[] = {\n${'\t{ .a = f, .b = { 1, 2 } },\n'.repeat(100_000)}};\n`,
  'a long macro': `#define M ${'free_percpu(p); \\\n'.repeat(30_000)}\n`,
  'a long string': `char *s = "${'x\\n'.repeat(1_000_000)}";\nDEFINE_PER_CPU(int, x);`,
  'spaces after #': `#${' '.repeat(2_000_000)}define\n`,
  'open comments': '/* '.repeat(500_000),
  'noise with a site': `void f(void)\n{\n\tfree_percpu(p);\n${'if ( ] else = ) while * ; & [ case ? : } do { '.repeat(5_000)}\n}\n`,
  'NUL bytes': `${'\0'.repeat(1_000_000)}free_percpu(p)`,
};

describe('hostile text is analysed in the time of an ordinary test', () => {
  it.each(Object.entries(hostile))('%s', (_, text) => {
    const facts = fileFacts(text, catalogue, { types: true });
    expect(facts.sites.length).toBeGreaterThanOrEqual(0);
    expect(facts.problems.length).toBeLessThan(1_000);
  });
});
