/**
 * Speed and memory of replay, within one run of one machine: CPU time against what Node needs to read a trace and split
 * it into lines, and the memory at the end of traces of growing length. Bundle it before running, as the product is:
 * `npx esbuild test/bench/replayBench.ts --bundle --platform=node --format=esm --outfile=dist/replayBench.mjs
 * && node dist/replayBench.mjs [TRACE STATE FROM]`; without arguments, the recordings in test/data.
 */
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { replayTrace } from '../../server/src/recording/replay';

const rounds = 9;

async function cpuMilliseconds(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function readAndSplit(trace: string): number {
  const bytes = readFileSync(trace);
  return (trace.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n').length;
}

async function replay(trace: string, state: string, from: number): Promise<void> {
  const answer = await replayTrace({ trace, state, from });
  if (!answer.ok) throw new Error(answer.error);
}

/** Both in turn, so that what else the machine does meets both. */
async function compare(trace: string, state: string, from: number): Promise<void> {
  const baseline: number[] = [];
  const replays: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    baseline.push(await cpuMilliseconds(() => readAndSplit(trace)));
    replays.push(await cpuMilliseconds(() => replay(trace, state, from)));
  }
  const ratio = median(replays) / median(baseline);
  const first = (replays[0] ?? 0) / (baseline[0] ?? 1);
  process.stdout.write(`${path.basename(trace)}: read and split ${median(baseline).toFixed(0)} ms, replay ${median(replays).toFixed(0)} ms: × ${ratio.toFixed(2)} (first round, not yet compiled: × ${first.toFixed(2)})\n`);
}

/** A trace of one task that allocates and frees the same area, as long as wanted. */
async function writeLongTrace(file: string, events: number): Promise<void> {
  const out = createWriteStream(file);
  for (let event = 0; event < events; event += 1) {
    const head = `            task-${1000 + (event % 30_000)}    [00${event % 8}] ..... ${String(event + 1).padStart(12)}: `;
    const body = event % 2 === 0
      ? 'percpu_alloc_percpu: call_site=mm_init+0x268/0x3e0 reserved=0 is_atomic=0 size=16 align=8 base_addr=ffffe8ffffc00000 off=2592 ptr=0000607ec3000a20 bytes_alloc=64 gfp_flags=GFP_KERNEL'
      : 'percpu_free_percpu: base_addr=ffffe8ffffc00000 off=2592 ptr=0000607ec3000a20';
    if (!out.write(`${head}${body}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

async function growth(state: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'percpu-bench-'));
  for (const events of [100_000, 400_000, 1_600_000]) {
    const file = path.join(folder, 'trace.txt');
    await writeLongTrace(file, events);
    globalThis.gc?.();
    await replay(file, state, 0);
    process.stdout.write(`${events} events: ${Math.round(process.memoryUsage().rss / 1048576)} MB resident\n`);
  }
  rmSync(folder, { recursive: true });
}

const data = path.resolve(import.meta.dirname, '..', 'test/data/recordings');
const recording = (name: string): string => path.join(data, name);
const [trace = recording('fork-trace.txt.gz'), state = recording('fork-before.json.gz'), from = '0'] = process.argv.slice(2);
await compare(trace, state, Number(from));
await growth(recording('fork-before.json.gz'));
