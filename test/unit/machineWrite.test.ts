import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';
import { builtInMachines, machineByName } from '../../server/src/machine/builtIn';
import { importMachine } from '../../server/src/machine/importMachine';
import type { MachineProfile } from '../../server/src/machine/profile';
import { readProfile } from '../../server/src/profile/readProfile';
import { machineToml, withMachineWritten } from '../../server/src/profile/writeMachine';

const lscpu = JSON.stringify({ lscpu: [
  { field: 'CPU(s):', data: '96', children: [{ field: 'On-line CPU(s) list:', data: '0-95' }] },
  { field: 'Vendor ID:', data: 'AuthenticAMD' }, { field: 'Thread(s) per core:', data: '2' }, { field: 'Socket(s):', data: '2' },
  { field: 'NUMA node(s):', data: '4' }, { field: 'L3:', data: '96 MiB (6 instances)' },
] });
const bootLog = '[    0.2] setup_percpu: NR_CPUS:8192 nr_cpumask_bits:128 nr_cpu_ids:128 nr_node_ids:4\n[    0.1] Booting paravirtualized kernel on KVM\n';
const server64 = machineByName('server-64')!;

function imported(texts: readonly string[]): MachineProfile {
  const result = importMachine('mine', texts, server64);
  if (!result.ok) throw new Error(result.message);
  return result.machine;
}

function readBack(text: string): MachineProfile[] {
  const { profile, problems } = readProfile(text, '/p/percpu.toml');
  expect(problems).toEqual([]);
  return [...profile.machines];
}

function shape({ topology, transfer, costs, pageSize, guest, calibrated }: MachineProfile): unknown {
  const values = (constants: object): unknown => Object.fromEntries(Object.entries(constants).map(([key, constant]) => [key, (constant as { value: unknown }).value]));
  return { topology, transfer: values(transfer), costs: values(costs), pageSize, guest, calibrated };
}

describe('a machine from what it says of itself', () => {
  it('has the caches of lscpu and the possible CPUs of the boot messages, in any order', () => {
    for (const texts of [[lscpu, bootLog], [bootLog, lscpu]]) {
      expect(imported(texts)).toMatchObject({ guest: true, topology: { possibleCpus: 128, onlineCpus: 96, sockets: 2, nodes: 4, coresPerLlc: 8, smt: 2 } });
    }
  });

  it('says what it had to take from elsewhere', () => {
    const notes = (texts: readonly string[]): string => {
      const result = importMachine('mine', texts, server64);
      return result.ok ? result.notes.join('; ') : result.message;
    };
    expect(notes([lscpu])).toContain('possible CPUs are taken as those that lscpu counts');
    expect(notes([bootLog])).toContain('caches and latencies are taken from server-64');
    expect(notes([lscpu, bootLog])).not.toContain('possible CPUs are taken');
    expect(notes(['hello'])).toContain('neither JSON of lscpu -J nor boot messages');
    expect(notes([])).toContain('nothing to import');
  });
});

describe('a machine written as a table', () => {
  it('reads as the same machine', () => {
    const all = [imported([lscpu, bootLog]), imported([bootLog]), ...builtInMachines.map((machine) => ({ ...machine, name: `my-${machine.name}` }))];
    for (const machine of all) {
      const [back] = readBack(machineToml(machine));
      expect(back?.name).toBe(machine.name);
      expect(shape(back!)).toEqual(shape(machine));
    }
  });

  it('keeps measured constants', () => {
    const [machine] = readBack('[machines.a]\npossible = 8\nsockets = 1\ncores_per_llc = 4\nsmt = 2\nlatency_ns = { smt = 1, llc = 2, socket = 3, remote = 4 }\ncalibrated = true\ncosts = { zeroWarm = [1, 2, 4] }\n');
    expect(shape(readBack(machineToml(machine!))[0]!)).toEqual(shape(machine!));
  });

  it('goes to the end of a file, or to where one of its name is, and leaves the rest as it was', () => {
    const machine = imported([lscpu]);
    const before = '# ours\nmachine = "mine"\n\n[machines.mine]\npossible = 4\nlatency_ns.smt = 3\n\n# decided in March\n[rules]\nx = "off"\n';
    const after = withMachineWritten(before, machine);
    expect(after).toBe(`# ours\nmachine = "mine"\n\n${machineToml(machine)}\n# decided in March\n[rules]\nx = "off"\n`);
    expect(withMachineWritten(after, machine)).toBe(after);
    expect(withMachineWritten('', machine)).toBe(machineToml(machine));
    expect(withMachineWritten('[rules]', machine)).toBe(`[rules]\n\n${machineToml(machine)}`);
    const sub = withMachineWritten('[machines.mine]\npossible = 4\n[machines.mine.latency_ns]\nsmt = 1\n[machines.mine2]\npossible = 5\n', machine);
    expect(sub).toBe(`${machineToml(machine)}[machines.mine2]\npossible = 5\n`);
  });

  it('keeps what was noted inside the table that it replaces', () => {
    const machine = imported([lscpu]);
    expect(withMachineWritten('[machines.mine]\npossible = 4\n# why four\nsmt = 1\n[rules]\n', machine)).toBe(`${machineToml(machine)}# why four\n[rules]\n`);
  });

  it('never loses another table, whatever is in the file', () => {
    const table = fc.constantFrom('[machines.other]\npossible = 1\n', '[machines.mine]\nsmt = 1\n', '# note\n', '[rules]\na = "off"\n', 'broken = \n', '\n', '[[suppress]]\nid = "x"\n');
    fc.assert(fc.property(fc.array(table, { maxLength: 6 }), (tables) => {
      const text = tables.join('');
      const after = withMachineWritten(text, imported([lscpu]));
      for (const kept of ['[rules]', '[machines.other]', '# note', '[[suppress]]']) expect(after.split(kept).length).toBe(text.split(kept).length);
      expect(after).toContain('[machines.mine]\npossible = 96');
    }));
  });
});

describe('percpu-lens machine', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => path.join(folder, name);

  async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    let out = '';
    let err = '';
    const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
    const code = await runCommandLine(['machine', ...args], io, { factsEntry: 'absent.cjs', blobEntry: 'absent.cjs', serverEntry: 'absent.cjs', processes: 1, version: '1' });
    return { code, out, err };
  }

  it('prints or writes the table, and says what it took from elsewhere', async () => {
    writeFileSync(at('lscpu.json'), lscpu);
    writeFileSync(at('dmesg'), bootLog);
    const printed = await run('--lscpu', at('lscpu.json'), '--boot-log', at('dmesg'), '--name', 'mine');
    expect(printed).toMatchObject({ code: 0, out: machineToml(imported([lscpu, bootLog])) });
    expect(printed.err).toContain('published tables');
    expect((await run('server-64')).out).toMatch(/^\[machines\.server-64\]\npossible = 64\n/);
    expect(await run('--lscpu', at('lscpu.json'), '--name', 'mine', '--write', at('percpu.toml'))).toMatchObject({ code: 0, out: '' });
    expect(readBack(readFileSync(at('percpu.toml'), 'utf8'))[0]?.name).toBe('mine');
  });

  it.each([
    [[], /give --lscpu FILE/], [['--lscpu', '/nonexistent'], /\/nonexistent: no such file/], [['a', 'b'], /one machine at a time/],
    [['--lscpu', path.join(import.meta.dirname, 'format.test.ts')], /neither JSON/], [['cray'], /no such machine/],
    [['--frob'], /frob/],
  ])('%j ends with 2 and one line', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
