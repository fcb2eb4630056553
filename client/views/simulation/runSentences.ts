import { count } from '../format';
import type { StoredRun } from '../messages';
import { t } from '../l10n';

/** What limits and where, or where a run stands. */
export function sentenceOf(run: StoredRun | null): string {
  if (run === null) return t('Run “Percpu Lens: Run Simulation…” to see how a path scales over CPUs.');
  const { outcome, points, done, total } = run;
  switch (outcome.state) {
    case 'running':
      return points.length === 0 ? t('The first run has started.') : t('Points appear as their runs end.');
    case 'stopped':
      return t('Stopped after {0} of {1} points; what they gave is kept.', count(done), count(total));
    case 'failed':
      return t('The simulation failed: {0}', outcome.reason);
    case 'finished':
      return outcome.report.summary[0] ?? t('The simulation has ended.');
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
    t('Linux {0}', all(({ kernel }) => kernel, kernels ?? [plan.choices.kernel])),
    all(({ machine }) => machine, machines ?? [plan.choices.machine]),
    t('seed {0}', seed),
    t('{0} runs a point', replications),
    ...(changed === 0 ? [] : [changed === 1 ? t('1 assumption set') : t('{0} assumptions set', count(changed))]),
  ].join(' · ');
}

/** A run in a list. */
export function runLabel(run: StoredRun, index: number): string {
  return `${String(index + 1)}. ${run.plan.params.scenario}, ${settingOf(run)}${run.outcome.state === 'stopped' ? t(', stopped') : ''}`;
}
