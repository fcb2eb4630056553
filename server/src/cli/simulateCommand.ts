import { withPublished } from '../features/publishedPoints';
import { aboutSite } from '../features/simulation';
import { throughputSvg, resultPage } from '../features/simulationDocument/resultPage';
import { simulationRows } from '../features/simulationDocument/resultRows';
import { timelineSvg } from '../features/simulationDocument/timelineSvg';
import type { SimulationReport, Timeline } from '../protocol/simulation';
import { breakEven } from '../simulation/breakEven';
import { sensitivity } from '../simulation/sensitivity';
import { Refused, type SimulationInput } from '../simulation/simulationInput';
import { simulate } from '../simulation/sweep';
import { recordTimeline } from '../simulation/timeline';
import { toCsv } from '../util/csv';
import { exitCodes, type Io, UsageError } from './io';
import { readOptions } from './options';
import { progressLine } from './progress';
import { readSimulateOptions, type SimulateFormat, type SimulateOptions } from './simulateOptions';
import { breakEvenText, sensitivityText, simulationText, timelineText } from './simulationText';
import { sitePlace, sitesAt } from './sitePlace';
import { snapshotOf } from './treeSnapshot';

/** How the tree is read where a site of it is asked for. */
export interface TreeReading {
  readonly factsEntry: string;
  readonly processes: number;
}

/**
 * `percpu-lens simulate SCENARIO …`: standard output is the answer alone. Throws UsageError for bad usage or a request
 * that cannot be run as asked, before anything runs.
 */
export async function simulateCommand(args: readonly string[], io: Io, reading: TreeReading): Promise<number> {
  try {
    const options = readSimulateOptions(args);
    io.out(await answer(options, await inputOf(options, io, reading), io));
    return exitCodes.done;
  } catch (error) {
    if (error instanceof Refused) throw new UsageError(error.message);
    throw error;
  }
}

async function inputOf(options: SimulateOptions, io: Io, reading: TreeReading): Promise<SimulationInput> {
  const { request, machines, userScenarios, at, root } = options;
  const input: SimulationInput = { request, machines, userScenarios };
  if (at === null) return input;
  if (request.scenario !== 'site') throw new UsageError(`--at ${at}: only the scenario site is about a call of the source`);
  const place = sitePlace(at, root);
  const common = readOptions(['--root', place.root, '--kernel', request.kernel], ['text']);
  const snapshot = await snapshotOf(place.root, common, io, reading.factsEntry, reading.processes);
  const prepared = aboutSite({ ...input, request: { ...request, site: request.site ?? backToBack } }, snapshot, sitesAt(snapshot, place)[0]);
  if (!prepared.ok) throw new UsageError(prepared.reason);
  return prepared.input;
}

const backToBack = { rate_per_s: null, lifetime_ns: null, concurrency: null } as const;

async function answer(options: SimulateOptions, input: SimulationInput, io: Io): Promise<string> {
  const { request, format } = options;
  const cpus = Math.max(...request.cpus);
  switch (options.task) {
    case 'sweep':
      return sweepText(await sweep(input, io), format);
    case 'sensitivity':
      return rowsText(await sensitivity(input, cpus, request.strategies[0] ?? 'baseline'), format, sensitivityText);
    case 'break-even':
      return rowsText(await breakEvens(input, cpus), format, breakEvenText);
    case 'timeline':
      return timelineAnswer(recordTimeline(input, cpus, request.strategies[0] ?? 'baseline', options.spanNs), format);
  }
}

async function sweep(input: SimulationInput, io: Io): Promise<SimulationReport> {
  const { cpus, strategies, kernels = [], machines = [] } = input.request;
  const total = cpus.length * strategies.length * Math.max(1, kernels.length) * Math.max(1, machines.length);
  const progress = progressLine(io, 'points');
  return withPublished(await simulate(input, (_, done) => progress.update(done, total)).finally(() => progress.clear()));
}

async function breakEvens(input: SimulationInput, upTo: number) {
  const wanted = input.request.strategies.filter((strategy) => strategy !== 'baseline');
  if (wanted.length === 0) throw new UsageError('--break-even: name at least one strategy');
  const rows = [];
  for (const strategy of wanted) rows.push(await breakEven(input, strategy, upTo));
  return rows;
}

function sweepText(report: SimulationReport, format: SimulateFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'csv':
      return toCsv(simulationRows(report));
    case 'svg':
      return throughputSvg(report);
    case 'html':
      return resultPage(report);
    case 'text':
      return simulationText(report);
  }
}

function rowsText<Row extends object>(rows: readonly Row[], format: SimulateFormat, text: (rows: readonly Row[]) => string): string {
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  return format === 'csv' ? toCsv(rows) : text(rows);
}

function timelineAnswer(timeline: Timeline, format: SimulateFormat): string {
  if (format === 'json') return `${JSON.stringify(timeline)}\n`;
  return format === 'svg' ? timelineSvg(timeline) : timelineText(timeline);
}
