import { expect, it } from 'vitest';
import { folded } from '../../server/src/workspace/compare/typeMeaning';

it('comments and white space mean nothing, but what looks like them in a string is kept', () => {
  expect(folded('a = /* one */ b; // two\n\tc;')).toBe(folded('a =  b;\nc;'));
  expect(folded('get("git://x", sizeof(int));')).not.toBe(folded('get("git://x", sizeof(long));'));
  expect(folded('get("/*", sizeof(int)); /* */')).not.toBe(folded('get("/*", sizeof(long)); /* */'));
  expect(folded('sizeof("a  b")')).not.toBe(folded('sizeof("a b")'));
  expect(folded("c = '\"'; // x\"\nd;")).toBe("c = '\"'; d;");
});
