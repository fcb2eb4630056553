import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Resident memory of one of our processes. */
export interface ResidentMemory {
  readonly pid: number;
  /** What it does: `server`, `analysis`, `facts`. */
  readonly role: string;
  readonly bytes: number;
}

const roles: Readonly<Record<string, string>> = { 'analysisWorker.cjs': 'analysis', 'factsWorker.cjs': 'facts' };
const pageBytes = 4096;

/**
 * The memory of this process and of all it started. Where the system has no /proc, this process alone is told.
 * Source: /proc/PID/statm (resident, in pages) and /proc/PID/task/PID/children.
 */
export function processMemory(): readonly ResidentMemory[] {
  return [{ pid: process.pid, role: 'server', bytes: process.memoryUsage.rss() }, ...descendants(process.pid, 0)];
}

function descendants(pid: number, depth: number): ResidentMemory[] {
  if (depth > 3) return [];
  return childrenOf(pid).flatMap((child) => {
    const bytes = residentBytes(child);
    const below = descendants(child, depth + 1);
    return bytes === null ? below : [{ pid: child, role: roleOf(child), bytes }, ...below];
  });
}

/** Children of every thread: a process that was started elsewhere than on the main thread counts too. */
function childrenOf(pid: number): number[] {
  return tasksOf(pid).flatMap((task) => (readText(`/proc/${pid}/task/${task}/children`) ?? '').split(' ').filter((one) => one !== '').map(Number));
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function residentBytes(pid: number): number | null {
  const resident = Number(readText(`/proc/${pid}/statm`)?.split(' ')[1] ?? NaN);
  return Number.isFinite(resident) ? resident * pageBytes : null;
}

function roleOf(pid: number): string {
  const script = (readText(`/proc/${pid}/cmdline`) ?? '').split('\0').map((arg) => path.basename(arg)).find((name) => name in roles);
  return roles[script ?? ''] ?? 'other';
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}
