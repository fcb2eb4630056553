// Bundles the extension host code, the server, the command line, the workers and the webviews into dist/.
import { chmod, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const minify = !process.argv.includes('--debug');

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify,
  sourcemap: minify ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};

const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], define: { PERCPU_LENS_VERSION: JSON.stringify(version) } };
const browser = { ...shared, platform: 'browser', target: 'chrome128', format: 'iife' };

const bundles = [
  { ...node, entry: 'client/src/extension.ts', outfile: 'dist/extension.cjs', external: ['vscode'] },
  { ...node, entry: 'server/src/mainServer.ts', outfile: 'dist/server.cjs' },
  { ...node, entry: 'server/src/mainCli.ts', outfile: 'dist/cli.cjs', banner: { js: '#!/usr/bin/env node' } },
  { ...node, entry: 'server/src/worker/analysisWorker.ts', outfile: 'dist/analysisWorker.cjs' },
  { ...node, entry: 'server/src/worker/detailsWorker.ts', outfile: 'dist/detailsWorker.cjs' },
  { ...node, entry: 'server/src/worker/factsWorker.ts', outfile: 'dist/factsWorker.cjs' },
  { ...node, entry: 'server/src/worker/baselineWorker.ts', outfile: 'dist/baselineWorker.cjs' },
  { ...node, entry: 'server/src/worker/blobThread.ts', outfile: 'dist/blobThread.cjs' },
  { ...node, entry: 'server/src/worker/simulationWorker.ts', outfile: 'dist/simulationWorker.cjs' },
  { ...node, entry: 'server/src/worker/chunkMapWorker.ts', outfile: 'dist/chunkMapWorker.cjs' },
  { ...browser, entry: 'client/views/report/main.ts', outfile: 'dist/views/report.js' },
  { ...browser, entry: 'client/views/chunkMap/main.ts', outfile: 'dist/views/chunkMap.js' },
  { ...browser, entry: 'client/views/inventory/main.ts', outfile: 'dist/views/inventory.js' },
  { ...browser, entry: 'client/views/simulation/main.ts', outfile: 'dist/views/simulation.js' },
];

function bundle({ entry, ...options }) {
  return build({ ...options, entryPoints: [entry] });
}

await rm(path.join(root, 'dist'), { recursive: true, force: true });
// A bundle that fails does not keep the others from being made; esbuild has printed why.
const outcomes = await Promise.allSettled(bundles.map(bundle));
if (outcomes.some(({ status }) => status === 'rejected')) process.exitCode = 1;
if (existsSync(path.join(root, 'dist/cli.cjs'))) await chmod(path.join(root, 'dist/cli.cjs'), 0o755);
