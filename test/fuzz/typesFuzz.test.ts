import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typeFactsOf } from '../../server/src/facts/typeFacts';
import { outlineOf } from '../../server/src/facts/outline';
import { tokensOf } from '../../server/src/facts/cTokens';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import type { SiteFact } from '../../server/src/facts/fileFacts';
import { sizeOfSite } from '../../server/src/resolve/siteSize';
import { sizeofTypes } from '../../server/src/resolve/sizeofTypes';
import { typeWorld, type TypeWorld } from '../../server/src/resolve/typeWorld';
import { memoryTree } from '../sourceTrees';

const words = [
  'struct', 'union', 'enum', 'typedef', 's', 'x', '{', '}', '(', ')', '[', ']', ';', ',', '*', ':', '=', '3', '0x', '"', "'", '\\\n', '/*', '*/', '//',
  '\n#if ', '\n#ifdef A', '\n#else\n', '\n#elif 1\n', '\n#endif\n', '\n#define A ', '\n#define F(a, b...) a ## b #a', '\n#undef A\n', '\n#include "a.c"\n',
  '\n#include <x.h>\n', 'int', 'unsigned', 'sizeof', 'typeof', '__attribute__((packed))', '__attribute__((aligned(', 'A', 'F(', '##', '#', 'defined', '?', '\0', 'é',
];
const soup = fc.array(fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 9 }, { arbitrary: fc.string({ maxLength: 4 }), weight: 1 }), { maxLength: 120 })
  .map((parts) => parts.join(' '));

function worldOf(text: string): TypeWorld {
  const tree = memoryTree({ 'a.c': text, 'include/x.h': text, Kbuild: 'obj-y := a.o\n' });
  return typeWorld({ tree, architecture: 'x86_64', configuration: parseConfiguration('', 'none') });
}

const site: SiteFact = {
  api: 'alloc_percpu', family: 'dyn', kind: 'alloc', span: { start: 5, end: 9 }, nameSpan: { start: 5, end: 9 }, line: 1, column: 1, function: 'f',
  inMacro: false, arguments: ['struct s'], assignedTo: null, loop: null, condition: null,
};
const api = catalogueFor(null).byName.get('alloc_percpu');

describe('any text', () => {
  it('has tokens, an outline and types, within its bounds', () => {
    fc.assert(fc.property(fc.oneof(soup, fc.string({ maxLength: 300 })), (text) => {
      for (const { start, text: token } of tokensOf(text)) expect(text.slice(start, start + token.length)).toBe(token);
      for (const { start, end } of outlineOf(text, true)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(text.length);
      }
      for (const { span } of typeFactsOf(text, null, 0)) expect(span.end).toBeLessThanOrEqual(text.length);
    }), { seed: 4, numRuns: 400 });
  });

  it('gives a size or a reason', () => {
    fc.assert(fc.property(soup, (text) => {
      const world = worldOf(text);
      const size = sizeOfSite(world, 'a.c', site, api);
      expect(size.size === null ? size.reason !== '' : size.size >= 0).toBe(true);
      for (const answer of sizeofTypes(world, ['struct s', 'x', 'enum s'])) expect(answer.reason).not.toBe('');
    }), { seed: 5, numRuns: 200 });
  });
});

describe('text made to exhaust', () => {
  it.each([
    ['deep parentheses', `struct s { int a[${'('.repeat(50_000)}1${')'.repeat(50_000)}]; };`],
    ['deep records', `${'struct s { '.repeat(20_000)}int a; ${'};'.repeat(20_000)}`],
    ['deep declarators', `struct s { int ${'(*'.repeat(50_000)}a${')'.repeat(50_000)}; };`],
    ['macros that double', `${Array.from({ length: 60 }, (_, i) => `#define M${i} M${i + 1} M${i + 1}\n`).join('')}struct s { int a[M0]; };`],
    ['calls that double', `${Array.from({ length: 40 }, (_, i) => `#define M${i}(x) M${i + 1}(x x)\n`).join('')}struct s { int a[M0(1)]; };`],
    ['a macro of itself', '#define A A + B\n#define B A\n#if A\n#endif\nstruct s { int a[A]; };'],
    ['a file that includes itself', '#include "a.c"\nstruct s { int a; };'],
    ['a struct that holds itself by a typedef', 'typedef struct s t; struct s { t a[2]; };'],
    ['a type of itself', 'typedef typeof(v) t; t v; struct s { t a; };'],
    ['an enumerator of itself', 'enum { A = B, B = A }; struct s { int a[A]; };'],
    ['an endless conditional', '#if 1\n'.repeat(20_000)],
  ])('%s ends', (_, text) => {
    const world = worldOf(text);
    const size = sizeOfSite(world, 'a.c', site, api);
    expect(size.size === null ? size.reason !== '' : size.size >= 0).toBe(true);
    const [answer] = sizeofTypes(world, ['struct s']);
    expect(answer?.reason).not.toBe('');
    expect(typeFactsOf(text, null, 0)).toBeInstanceOf(Array);
  });
});
