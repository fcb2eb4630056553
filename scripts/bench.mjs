// Builds the product and runs the benchmarks beside it. Arguments are those of test/bench/bench.ts; `simulation`,
// `replay`, `growth` or `slider` as the first runs the bench of that part alone.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const parts = { simulation: 'simulationBench', replay: 'replayBench', growth: 'growthBench', slider: 'sliderBench' };
const [first, ...rest] = process.argv.slice(2);
const part = parts[first];
const entry = `test/bench/${part ?? 'bench'}.ts`;
const outfile = path.join(root, 'node_modules/.cache', `${part ?? 'bench'}.mjs`);

function run(args, program = process.execPath) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// The editor takes the extension as a package.
if (first === 'slider') run(['run', '--silent', 'package'], 'npm');
else run(['scripts/build.mjs']);
await build({
  absWorkingDir: root, entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', external: ['tree-sitter', 'tree-sitter-c', 'flatqueue', 'playwright-core'],
  banner: { js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);" }, logLevel: 'warning',
});
run([outfile, ...(part === undefined ? process.argv.slice(2) : rest)]);
