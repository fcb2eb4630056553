import { describe, expect, it } from 'vitest';
import { heldBytes } from '../../server/src/util/heldBytes';

describe('the bytes that data holds', () => {
  it('are about those of its texts, lists, maps and tables', () => {
    expect(heldBytes('x'.repeat(10_000))).toBeGreaterThan(10_000);
    expect(heldBytes(new Float64Array(1_000))).toBeGreaterThan(8_000);
    expect(heldBytes(new Map([['key', ['x'.repeat(1_000), 'y'.repeat(1_000)]]]))).toBeGreaterThan(2_000);
    expect(heldBytes(new Set(['z'.repeat(500)]))).toBeGreaterThan(500);
    expect(heldBytes(null)).toBe(0);
  });

  it('grow with what is held', () => {
    const of = (count: number): number => heldBytes(Array.from({ length: count }, (_, index) => ({ name: `name ${index}`, lines: [index] })));
    expect(of(2_000) / of(1_000)).toBeCloseTo(2, 1);
  });

  it('count what is shared, or leads back to itself, once', () => {
    const text = 'x'.repeat(10_000);
    const ring: { text: string; self?: object } = { text };
    ring.self = ring;
    expect(heldBytes([text, ring, { text }])).toBeLessThan(11_000);
    const counted = new Set<unknown>();
    expect(heldBytes([text], counted)).toBeGreaterThan(10_000);
    expect(heldBytes([text, 'y'], counted)).toBeLessThan(200);
  });
});
