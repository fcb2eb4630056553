import { describe, expect, it } from 'vitest';
import { folded, meansSameToTypes } from '../../server/src/workspace/compare/typeMeaning';

it('comments and white space mean nothing, but what looks like them in a string is kept', () => {
  expect(folded('a = /* one */ b; // two\n\tc;')).toBe(folded('a =  b;\nc;'));
  expect(folded('get("git://x", sizeof(int));')).not.toBe(folded('get("git://x", sizeof(long));'));
  expect(folded('get("/*", sizeof(int)); /* */')).not.toBe(folded('get("/*", sizeof(long)); /* */'));
  expect(folded('sizeof("a  b")')).not.toBe(folded('sizeof("a b")'));
  expect(folded("c = '\"'; // x\"\nd;")).toBe("c = '\"'; d;");
});

describe('what two texts say to types', () => {
  const before = '#define N 2\nstruct s { long a[N]; };\nint one(void)\n{\n\treturn 1;\n}\n';

  it.each([
    ['another body', before.replace('return 1', 'return 2')],
    ['a function more', `${before}static int two(struct s *s)\n{\n\treturn one();\n}\n`],
    ['a function less', before.replace(/int one[^}]*}\n/, '')],
  ])('is the same with %s', (_, after) => expect(meansSameToTypes('a.c', before, after)).toBe(true));

  it.each([
    ['another head of a function', before.replace('int one', 'long one')],
    ['a function more that the text names already', `${before.replace('return 1', 'return two()')}int two(void)\n{\n\treturn 1;\n}\n`, before.replace('return 1', 'return two()')],
    ['a function more under a condition', `${before}#ifdef A\nint two(void)\n{\n\treturn 1;\n}\n#endif\n`],
    ['a variable more', `${before}static int two;\n`],
    ['a macro in a function', before.replace('return 1', '\n#define N 3\n')],
    ['a function more with a type in its head', `${before}static int two(struct t { int x; } *t)\n{\n\treturn 1;\n}\n`],
  ])('is another with %s', (_, after, was = before) => expect(meansSameToTypes('a.c', was, after)).toBe(false));
});
