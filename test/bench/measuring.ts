import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** One run of a command, process start included. */
export interface Run {
  readonly wallSeconds: number;
  /** User and system time of it and all its children. */
  readonly cpuSeconds: number;
  /** Largest sum of the resident memory of it and its children, sampled; null where it was not asked for. */
  readonly residentBytes: number | null;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const sampleEvery = 50;

/** Runs a command to its end, output to a file that is thrown away. Throws where it cannot be started or fails (exit above 1). */
export async function run(command: Command, withMemory = false): Promise<Run> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-bench-'));
  const output = openSync(path.join(folder, 'output'), 'w');
  const times = path.join(folder, 'times');
  const start = process.hrtime.bigint();
  const child = spawn('/usr/bin/time', ['-f', '%U %S', '-o', times, command.program, ...command.args], {
    cwd: command.cwd, stdio: ['ignore', output, 'ignore'], env: { ...process.env, ...command.environment },
  });
  let residentBytes = 0;
  const sampler = withMemory ? setInterval(() => (residentBytes = Math.max(residentBytes, residentBelow(child.pid ?? 0))), sampleEvery) : undefined;
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (exit) => resolve(exit ?? 128));
    });
    if (code > 1) throw new Error(`${command.program} ${command.args.join(' ')}: exit ${code}`);
    const wallSeconds = Number(process.hrtime.bigint() - start) / 1e9;
    const last = readFileSync(times, 'utf8').trim().split('\n').at(-1) ?? '';
    return { wallSeconds, cpuSeconds: sum(last.split(' ').map(Number)), residentBytes: withMemory ? residentBytes : null };
  } finally {
    clearInterval(sampler);
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

/** Resident memory of all processes below one, which is left out itself. */
export function residentBelow(top: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readProc(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) parents.set(pid, parent);
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent !== 0 && (parent === top || isBelow(parent));
  };
  return sum([...parents.keys()].filter(isBelow).map(residentOf));
}

export function residentOf(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readProc(`/proc/${pid}/status`));
  return match === null ? 0 : Number(match[1]) * 1024;
}

/** '' where the process has ended meanwhile. */
function readProc(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
