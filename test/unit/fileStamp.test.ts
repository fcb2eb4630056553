import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { contentStamp, isSameRow } from '../../server/src/workspace/fileStamp';

const idOf = (text: string): string => createHash('sha1').update(text).digest('hex');

it('a stamp of a content tells it from others, and holds all of its id', () => {
  for (let at = 0; at < 500; at++) {
    const id = idOf(String(at));
    expect([...contentStamp(id)].map((part) => part.toString(16).padStart(10, '0')).join('')).toBe(id);
    expect(isSameRow(contentStamp(id), 0, contentStamp(id), 0)).toBe(true);
    expect(isSameRow(contentStamp(id), 0, contentStamp(idOf(`other ${String(at)}`)), 0)).toBe(false);
  }
});

it('of no content there is none', () => {
  expect(isSameRow(contentStamp(''), 0, contentStamp(''), 0)).toBe(false);
});
