import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import type { SimulationRequest } from '../protocol/simulation';
import { applyStrategies } from '../strategy/applyStrategies';
import type { StrategyContext } from '../strategy/strategy';
import { changesOf, type Phase, type Scenario, type ScenarioObject, threadsOf } from '../scenario/scenario';

/** `grouping+ctor-dtor` → its ids; `baseline` → none. */
export function strategyIds(text: string): readonly string[] {
  const ids = text.split('+').map((id) => id.trim()).filter((id) => id !== '');
  return ids.filter((id) => id !== 'baseline');
}

interface Setting {
  readonly request: SimulationRequest;
  readonly machine: MachineProfile;
  readonly sites: StrategyContext['sites'];
}

interface Part {
  readonly scenario: Scenario;
}

/** The life cycles of each part's objects, and why a strategy changes nothing of them on a machine of this size; null: all do. */
export interface Rewritten {
  readonly lifeCycles: readonly (readonly LifeCycle[])[];
  readonly refusal: string | null;
}

/** The life cycles with those of the strategies applied that apply to some object. */
export function withStrategies(setting: Setting, cpus: number, parts: readonly Part[], strategy: string): Rewritten {
  const ids = strategyIds(strategy);
  const before = parts.map(({ scenario }) => scenario.objects.map(({ lifeCycle }) => lifeCycle));
  if (ids.length === 0) return { lifeCycles: before, refusal: null };
  const combinations = parts.map(({ scenario }) =>
    scenario.objects.map((object) => applyStrategies(ids, object.lifeCycle, contextOf(setting, cpus, scenario, object))),
  );
  const outcome = combinations.flat().flatMap((combination) => combination.outcome);
  const [unapplied] = ids.flatMap((id) => refusalOf(id, outcome, parts));
  const after = combinations.map((part) => part.map(({ lifeCycle }) => lifeCycle));
  const changed = parts.some(({ scenario }, part) => executed(scenario, before[part] ?? []) !== executed(scenario, after[part] ?? []));
  return { lifeCycles: after, refusal: unapplied ?? (changed ? null : `strategy ${strategy} changes nothing that ${names(parts)} does`) };
}

function refusalOf(id: string, outcome: readonly { id: string; applied: boolean; why: string }[], parts: readonly Part[]): string[] {
  const mine = outcome.filter((one) => one.id === id);
  if (mine.some(({ applied }) => applied)) return [];
  return [`strategy ${id} does not apply to ${names(parts)}: ${mine[0]?.why ?? 'nothing is created there'}`];
}

function names(parts: readonly Part[]): string {
  return parts.map(({ scenario }) => scenario.id).join(' and ');
}

function contextOf(setting: Setting, cpus: number, scenario: Scenario, object: ScenarioObject): StrategyContext {
  const { topology } = withCpus(setting.machine, cpus, cpus);
  const threads = threadsOf(scenario, object, changesOf(scenario, setting.request.assumptions));
  return {
    possibleCpus: topology.possibleCpus,
    onlineCpus: topology.onlineCpus,
    sites: setting.sites,
    nodes: topology.nodes,
    cpusPerLlc: topology.coresPerLlc * topology.smt,
    ...(threads === undefined ? {} : { threads }),
  };
}

/** What the scenario executes and keeps of its objects, as text to compare. */
function executed(scenario: Scenario, lifeCycles: readonly LifeCycle[]): string {
  const used = new Set(kindsUsed(scenario.phases));
  return JSON.stringify(
    lifeCycles.map(({ create, use, destroy, areas, pinned }) => [
      used.has('create') ? [create, areas, pinned] : [],
      used.has('use') ? use : [],
      used.has('destroy') || scenario.objects.some(({ lifetime }) => lifetime !== null) ? destroy : [],
    ]),
  );
}

function kindsUsed(phases: readonly Phase[]): string[] {
  return phases.flatMap((phase) => (phase.kind === 'hold' || phase.kind === 'repeat' ? kindsUsed(phase.phases) : [phase.kind]));
}
