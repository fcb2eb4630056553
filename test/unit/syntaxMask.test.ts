import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSegment } from '../../server/src/syntax/mask';
import { parseSegment } from '../../server/src/syntax/parse';
import { scan } from '../../server/src/syntax/segments';
import { childIn, nodesOfType, pathTo, type SyntaxNode } from '../../server/src/syntax/syntaxNode';
import { pieceOfC } from './cPieces';

function masked(text: string): string {
  const file = scan(text);
  const parts: string[] = [];
  let from = 0;
  for (const segment of file.segments) {
    if (segment.kind === 'define' || segment.kind === 'include' || segment.span.start < from) continue;
    parts.push(text.slice(from, segment.span.start), maskSegment(file.tokens, segment).text);
    from = segment.span.end;
  }
  return parts.join('') + text.slice(from);
}

function tree(text: string): SyntaxNode {
  const file = scan(text);
  const segment = file.segments.at(-1);
  const parsed = segment === undefined ? undefined : parseSegment(file, segment);
  if (parsed === undefined) throw new Error('not parsed');
  return parsed.root;
}

const errors = (text: string): number => nodesOfType(tree(text), 'ERROR').length;

describe('masking', () => {
  it.each([
    ['static int __init f(void)\n{\n}', 'static int        f(void)\n{\n}'],
    ['void f(void)\n{\n\tp = (void __percpu *)q;\n}', 'void f(void)\n{\n\tp = (void          *)q;\n}'],
    ['void f(void)\n{\n\tp = alloc_percpu(struct a *);\n}', 'void f(void)\n{\n\tp = alloc_percpu(       a  );\n}'],
    ['void f(void)\n{\n\tx = va_arg(p, unsigned long);\n}', 'void f(void)\n{\n\tx = va_arg(p, ________     );\n}'],
    ['void f(void)\n{\n\tfor_each_cpu(i, m)\n\t\tg();\n}', 'void f(void)\n{\n\twhile       (i, m)\n\t\tg();\n}'],
    ['void f(void)\n{\n#ifdef A\n\tg();\n#endif\n}', 'void f(void)\n{\n        \n\tg();\n      \n}'],
    ['SYSCALL_DEFINE1(f, int,\n\ta)\n{\n}', 'void f()               \n   \n{\n}'],
    ['void f(void)\n{\n\tswitch (x) { case 1 ... 3: g(); }\n}', 'void f(void)\n{\n\tswitch (x) { case 1      : g(); }\n}'],
    ['void f(void)\n{\n\ttypeof(*x) *p = x;\n}', 'void f(void)\n{\n\t__________ *p = x;\n}'],
  ])('makes of %j what the grammar knows', (text, expected) => {
    expect(masked(text)).toBe(expected);
    expect(errors(text)).toBe(0);
  });

  it.each([
    'int __must_check percpu_ref_init(struct percpu_ref *ref, gfp_t gfp);',
    'struct a {\n\tint __percpu *p;\n\tstruct b __rcu *q;\n\tu8 r[] __counted_by(n);\n} ____cacheline_aligned_in_smp;',
    'void f(void)\n\t__acquires(a) __releases(b)\n{\n}',
    'static void f(void)\n{\n\tstruct a *b __free(kfree) = c(d);\n\tprintk(KERN_ERR PREFIX "x");\n}',
    'BPF_CALL_2(f, u32, a, struct b *, c)\n{\n\treturn 0;\n}',
    'MEM_STATIC size_t f(void)\n{\n\tstatic DEFINE_RATELIMIT_STATE(r, 1, 2);\n\treturn __alignof__(*p) + offsetof(struct a, b[0].c);\n}',
    'void f(void)\n{\n\tif (x)\n\t\tlist_for_each_entry(a, &b, c)\n\t\t\td();\n\telse\n\t\te();\n}',
  ])('leaves no error in %j', (text) => {
    expect(errors(text)).toBe(0);
  });

  it('leaves expressions alone', () => {
    const text = 'int f(int __a, int b)\n{\n\tint __c = __a * b;\n\tif (__a)\n\t\treturn __b(__c);\n\tg(a * b, c - 1, *d);\n\treturn (u32)__c;\n}';
    expect(masked(text)).toBe(text);
  });

  it('keeps the length and every newline of any text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(pieceOfC, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        for (const { start, end } of scan(text).segments.map(({ span }) => span)) {
          const file = scan(text.slice(start, end));
          for (const segment of file.segments) {
            const original = file.text.slice(segment.span.start, segment.span.end);
            const once = maskSegment(file.tokens, segment).text;
            expect(once.length).toBe(original.length);
            expect(once.replace(/[^\n]/g, '')).toBe(original.replace(/[^\n]/g, ''));
            expect(once.split('').every((character, at) => character === ' ' || character === original[at] || /[\w()]/.test(character))).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is idempotent on kernel-like text', () => {
    const bodies = fc.array(
      fc.constantFrom(
        'p = alloc_percpu(struct a *);', 'for_each_cpu(i, m)\n\t\tg();', 'x = va_arg(q, unsigned long);', 'typeof(*x) *y = x;', '\n#ifdef A\n\tg();\n#else\n\th();\n#endif\n',
        'switch (x) { case 1 ... 3: g(); }', 'scoped_guard(mutex, &l) { g(); }', 'void __user *u = (void __user __force *)v;', 'int z __maybe_unused;', 'pr(KERN_ERR PFX "a");',
        'container_of(p, struct a, b)->c = 1;', 'static DEFINE_PER_CPU(unsigned int [4], n);', 'if (a) do_each(b) { c(); } while_each(b);',
      ),
      { maxLength: 12 },
    );
    const headers = fc.constantFrom('static int __init f(void)', 'SYSCALL_DEFINE2(f, int, a, char __user *, b)', 'void __releases(l) f(struct a *a)', '__printf(1, 2) void f(char *a, ...)');
    fc.assert(
      fc.property(headers, bodies, (header, body) => {
        const text = `${header}\n{\n\t${body.join('\n\t')}\n}\n`;
        expect(masked(masked(text))).toBe(masked(text));
      }),
    );
  });
});

describe('a tree', () => {
  it('has the offsets of the file and the fields of the grammar', () => {
    const text = 'int a;\nint f(void)\n{\n\treturn g(a, 1);\n}\n';
    const [call] = nodesOfType(tree(text), 'call_expression');
    const name = call === undefined ? undefined : childIn(call, 'function');
    expect(name === undefined ? '' : text.slice(name.start, name.end)).toBe('g');
    expect(pathTo(tree(text), text.indexOf('1')).map(({ type }) => type)).toEqual([
      'translation_unit', 'function_definition', 'compound_statement', 'return_statement', 'call_expression', 'argument_list', 'number_literal',
    ]);
  });

  it('around places holds the paths to them as the whole tree does', () => {
    const text = 'int f(void)\n{\n\ta = b(c(1), d);\n\tif (e)\n\t\twhile (g) h(i);\n}\n';
    const file = scan(text);
    const segment = file.segments[0];
    if (segment === undefined) throw new Error('no segment');
    const place = text.indexOf('h(i)');
    const around = parseSegment(file, segment, [place])?.root;
    const shape = (root: SyntaxNode | undefined): string[] =>
      root === undefined ? [] : pathTo(root, place).map(({ type, field, start, end }) => `${type} ${field ?? ''} ${start} ${end}`);
    expect(shape(around)).toEqual(shape(tree(text)));
    expect(nodesOfType(around ?? tree(text), 'call_expression').length).toBe(1);
  });
});
