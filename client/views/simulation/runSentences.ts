import { count } from '../format';
import type { StoredRun } from '../messages';

/** What limits and where, or where a run stands. */
export function sentenceOf(run: StoredRun | null): string {
  if (run === null) return 'Run “Percpu Lens: Run Simulation…” to see how a path scales over CPUs.';
  const { outcome, points, done, total } = run;
  switch (outcome.state) {
    case 'running':
      return points.length === 0 ? 'The first run has started.' : 'Points appear as their runs end.';
    case 'stopped':
      return `Stopped after ${count(done)} of ${count(total)} points; what they gave is kept.`;
    case 'failed':
      return `The simulation failed: ${outcome.reason}`;
    case 'finished':
      return outcome.report.summary[0] ?? 'The simulation has ended.';
  }
}

/** What the first sentence leaves out: strategies, and where growth ends. */
export function furtherSentences(run: StoredRun | null): readonly string[] {
  return run?.outcome.state === 'finished' ? run.outcome.report.summary.slice(1) : [];
}

/** Kernels, machines, seed: what the figures are of. */
export function settingOf({ plan, points }: StoredRun): string {
  const { kernels, machines, seed, replications = 10, assumptions = {} } = plan.params;
  const all = (of: (point: StoredRun['points'][number]) => string, asked: readonly string[]): string => [...new Set(points.length === 0 ? asked : points.map(of))].join(', ');
  const changed = Object.keys(assumptions).length;
  return [
    `Linux ${all(({ kernel }) => kernel, kernels ?? [plan.choices.kernel])}`,
    all(({ machine }) => machine, machines ?? [plan.choices.machine]),
    `seed ${String(seed)}`,
    `${String(replications)} runs a point`,
    ...(changed === 0 ? [] : [`${count(changed)} ${changed === 1 ? 'assumption' : 'assumptions'} set`]),
  ].join(' · ');
}

/** A run in a list. */
export function runLabel(run: StoredRun, index: number): string {
  return `${String(index + 1)}. ${run.plan.params.scenario}, ${settingOf(run)}${run.outcome.state === 'stopped' ? ', stopped' : ''}`;
}
