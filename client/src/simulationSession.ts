import type * as vscode from 'vscode';
import type { FurtherAnswers, SimulationOutcome, SimulationPlan, StoredRun } from '../views/messages';
import type { SimulationPointNotice } from '../../server/src/protocol/simulationRequests';

const memory = 'percpuLens.simulations';
/** Results that are kept: enough to compare, few enough for the editor's own store. */
const most = 8;

/** The runs of a window, kept while panels close and open, and over a reload. */
export interface SimulationSession {
  runs(): readonly StoredRun[];
  find(run: string): StoredRun | undefined;
  start(plan: SimulationPlan): void;
  point(notice: SimulationPointNotice): void;
  end(run: string, outcome: SimulationOutcome): void;
  answer(run: string, further: FurtherAnswers): void;
  add(run: StoredRun): void;
  forget(run: string): void;
}

export function createSimulationSession(store: vscode.Memento): SimulationSession {
  let runs: readonly StoredRun[] = store.get<readonly StoredRun[]>(memory, []).filter(isWhole).map(ended);
  const keep = (next: readonly StoredRun[]): void => {
    runs = next.slice(-most);
  };
  const save = (): void => void store.update(memory, runs);
  const change = (run: string, part: (stored: StoredRun) => Partial<StoredRun>): void => {
    keep(runs.map((stored) => (stored.plan.params.run === run ? { ...stored, ...part(stored) } : stored)));
  };
  return {
    runs: () => runs,
    find: (run) => runs.find(({ plan }) => plan.params.run === run),
    start: (plan) => keep([...runs, startedRun(plan)]),
    point: ({ run, point, done, total }) => change(run, (stored) => ({ points: [...stored.points, point], done, total })),
    end: (run, outcome) => {
      change(run, () => (outcome.state === 'finished' ? { outcome, points: outcome.report.points } : { outcome }));
      save();
    },
    answer: (run, further) => {
      change(run, (stored) => ({ further: { ...stored.further, ...further } }));
      save();
    },
    add: (run) => {
      keep([...runs, run]);
      save();
    },
    forget: (run) => {
      keep(runs.filter(({ plan }) => plan.params.run !== run));
      save();
    },
  };
}

function startedRun(plan: SimulationPlan): StoredRun {
  const { cpus, strategies, kernels = [], machines = [] } = plan.params;
  const total = cpus.length * (strategies.length + 1) * Math.max(1, kernels.length) * Math.max(1, machines.length);
  return { plan, points: [], done: 0, total, outcome: { state: 'running' }, further: {} };
}

/** Kept by an older version, it may lack what this one shows. */
function isWhole(run: Partial<StoredRun>): boolean {
  return run.plan?.choices !== undefined && run.further !== undefined && Array.isArray(run.points);
}

/** A run that was going when the window went away has stopped. */
function ended(run: StoredRun): StoredRun {
  return run.outcome.state === 'running' ? { ...run, outcome: { state: 'stopped' } } : run;
}
