import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAnalysedTree, type AnalysedTree } from '../../server/src/workspace/analysedTree';
import type { AnalysisConfiguration } from '../../server/src/workspace/analysisMessages';

let folder = '';
let tree: AnalysedTree | null = null;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
});
afterEach(() => {
  tree?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An analysis that finds the file that `found` names, counts its starts, and is ready once `go` is there. */
const analysis = `
const fs = require('fs'), path = require('path');
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.kind !== 'open') return;
  const at = (name) => path.join(message.configuration.root, name);
  fs.appendFileSync(at('starts'), 'x');
  process.send({ kind: 'sites', file: fs.readFileSync(at('found'), 'utf8'), sites: [] });
  const timer = setInterval(() => {
    if (!fs.existsSync(at('go'))) return;
    clearInterval(timer);
    process.send({ kind: 'ready', problems: [], complete: true });
  }, 10);
});
`;

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

it('a tree whose files changed keeps what was known until all that is new is there, however many events say so', async () => {
  write('analysis.cjs', analysis);
  write('found', 'old.c');
  write('go', '');
  const opened = openAnalysedTree({
    entry: path.join(folder, 'analysis.cjs'),
    configuration: () => ({ root: folder, wholeTree: true }) as AnalysisConfiguration,
    onChange: () => undefined,
    onReady: () => undefined,
  });
  tree = opened;
  await until(() => opened.status().phase === 'ready');
  rmSync(path.join(folder, 'go'));
  write('found', 'new.c');
  for (let event = 0; event < 1_000; event++) opened.readAgain();
  await until(() => readFileSync(path.join(folder, 'starts'), 'utf8').length === 2);
  await expect(opened.resolve('old.c', '')).rejects.toThrow();
  expect([...opened.sites().keys()]).toEqual(['old.c']);
  write('go', '');
  await until(() => opened.sites().has('new.c'));
  expect([...opened.sites().keys()]).toEqual(['new.c']);
  expect(readFileSync(path.join(folder, 'starts'), 'utf8')).toBe('xx');
});
