import type { SimulationResult } from '../protocol/simulation';
import { breakEven } from '../simulation/breakEven';
import { sensitivity } from '../simulation/sensitivity';
import { Refused } from '../simulation/simulationInput';
import { simulate } from '../simulation/sweep';
import { toCsv } from './csv';
import { exitCodes, type Io, UsageError } from './io';
import { progressLine } from './progress';
import { readSimulateOptions, type SimulateFormat, type SimulateOptions, simulateUsage } from './simulateOptions';
import { simulationRows, simulationText, textTable } from './simulationText';

/**
 * `percpu-lens simulate SCENARIO …`: standard output is the answer alone. Exit 0 done, 2 for bad usage or a request
 * that cannot be run as asked (one line on standard error), 3 for a fault of ours.
 */
export async function simulateCommand(args: readonly string[], io: Io): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(`percpu-lens ${simulateUsage}\n`);
    return exitCodes.done;
  }
  try {
    io.out(await answer(readSimulateOptions(args), io));
    return exitCodes.done;
  } catch (error) {
    const bad = error instanceof UsageError || error instanceof Refused;
    io.err(`percpu-lens simulate: ${bad ? error.message : faultText(error)}\n`);
    return bad ? exitCodes.usage : exitCodes.fault;
  }
}

function faultText(error: unknown): string {
  return `a fault of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

async function answer({ request, format, task }: SimulateOptions, io: Io): Promise<string> {
  const cpus = Math.max(...request.cpus);
  if (task === 'sweep') return sweepAnswer(request, format, io);
  if (task === 'sensitivity') {
    const rows = await sensitivity({ request }, cpus, request.strategies[0] ?? 'baseline');
    return rowsText(rows, format);
  }
  const wanted = request.strategies.filter((strategy) => strategy !== 'baseline');
  if (wanted.length === 0) throw new UsageError('--break-even: name at least one strategy');
  const rows: object[] = [];
  for (const strategy of wanted) rows.push(await breakEven({ request }, strategy, cpus));
  return rowsText(rows, format);
}

async function sweepAnswer(request: SimulateOptions['request'], format: SimulateFormat, io: Io): Promise<string> {
  const progress = progressLine(io, 'points', request.cpus.length * request.strategies.length);
  const result = await simulate({ request }, (_, done) => progress.update(done)).finally(() => progress.clear());
  return resultText(result, format);
}

function resultText(result: SimulationResult, format: SimulateFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'csv':
      return toCsv(simulationRows(result));
    case 'text':
      return simulationText(result);
  }
}

function rowsText(rows: readonly object[], format: SimulateFormat): string {
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  return format === 'csv' ? toCsv(rows) : textTable(rows);
}
