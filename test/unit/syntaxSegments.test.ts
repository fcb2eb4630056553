import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionAt } from '../../server/src/syntax/conditionAt';
import { conditionText } from '../../server/src/syntax/conditions';
import { scan } from '../../server/src/syntax/segments';
import { wordAt } from '../../server/src/syntax/tokenAccess';
import { pieceOfC } from './cPieces';

function segments(text: string): string[] {
  const file = scan(text);
  return file.segments.map(({ kind, name, span, conditions }) => {
    const named = name === -1 ? '' : ` ${wordAt(file.tokens, name)}`;
    const condition = conditionText(conditions);
    return `${kind}${named} ${text.slice(span.start, span.end).split('\n', 1)[0] ?? ''}${condition === null ? '' : ` if ${condition}`}`;
  });
}

const problems = (text: string): string[] => scan(text).problems.map(({ reason }) => reason);

const broken = 'static int bad(void)\n{\n\tif (x) {\n\t\ty();\n';
const good = '\nstatic int good(void)\n{\n\treturn 0;\n}\n';

describe('segments', () => {
  it('are the top-level pieces of a file', () => {
    const text = [
      '#include <linux/percpu.h>', '#define A(x) x', 'struct a {', '\tint b;', '#define IN 1', '} __packed;', 'typedef struct { int c; } d_t;',
      'enum e { F, G };', 'static struct a h = {', '\t.b = 1,', '};', 'int i, j[3];', 'extern void k(struct a *a);', 'EXPORT_SYMBOL(k)', '',
      'static inline int l(void) { return 0; }', 'module_init(l);', 'struct a *m(void)', '{', '}', 'DEFINE_PER_CPU(int, n) = 0;', 'union o p;',
    ].join('\n');
    expect(segments(text)).toEqual([
      'include #include <linux/percpu.h>', 'define #define A(x) x', 'define #define IN 1', 'record struct a {',
      'record typedef struct { int c; } d_t;', 'record enum e { F, G };', 'initialiser static struct a h = {', 'declaration int i, j[3];',
      'declaration extern void k(struct a *a);', 'invocation EXPORT_SYMBOL EXPORT_SYMBOL(k)', 'function l static inline int l(void) { return 0; }',
      'invocation module_init module_init(l);', 'function m struct a *m(void)', 'initialiser DEFINE_PER_CPU(int, n) = 0;', 'declaration union o p;',
    ]);
  });

  it('know the conditions around them, include guards left out', () => {
    const text = '#ifndef H\n#define H\n#ifdef A\nint a;\n#elif B > 1\nint b;\n#else\nint c;\n#endif\n#ifndef D\nint d;\n#endif\nint e;\n#endif\n';
    expect(segments(text).slice(1)).toEqual([
      'declaration int a; if defined(A)', 'declaration int b; if !defined(A) && (B > 1)', 'declaration int c; if !defined(A) && !(B > 1)',
      'declaration int d; if !defined(D)', 'declaration int e;',
    ]);
  });

  it('count braces for each branch of a condition', () => {
    const text = 'int f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\nint g(void)\n{\n}\n';
    expect(segments(text).map((line) => line.split(' ', 2).join(' '))).toEqual(['function f', 'function g']);
    expect(problems(text)).toEqual([]);
  });

  it('take the header that the last branch gives', () => {
    const text = '#ifdef A\nint f(int a)\n{\n#else\nint g(void)\n{\n#endif\n\th();\n}\nint i(void)\n{\n}\n';
    expect(segments(text).map((line) => line.split(' ', 2).join(' '))).toEqual(['function f', 'function g', 'function i']);
  });

  it.each([
    ['a missing closing brace', `${broken}}\n`],
    ['two missing closing braces', broken],
    ['an unclosed parenthesis', 'static int bad(void)\n{\n\ty(1, (2;\n}\n'],
    ['a half-typed header', 'static int bad(struct a *a, int\n'],
    ['a half-typed prototype', 'static int bad(struct a *a)\n'],
    ['a brace too many', 'static int bad(void)\n{\n\tif (x)\n\t\t}\n\ty();\n}\n'],
    ['a declaration without semicolon', 'static int bad = 3\n'],
    ['a half-typed structure', 'struct bad {\n\tint a;\n'],
    ['an unclosed initialiser', 'static int bad[] = {\n\t1, 2,\n'],
    ['a branch that opens a brace', 'int bad(void)\n{\n#ifdef A\n\tif (a) {\n#endif\n\ty();\n}\n'],
  ])('after %s are as if it were whole', (_, text) => {
    const names = segments(text + good + good.replace('good', 'better')).filter((line) => /^function (good|better)/.test(line));
    expect(names).toEqual(['function good static int good(void)', 'function better static int better(void)']);
  });

  it('are named problems where brackets do not balance, and nowhere else', () => {
    expect(problems(broken + good)).toEqual(['bracket is not closed before the next function']);
    expect(problems(`${broken}}\n${good}`)).toEqual(['braces do not balance up to the closing brace in the first column']);
    expect(problems('int f(void)\n{\n\t}\n\tg();\n}\n')).toEqual(['closing brace without an opening one']);
    expect(problems('#ifdef A\nint f;\n')).toEqual(['#if without #endif']);
    expect(problems('int f;\n#endif\n')).toEqual(['#endif without #if']);
    expect(problems('int f; /* g')).toEqual(['comment is never closed']);
    expect(problems('int a;\n<<<<<<< HEAD\nint b;\n=======\nint c;\n>>>>>>> topic\n')).toEqual(['conflict of a merge is not resolved']);
    expect(problems('/* <<<<<<< HEAD */\nint b = 1 <<\n 2;\n')).toEqual([]);
    expect(problems('int f(void)\n{\n')).toEqual(['bracket is never closed']);
    expect(problems(good)).toEqual([]);
  });

  it('lie inside any text, each ending after it starts, its body inside it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieceOfC, fc.string()), { maxLength: 80 }), (pieces) => {
        const text = pieces.join('');
        for (const { span, first, last: after, body } of scan(text).segments) {
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(body === -1 || (body >= first && body < after)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the condition at an offset', () => {
  it('is that of the directives before it', () => {
    const text = 'struct a {\n\tint b;\n#if X\n\tint c;\n#endif\n\tint d;\n};\n';
    const file = scan(text);
    expect(['b;', 'c;', 'd;'].map((word) => conditionAt(file, text.indexOf(word)))).toEqual([null, 'X', null]);
  });

  it('stays short under hostile nesting', () => {
    const text = '#if AAAAAAAAAAAAAAAA\n'.repeat(20_000);
    expect(conditionAt(scan(text), text.length)?.length).toBeLessThan(20_000);
  });
});
