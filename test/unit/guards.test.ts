import { describe, expect, it } from 'vitest';
import { truthOf } from '../../server/src/resolve/objects/guards';

const values: Readonly<Record<string, boolean>> = { 'defined(YES)': true, 'defined(NO)': false, YES: true };
const known = (operand: string): boolean | null => values[operand] ?? null;

describe('a condition of which only some operands are known', () => {
  it.each([
    ['SIZE >= LIMIT || defined(YES)', true],
    ['SIZE >= LIMIT || defined(NO)', null],
    ['SIZE >= LIMIT && defined(NO)', false],
    ['!(SIZE >= LIMIT || defined(YES))', false],
    ['(!(SIZE >= LIMIT)) && (!defined(YES))', false],
    ['!(defined(NO)) && (defined(YES) || OTHER)', true],
    ['!defined(NO) == OTHER', null],
    ['!YES', false],
    ['!YES + 1', null],
    ['defined(NO) && OTHER ? 1 : 2', null],
    ['(((', null],
    ['', null],
  ])('%s', (condition, holds) => {
    expect(truthOf(condition, known)).toBe(holds);
  });
});
