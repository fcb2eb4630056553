import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';
import { progressLine } from '../../server/src/cli/progress';
import { alignedTable, markdownTable } from '../../server/src/cli/table';
import { toCsv } from '../../server/src/util/csv';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
  writeFileSync(path.join(folder, 'a.c'), 'int x;\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await runCommandLine(args, io, { factsEntry: 'absent.cjs', blobEntry: 'absent.cjs', serverEntry: 'absent.cjs', processes: 1, version: '1.2.3' });
  return { code, out, err };
}

describe('bad usage', () => {
  it.each([
    [['report', '.', '--cpus', '0'], /--cpus: "0" is less than 1/],
    [['report', '.', '--cpus', '-1'], /--cpus: "-1" is less than 1/],
    [['report', '.', '--cpus=1e9'], /--cpus: "1e9" is not a whole number/],
    [['report', '.', '--cpus', 'many'], /--cpus: "many" is not a whole number/],
    [['report', '.', '--cpus', '8193'], /more than 8192/],
    [['report', '.', '--cpus', '8', '--online', '9'], /--online 9: more than the 8 possible CPUs/],
    [['report', '.', '--machine', 'cray'], /no such machine and no such file; there are laptop-8/],
    [['report', '.', '--kernel', 'six'], /write it like 6\.12/],
    [['report', '.', '--frobnicate'], /frobnicate/],
    [['report', '/nonexistent'], /\/nonexistent: no such folder/],
    [['report', '.', '--modules', 'tls'], /--against and --modules go with --objects/],
    [['report', '.', '--objects', '--against', '/nonexistent'], /--against \/nonexistent: no such folder/],
    [['report', '.', '--objects', '--format', 'csv'], /--format csv: --objects knows text, json, markdown/],
    [['sites', '.', '--family', 'x'], /there are dyn, counter, up, static/],
    [['sites', '.', '--format', 'xml'], /this command knows text, json, jsonl, csv/],
    [['explain', 'nowhere'], /FILE:LINE/],
    [['strategies', 'nowhere.c:1'], /nowhere.c: no such file/],
    [['strategies', '.', '--threads', '16'], /--threads: only with FILE:LINE/],
    [['strategies', 'a.c:1', '--threads', 'many'], /--threads many: a whole number from 1/],
    [['validate', '--rows', '/nonexistent'], /no such file/],
    [['simulate', 'nope'], /there are fork-exit/],
    [['simulate'], /no scenario given.*fork-exit/],
    [['simulate', 'netns', '--cpus', '1,100000'], /100000 CPUs: give whole numbers from 1 to 8192/],
    [['simulate', 'site', '--bytes', '8', '--rate', '0'], /rate 0 per second: give a number above 0/],
    [['simulate', 'site', '--bytes', '8', '--rate', '-5'], /rate -5 per second/],
    [['simulate', 'site', '--bytes', '8', '--lifetime', '100s'], /lifetime 100000 ms is longer than the run/],
    [['simulate', 'fork-exec', '--strategies', 'baseline,no-percpu'], /no-percpu does not apply to fork-exec/],
    [['simulate', 'fork-exec', '--kernel', '6.12,six'], /kernel six: write it like 6.12/],
    [['simulate', 'fork-exec', '--machine', 'server-64,cray'], /--machine cray: no such machine and no such file/],
    [['simulate', 'fork-exec', '--timeline', '--format', 'html'], /--timeline knows text, json, svg/],
    [['simulate', 'fork-exec', '--timeline', '--span', '0us'], /timeline of 0 ns/],
    [['simulate', 'fork-exec', '--timeline', '--break-even'], /ask for one of them/],
    [['simulate', 'fork-exec', '--at', 'a.c:1'], /only the scenario site/],
    [['simulate', 'site', '--at', 'nowhere.c:1'], /nowhere.c: no such file/],
    [['frobnicate'], /no command frobnicate/],
    [[], /percpu-lens sites/],
  ])('%j ends with 2, says what, and prints no answer', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    if (args.length > 0) expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('a file where a folder is wanted is named', async () => {
    const file = path.join(folder, 'a.c');
    expect(await run('report', file)).toEqual({ code: 2, out: '', err: `percpu-lens report: ${file}: not a folder\n` });
  });
});

describe('answers', () => {
  it('are help and version on standard output', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: 'percpu-lens 1.2.3\n', err: '' });
    expect((await run('help')).out).toContain('percpu-lens report [ROOT]');
    expect((await run('sites', '--help')).out).toMatch(/^percpu-lens sites /);
  });

  it('hold every published figure once', async () => {
    const { code, out } = await run('validate', '--format', 'json');
    const { rows } = JSON.parse(out) as { rows: { id: string; verdict: string }[] };
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(code).toBe(rows.some(({ verdict }) => verdict === 'fail') ? 1 : 0);
  });
});

describe('simulate', () => {
  const few = ['--cpus', '1,8', '--replications', '2', '--no-band', '--no-profile'];

  it('says what limits first, then the points, then what it rests on', async () => {
    const { code, out } = await run('simulate', 'self-exec', ...few, '--kernel', '6.5,6.12');
    expect(code).toBe(0);
    const [title, setting, , sentence] = out.split('\n');
    expect(title).toContain('executes itself');
    expect(setting).toContain('Linux 6.5, 6.12; server-256; seed 1; 2 runs a point');
    expect(sentence).toMatch(/^Linux 6.5 on server-256: At 8 CPUs/);
    expect(out.indexOf('CPUs  Linux  strategy')).toBeLessThan(out.indexOf('Published'));
    expect(out.indexOf('Published')).toBeLessThan(out.indexOf('Assumptions'));
  });

  it('draws a short run, a lane a CPU', async () => {
    const { out } = await run('simulate', 'cgroup', '--cpus', '4', '--timeline', '--span', '2ms', '--no-profile');
    expect(out.match(/^CPU +\d+ .{100}$/gm)).toHaveLength(4);
    expect(out).toMatch(/holds cgroup_mutex, . waits for it/);
    expect((await run('simulate', 'cgroup', '--cpus', '4', '--timeline', '--format', 'svg', '--no-profile')).out).toMatch(/^<svg /);
  });

  it('runs scenarios and machines of the project', async () => {
    writeFileSync(path.join(folder, 'percpu.toml'), `machine = "mine"\n[machines.mine]\npossible = 12\nsockets = 1\ncores_per_llc = 6\nsmt = 2\nlatency_ns = { smt = 9, llc = 30, socket = 60, remote = 100 }\n[scenarios.pods]\nvalues = { pause = 200000 }\nobjects = [{ id = "ns", kind = "netns" }]\nphases = [{ kind = "user", ns = "pause" }, { kind = "create", object = "ns" }, { kind = "destroy", object = "ns" }]\n`);
    const answer = await run('simulate', 'pods', '--cpus', '1,12', '--replications', '2', '--no-band', '--root', folder, '--format', 'json');
    expect(JSON.parse(answer.out)).toMatchObject({ scenario: 'pods', machine: 'mine', published: [], points: [{ cpus: 1 }, { cpus: 12 }] });
    rmSync(path.join(folder, 'percpu.toml'));
  });
});

describe('progress', () => {
  it('is said on a terminal alone, of what is not counted yet without a total', () => {
    const said = (isTerminal: boolean, total: number): string => {
      let err = '';
      const before = process.stderr.isTTY;
      process.stderr.isTTY = isTerminal;
      progressLine({ out: () => undefined, err: (text) => void (err += text) }, 'files').update(3, total === 0 ? null : total);
      process.stderr.isTTY = before;
      return err;
    };
    expect([said(true, 9), said(true, 0), said(false, 9)]).toEqual(['\r3 of 9 files\u001b[K', '\r3 files\u001b[K', '']);
  });
});

describe('tables', () => {
  it('align columns and escape what would end a cell', () => {
    expect(alignedTable(['a', 'bb'], [['xxx', 'y'], ['', 'z']])).toBe('a    bb\nxxx  y\n     z\n');
    expect(markdownTable(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |\n');
  });

  it('quote what CSV needs quoted', () => {
    expect(toCsv([{ a: 'x,"y"', b: ['p', 'q'], c: null }])).toBe('a,b,c\r\n"x,""y""",p q,\r\n');
    expect(toCsv([])).toBe('');
  });
});
