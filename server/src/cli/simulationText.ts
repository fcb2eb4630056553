import type { BreakEven, PublishedPoint, SensitivityRow, SimulatedPoint, SimulationReport, Timeline } from '../protocol/simulation';
import { measureText } from '../features/simulationDocument/measureText';
import { settingText } from '../features/simulationDocument/resultPage';
import { type LockRecord, lockRecords, runsOf } from '../protocol/timelineReading';
import { formatBytes, formatDuration, formatShare } from '../util/format';
import { alignedTable } from './table';

/** For people: what limits first, then a table of the points, what is published, what it rests on. */
export function simulationText(report: SimulationReport): string {
  const assumptions = report.assumptions.map(({ id, label, unit, low, mid, high, changed, source }) => {
    const value = changed === null ? spread(low, mid, high) : `${String(changed)} (set)`;
    return `  ${id}: ${label}: ${value}${unit === 'ns' ? ' ns' : ''} [${source}]`;
  });
  return [
    report.title, settingText(report), '', ...report.summary, '', pointTable(report),
    ...publishedLines(report.published), 'Assumptions', ...assumptions, '', 'Notes', ...report.notes.map((note) => `  ${note}`), '',
  ].join('\n');
}

function pointTable({ points }: SimulationReport): string {
  const several = (of: (point: SimulatedPoint) => string): boolean => new Set(points.map(of)).size > 1;
  const columns: readonly Column[] = [
    ['CPUs', ({ cpus }) => String(cpus)],
    ...(several(({ kernel }) => kernel) ? [['Linux', ({ kernel }) => kernel] satisfies Column] : []),
    ...(several(({ machine }) => machine) ? [['machine', ({ machine }) => machine] satisfies Column] : []),
    ...pointColumns,
  ];
  return alignedTable(columns.map(([name]) => name), points.map((point) => columns.map(([, text]) => text(point))));
}

type Column = readonly [name: string, text: (point: SimulatedPoint) => string];

const pointColumns: readonly Column[] = [
  ['strategy', ({ strategy }) => strategy],
  ['throughput', ({ throughput_per_s: rate }) => measureText(rate, '1/s')],
  ['constants drawn', ({ throughput_band: band }) => (band === null ? '' : `${measureText(band.low, '1/s')} – ${measureText(band.high, '1/s')}`)],
  ['gain %', ({ gain_percent: gain }) => (gain === null ? '' : spread(gain.low, gain.mid, gain.high))],
  ['p50', ({ latency_ns: { p50 } }) => formatDuration(p50)],
  ['p99', ({ latency_ns: { p99 } }) => formatDuration(p99)],
  ['in kernel', ({ system_time_share: share }) => formatShare(share)],
  ['spinning', ({ waiting_time_share: share }) => formatShare(share)],
  ['percpu', ({ memory_bytes: bytes }) => formatBytes(bytes)],
  ['limit', ({ bottleneck }) => bottleneck ?? 'no lock'],
];

function publishedLines(published: readonly PublishedPoint[]): string[] {
  if (published.length === 0) return [];
  const rows = published.map((one) => [
    String(one.cpus), String(one.clients), measureText(one.throughput_per_s, '1/s'), one.strategies.join('+') || 'baseline', one.kernel, one.machine, one.use, one.source,
  ]);
  return ['Published, each on its own machine and kernel', alignedTable(['CPUs', 'by', 'throughput', 'strategies', 'Linux', 'machine', 'use here', 'source'], rows)];
}

function spread(low: number, mid: number, high: number): string {
  return low === high ? String(mid) : `${String(mid)} (${String(low)}…${String(high)})`;
}

/** What moves the answer, largest swing first. */
export function sensitivityText(rows: readonly SensitivityRow[]): string {
  const cells = rows.map((row) => [formatShare(row.swing), measureText(row.at_low_per_s, '1/s'), measureText(row.at_high_per_s, '1/s'), row.key, row.label]);
  return alignedTable(['swing', 'at its low', 'at its high', 'quantity', 'what it is'], cells);
}

export function breakEvenText(rows: readonly BreakEven[]): string {
  return rows.map(({ strategy, cpus, up_to: upTo }) => (cpus === null
    ? `${strategy}: up to ${String(upTo)} CPUs it gains less than 1 % beyond chance\n`
    : `${strategy}: gains at least 1 % beyond chance from ${String(cpus)} CPUs on\n`)).join('');
}

const timelineColumns = 100;

/** A lane a CPU: capitals hold a lock, small letters wait for it. */
export function timelineText(timeline: Timeline): string {
  const { lanes, locks, from_ns: from, to_ns: to } = timeline;
  const letters = locks.map((_, index) => String.fromCharCode(65 + (index % 26)));
  const drawn = lanes.map((lane, cpu) => {
    const cells = Array.from({ length: timelineColumns }, () => ' ');
    for (const run of runsOf(lane, from, to, timelineColumns)) cells.fill(letterOf(run.activity, letters[run.lock] ?? '?'), run.from, run.to);
    return `CPU ${String(cpu).padStart(4)} ${cells.join('')}`;
  });
  const key = locks.map((lock, index) => `  ${letters[index] ?? '?'} holds ${lock}, ${(letters[index] ?? '?').toLowerCase()} waits for it`);
  return [
    `${timeline.strategy} on ${String(timeline.cpus)} CPUs, ${formatDuration(to - from)} of simulated time, ${formatDuration((to - from) / timelineColumns)} a column`,
    ...key, '  = in the kernel without a lock, - outside the kernel, space asleep', '', ...drawn, '', lockTable(lockRecords(timeline)),
  ].join('\n');
}

function letterOf(activity: string, lock: string): string {
  switch (activity) {
    case 'holding': return lock;
    case 'waiting': return lock.toLowerCase();
    case 'kernel': return '=';
    case 'user': return '-';
    default: return ' ';
  }
}

function lockTable(records: readonly LockRecord[]): string {
  const rows = records.map((one) => [
    one.lock, formatShare(one.heldShare), String(one.waits), formatDuration(one.meanWaitNs), formatDuration(one.longestWaitNs), String(one.mostWaiting),
  ]);
  return alignedTable(['lock', 'held', 'waits', 'mean wait', 'longest wait', 'CPUs waiting at once, at most'], rows);
}
