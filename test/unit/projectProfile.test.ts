import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../server/src/cli/io';
import { readOptions, type CommonOptions } from '../../server/src/cli/options';
import { profileFileOf } from '../../server/src/workspace/profileFile';

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
  for (const name of ['include/linux', 'kernel', 'mm', 'drivers/mine']) mkdirSync(path.join(root, name), { recursive: true });
  for (const name of ['Kconfig', 'Kbuild']) writeFileSync(path.join(root, name), '');
  writeFileSync(path.join(root, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 6\n');
});
beforeEach(() => {
  rmSync(path.join(root, 'percpu.toml'), { force: true });
  rmSync(path.join(root, 'drivers/mine/percpu.toml'), { force: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const rack = '[machines.rack]\npossible = 96\nsockets = 2\ncores_per_llc = 24\nsmt = 2\nlatency_ns = { smt = 8, llc = 48, socket = 48, remote = 120 }\n';

function write(text: string, folder = '.'): void {
  writeFileSync(path.join(root, folder, 'percpu.toml'), text);
}

function read(...args: string[]): CommonOptions {
  return readOptions([root, ...args], ['text']);
}

function refusal(...args: string[]): string {
  try {
    read(...args);
    return 'not refused';
  } catch (error) {
    return error instanceof UsageError ? error.message : String(error);
  }
}

describe('the percpu.toml of a project on the command line', () => {
  it('gives the machine in force, its machines by name, and the kernel', () => {
    write(`machine = "rack"\n${rack}[kernel]\nversion = "6.1"\nconfig = "rack.config"\narch = "arm64"\n`);
    expect(read().machine).toMatchObject({ name: 'rack', topology: { possibleCpus: 96 } });
    expect(read().kernel).toEqual({ major: 6, minor: 1 });
    expect(read()).toMatchObject({ arch: 'arm64', kconfig: path.join(root, 'rack.config'), kernelOrigin: 'of percpu.toml' });
    expect(read('--machine', 'rack', '--cpus', '8').machine.topology.possibleCpus).toBe(8);
    expect(read('--machine', 'laptop-8', '--kernel', '6.12', '--arch', 'x86_64')).toMatchObject({ machine: { name: 'laptop-8' }, kernel: { minor: 12 }, arch: 'x86_64' });
  });

  it('is left out with --no-profile, and another is named with --profile', () => {
    write(`machine = "rack"\n${rack}`);
    expect(read('--no-profile').machine.name).toBe('server-256');
    expect(refusal('--no-profile', '--machine', 'rack')).toContain('no such machine and no such file');
    write('machine = "laptop-8"\n', 'drivers/mine');
    expect(read('--profile', path.join(root, 'drivers/mine/percpu.toml')).machine.name).toBe('laptop-8');
    expect(refusal('--profile', '/nonexistent')).toBe('--profile /nonexistent: no such file');
  });

  it('is the nearest one from the folder up to the kernel\'s root', () => {
    write('');
    expect(profileFileOf(path.join(root, 'drivers/mine'), root)).toBe(path.join(root, 'percpu.toml'));
    write('', 'drivers/mine');
    expect(profileFileOf(path.join(root, 'drivers/mine'), root)).toBe(path.join(root, 'drivers/mine/percpu.toml'));
    expect(profileFileOf(path.join(root, 'mm'), root)).toBe(path.join(root, 'percpu.toml'));
    expect(profileFileOf(path.join(root, 'drivers/mine/percpu.toml'), root)).toBe(path.join(root, 'drivers/mine/percpu.toml'));
    expect(profileFileOf(path.join(root, 'Makefile'), root)).toBe(path.join(root, 'percpu.toml'));
  });

  it('ends the command only where what is asked for is broken, and says where', () => {
    write(`${rack.replace('96', '0')}[rules]\nx = "loud"\n`);
    expect(refusal('--machine', 'rack')).toMatch(/^percpu\.toml:2: "rack\.possible" has to be a whole number from 1 to 8192, not 0$/);
    expect(read().profileNotes).toEqual([expect.stringMatching(/^percpu\.toml:2: .*left out$/), expect.stringMatching(/^percpu\.toml:8: "rules\.x" has to be/)]);
    write('machine = "rack"\n');
    expect(refusal()).toMatch(/^percpu\.toml:1: "machine" names "rack", which is no machine/);
    expect(read('--machine', 'laptop-8').machine.name).toBe('laptop-8');
    write('[kernel]\nversion = six\n');
    expect(refusal()).toMatch(/^percpu\.toml:2: Not TOML/);
    write('\0\0');
    expect(refusal('--machine', 'laptop-8')).toBe('percpu.toml:1: This is not UTF-8 text, so no percpu.toml');
  });
});
