import { describe, expect, it } from 'vitest';
import { bytes, trigger } from '../../client/views/format';
import { triggerWords } from '../../server/src/features/classWords';
import { frequencyClasses } from '../../server/src/resolve/resolvedSite';
import { formatBytes, formatDurations, formatInterval, formatShare, twoDigits } from '../../server/src/util/format';
import { between, exactly } from '../../server/src/util/interval';

describe('what triggers a site', () => {
  it.each(frequencyClasses)('%s is said in the code and in the panels in the same words', (name) => {
    expect(trigger(name)).toBe(triggerWords(name));
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [16, '16 B'],
    [1023, '1,023 B'],
    [4096, '4 KiB'],
    [1056, '1,056 B'],
    [-1536, '-1,536 B'],
    [11 * 1024 + 1, '11.0 KiB'],
    [1.5 * 1024 * 1024, '1.5 MiB'],
    [2000 * 1024 ** 4, '2,000 TiB'],
    [1868 * 256, '467 KiB'],
    [300 * 1024 * 1024, '300 MiB'],
  ])('writes %d as %s, as the panels do', (size, text) => {
    expect([formatBytes(size), bytes(size)]).toEqual([text, text]);
  });
});

describe('intervals of estimates', () => {
  it('share the unit of the upper bound', () => {
    expect(formatDurations(between(2_140, 9_420))).toBe('2.1 – 9.4 µs');
    expect(formatDurations(between(640, 1_210))).toBe('0.64 – 1.2 µs');
    expect(formatDurations(between(3, 70))).toBe('3 – 70 ns');
  });
  it('read as one value where no digit differs', () => {
    expect(formatDurations(exactly(41_200))).toBe('41 µs');
    expect(formatInterval(between(10.9, 11.2), 'CPUs')).toBe('11 CPUs');
  });
  it('have no more digits than are known', () => {
    expect(twoDigits(5147)).toBe('5,100');
    expect(twoDigits(0.3849)).toBe('0.38');
  });
  it('name a share that rounds to nothing', () => {
    expect(formatShare(0.002)).toBe('< 1 %');
    expect(formatShare(0.614)).toBe('61 %');
  });
});
