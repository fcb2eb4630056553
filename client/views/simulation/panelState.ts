import type { FurtherAnswers, RunChange, SimulationOutcome, StoredRun } from '../messages';
import type { SimulatedPoint } from '../../../server/src/protocol/simulation';

/** What the panel shows. The runs are the extension host's; what a person chose of them is kept here over hide and reload. */
export interface PanelState {
  readonly runs: readonly StoredRun[];
  readonly shown: string | null;
  /** A second result beside it. */
  readonly beside: string | null;
  /** What was changed since, of the shown run: not yet run. */
  readonly change: RunChange;
  /** Why the last request was not run. */
  readonly refusal: string | null;
}

export type Kept = Pick<PanelState, 'shown' | 'beside' | 'change'>;

export const emptyState: PanelState = { runs: [], shown: null, beside: null, change: {}, refusal: null };

export function restored(kept: Partial<Kept> | undefined): PanelState {
  return { ...emptyState, shown: kept?.shown ?? null, beside: kept?.beside ?? null, change: kept?.change ?? {} };
}

export function runOf({ runs }: PanelState, id: string | null): StoredRun | null {
  return runs.find(({ plan }) => plan.params.run === id) ?? null;
}

/** The runs as the host has them; what was shown stays where it is still there, else the last. */
export function withRuns(state: PanelState, runs: readonly StoredRun[]): PanelState {
  const has = (id: string | null): boolean => runs.some(({ plan }) => plan.params.run === id);
  const shown = has(state.shown) ? state.shown : (runs.at(-1)?.plan.params.run ?? null);
  return { ...state, runs, shown, beside: has(state.beside) && state.beside !== shown ? state.beside : null, change: shown === state.shown ? state.change : {} };
}

/** A new run is shown, beside another where one is named: the one that it repeats with a change, or what was shown before. */
export function withShown(state: PanelState, runs: readonly StoredRun[], run: string, beside: string | null): PanelState {
  return { ...state, runs, shown: run, beside: runs.some(({ plan }) => plan.params.run === beside) ? beside : null, change: {}, refusal: null };
}

/** A request that was not run leaves what was shown before, and what was changed, to be put right. */
export function withRefused(state: PanelState, run: string, reason: string): PanelState {
  const refused = runOf(state, run);
  const runs = state.runs.filter((one) => one !== refused);
  const back = state.beside ?? runs.at(-1)?.plan.params.run ?? null;
  const from = runs.find(({ plan }) => plan.params.run === back);
  return { ...state, runs, shown: back, beside: null, change: refused === null || from === undefined ? {} : changeBetween(from, refused), refusal: reason };
}

function changeBetween(from: StoredRun, to: StoredRun): RunChange {
  const keys = ['cpus', 'strategies', 'kernels', 'machines', 'seed', 'replications', 'assumptions', 'load'] as const;
  const [before, after] = [from.plan.params, to.plan.params];
  return Object.fromEntries(keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => [key, after[key]]));
}

export function withPoint(state: PanelState, run: string, point: SimulatedPoint, done: number, total: number): PanelState {
  return changed(state, run, (stored) => ({ points: [...stored.points, point], done, total }));
}

export function withOutcome(state: PanelState, run: string, outcome: SimulationOutcome): PanelState {
  return changed(state, run, () => (outcome.state === 'finished' ? { outcome, points: outcome.report.points } : { outcome }));
}

export function withFurther(state: PanelState, run: string, further: FurtherAnswers): PanelState {
  return changed(state, run, (stored) => ({ further: { ...stored.further, ...further } }));
}

function changed(state: PanelState, run: string, part: (stored: StoredRun) => Partial<StoredRun>): PanelState {
  return { ...state, runs: state.runs.map((stored) => (stored.plan.params.run === run ? { ...stored, ...part(stored) } : stored)) };
}
