// Builds the product and runs the benchmarks beside it. Arguments are those of test/bench/bench.ts; `simulation`,
// `replay` or `growth` as the first runs the bench of that part alone.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const parts = { simulation: 'simulationBench', replay: 'replayBench', growth: 'growthBench' };
const [first, ...rest] = process.argv.slice(2);
const part = parts[first];
const entry = `test/bench/${part ?? 'bench'}.ts`;
const outfile = path.join(root, 'dist', `${part ?? 'bench'}.mjs`);

function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run(['scripts/build.mjs']);
await build({
  absWorkingDir: root, entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', external: ['tree-sitter', 'tree-sitter-c', 'flatqueue'],
  banner: { js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);" }, logLevel: 'warning',
});
run([outfile, ...(part === undefined ? process.argv.slice(2) : rest)]);
