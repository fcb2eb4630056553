import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Take a minute or more: begun last, one of them would keep one CPU busy while the other has nothing left to do. */
const long = ['slow/simulationEstimate', 'corpus/diff', 'corpus/objects', 'corpus/strategies', 'corpus/reach'];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at === -1 ? long.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** `npm run test:unit` is the fast set; slow (fuzz, statistics, long replays), corpus and editor tests have a script each. */
export default defineConfig({
  test: {
    // As many as there are CPUs on the smallest machine that this is run on.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'slow', include: ['test/slow/**/*.test.ts', 'test/fuzz/**/*.test.ts'], testTimeout: 180_000 } },
      { test: { name: 'corpus', include: ['test/corpus/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 } },
      { test: { name: 'editor', globalSetup: 'test/editor/installOnce.ts', expect: { poll: { timeout: 30_000, interval: 100 } }, include: ['test/editor/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 300_000, fileParallelism: false } },
    ],
  },
});
