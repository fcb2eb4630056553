import { defineConfig } from 'vitest/config';

/** `npm run test:unit` is the fast set; slow (fuzz, statistics, long replays), corpus and editor tests have a script each. */
export default defineConfig({
  test: {
    // As many as there are CPUs on the smallest machine that this is run on.
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'slow', include: ['test/slow/**/*.test.ts', 'test/fuzz/**/*.test.ts'], testTimeout: 180_000 } },
      { test: { name: 'corpus', include: ['test/corpus/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000, fileParallelism: false } },
      { test: { name: 'editor', expect: { poll: { timeout: 30_000, interval: 100 } }, include: ['test/editor/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 300_000, fileParallelism: false } },
    ],
  },
});
