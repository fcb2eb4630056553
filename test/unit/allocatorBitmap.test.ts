import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitmapOf, clearBits, countSet, lastSet, nextClear, nextSet, setBits, testBit } from '../../server/src/allocator/bitmap';

const SIZE = 300;

/** A map and the same as booleans, after random range operations. */
const maps = fc
  .array(fc.record({ from: fc.nat(SIZE), length: fc.nat(90), set: fc.boolean() }), { maxLength: 12 })
  .map((ranges) => {
    const map = bitmapOf(SIZE);
    const truth = new Array<boolean>(SIZE).fill(false);
    for (const { from, length, set } of ranges) {
      const to = Math.min(from + length, SIZE);
      if (set) setBits(map, from, to);
      else clearBits(map, from, to);
      if (from < to) truth.fill(set, from, to);
    }
    return { map, truth };
  });

describe('bit ranges', () => {
  it('set and clear what they name and nothing else', () => {
    fc.assert(fc.property(maps, ({ map, truth }) => {
      expect(truth.every((bit, at) => testBit(map, at) === bit)).toBe(true);
    }));
  });

  it('find the next and the last bit as a walk does', () => {
    fc.assert(fc.property(maps, fc.nat(SIZE), fc.nat(SIZE), ({ map, truth }, from, limit) => {
      const walk = (wanted: boolean): number => {
        for (let at = from; at < limit; at += 1) if (truth[at] === wanted) return at;
        return limit;
      };
      expect(nextSet(map, limit, from)).toBe(walk(true));
      expect(nextClear(map, limit, from)).toBe(walk(false));
      const last = truth.slice(0, limit).lastIndexOf(true);
      expect(lastSet(map, from, limit)).toBe(last >= from && from < limit ? last : -1);
    }));
  });

  it('count set bits', () => {
    fc.assert(fc.property(maps, fc.nat(SIZE), ({ map, truth }, limit) => {
      expect(countSet(map, 0, limit)).toBe(truth.slice(0, limit).filter(Boolean).length);
    }));
  });
});
