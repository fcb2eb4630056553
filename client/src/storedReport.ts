import * as vscode from 'vscode';
import { isSimulationReport, type SimulationReport } from '../../server/src/protocol/simulation';
import type { SimulationPlan, StoredRun } from '../views/messages';

/** The report of a run; of one that was stopped, what it gave so far. */
export function reportOfRun({ plan, points, outcome, done, total }: StoredRun): SimulationReport {
  if (outcome.state === 'finished') return outcome.report;
  const { scenario, seed, replications = 0 } = plan.params;
  const [first] = points;
  return {
    scenario, seed, replications, points,
    title: plan.scenarioTitle,
    operation: 'operations',
    kernel: first?.kernel ?? plan.choices.kernel,
    machine: first?.machine ?? plan.choices.machine,
    summary: [vscode.l10n.t('Stopped after {0} of {1} points.', done, total)],
    assumptions: [], notes: [], published: [],
  };
}

export type OpenedReport =
  | { readonly ok: true; readonly run: StoredRun }
  | { readonly ok: false; readonly reason: string };

/** A result that was written by `percpu-lens simulate --format json` or exported, as a run of this window. */
export function runOfFile(text: string, name: string, run: string): OpenedReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: vscode.l10n.t('{0} is not JSON: {1}', name, error instanceof Error ? error.message : String(error)) };
  }
  if (!isSimulationReport(value)) return { ok: false, reason: vscode.l10n.t('{0} is no result of a simulation: it has no points as “percpu-lens simulate --format json” writes them', name) };
  const points = [...value.points];
  return { ok: true, run: { plan: planOf(value, name, run), points, done: points.length, total: points.length, outcome: { state: 'finished', report: value }, further: {} } };
}

function planOf(report: SimulationReport, name: string, run: string): SimulationPlan {
  const all = <T>(of: (point: SimulationReport['points'][number]) => T): T[] => [...new Set(report.points.map(of))];
  const strategies = all(({ strategy }) => strategy).filter((strategy) => strategy !== 'baseline');
  const machines = all(({ machine }) => machine);
  const changed = report.assumptions.flatMap(({ id, changed: value }) => (value === null ? [] : [[id, value] as const]));
  return {
    params: {
      run, scenario: report.scenario, strategies, machines,
      kernels: all(({ kernel }) => kernel), cpus: all(({ cpus }) => cpus), seed: report.seed, replications: report.replications,
      ...(changed.length === 0 ? {} : { assumptions: Object.fromEntries(changed) }),
    },
    scenarioTitle: `${report.title} (${name})`,
    strategyTitles: {},
    choices: { strategies, machines, kernel: report.kernel, machine: report.machine },
  };
}
