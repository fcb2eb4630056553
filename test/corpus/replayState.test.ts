import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkState, type RecordedState } from '../../server/src/recording/stateFile';

const root = path.resolve(import.meta.dirname, '../..');
// Debian's drgn belongs to Debian's Python.
const python = '/usr/bin/python3';
const hasDrgn = spawnSync(python, ['-c', 'import drgn']).status === 0;
if (!hasDrgn) process.stderr.write('SKIPPED, drgn is absent (Debian: python3-drgn)\n');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'percpu-drgn-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasDrgn)('the script for drgn', () => {
  it.each(['modules-after', 'boot-before', 'fork-after'])('reads the state %s out of a kernel’s memory as it was recorded', (name) => {
    const file = path.join(root, 'test/data/recordings', `${name}.json.gz`);
    const recorded = JSON.parse(gunzipSync(readFileSync(file)).toString()) as RecordedState & { kernel?: string };
    const state = { ...recorded, kernel: recorded.kernel ?? '6.12.0' };
    const plain = path.join(folder, `${name}.json`);
    writeFileSync(plain, JSON.stringify(state));
    const run = spawnSync(python, [path.join(root, 'test/data/fakeKernel.py'), path.join(root, 'scripts/dump-percpu-state.py'), plain]);
    expect(run.stderr.toString()).toBe('');
    const dumped = checkState(JSON.parse(run.stdout.toString()));
    if (!dumped.ok) throw new Error(dumped.error);
    expect(dumped.state.kernel).toBe(state.kernel);
    expect(dumped.state.slots).toEqual(state.slots);
    expect(state.globals).toMatchObject({ ...dumped.state.globals });
    expect(dumped.state.chunks).toHaveLength(state.chunks.length);
    dumped.state.chunks.forEach((chunk, index) => expect(state.chunks[index]).toMatchObject({ ...chunk }));
  });
});
