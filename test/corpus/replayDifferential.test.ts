import { describe, expect, it } from 'vitest';
import { runAgainstByteMap } from '../unit/allocatorByteMap';

describe('the allocator against a byte map', () => {
  it('agrees over a million random operations', () => {
    const run = runAgainstByteMap(1_000_000);
    expect(run.chunksMade).toBeGreaterThan(20);
    expect(run.chunksDestroyed).toBeGreaterThan(20);
  });
});
