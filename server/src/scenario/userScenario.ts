import type { ObjectKind } from '../lifecycle/lifeCycle';
import { objectKinds, objectLifeCycle } from '../lifecycle/object';
import type { Assumption, Phase, Scenario, ScenarioObject } from './scenario';
import type { ScenarioFactory } from './factory';
import { scenarioFactories } from './catalogue';

/** A scenario of the user's own, as data: a built-in one with other values, or phases over the kernel's objects. */
export interface UserScenario {
  readonly id: string;
  readonly title?: string;
  /** A built-in scenario to start from. */
  readonly base?: string;
  /** CPUs that run it at most; absent: the base's, else all. */
  readonly clients?: number;
  /** Values in place of the base's assumptions, or of phases' times, ns or counts; a spread as `[low, mid, high]`. */
  readonly values?: Readonly<Record<string, number | readonly [number, number, number]>>;
  readonly objects?: readonly { readonly id: string; readonly kind: string; readonly lifetime?: string }[];
  readonly phases?: readonly Phase[];
}

export type UserScenarioResult =
  | { readonly ok: true; readonly factory: ScenarioFactory }
  | { readonly ok: false; readonly reason: string };

/** Reads a definition; what is wrong with it is said in one sentence. */
export function userScenario(definition: UserScenario): UserScenarioResult {
  const refused = (reason: string): UserScenarioResult => ({ ok: false, reason: `scenario ${definition.id}: ${reason}` });
  const { base } = definition;
  if (scenarioFactories.has(definition.id) || definition.id === 'site') return refused('the name is taken by a built-in scenario');
  for (const [id, value] of Object.entries(definition.values ?? {})) {
    const bad = problemOf(value);
    if (bad !== null) return refused(`${id} ${bad}`);
  }
  if (base !== undefined) {
    const factory = scenarioFactories.get(base);
    if (factory === undefined) return refused(`base ${base} is no built-in scenario; there are ${[...scenarioFactories.keys()].join(', ')}`);
    return { ok: true, factory: (kernel, nodes) => derivedScenario(factory(kernel, nodes), definition) };
  }
  const unknownKind = definition.objects?.find(({ kind }) => !objectKinds.includes(kind as ObjectKind));
  if (unknownKind !== undefined) return refused(`${unknownKind.kind} is no object; there are ${objectKinds.join(', ')}`);
  const missing = missingNames(definition);
  if (missing.length > 0) return refused(`${missing.join(', ')} has no value`);
  if ((definition.phases ?? []).length === 0) return refused('it has neither a base nor phases');
  return { ok: true, factory: (kernel, nodes) => ownScenario(definition, kernel, nodes) };
}

function problemOf(value: number | readonly [number, number, number]): string | null {
  const [low, mid, high] = typeof value === 'number' ? [value, value, value] : value;
  if (![low, mid, high].every((one) => Number.isFinite(one) && one >= 0)) return 'is not a number of 0 or more';
  return low <= mid && mid <= high ? null : 'is not in the order low, mid, high';
}

/** Names that phases and objects use and nothing defines. */
function missingNames(definition: UserScenario): string[] {
  const values = new Set(Object.keys(definition.values ?? {}));
  const objects = new Set((definition.objects ?? []).map(({ id }) => id));
  const named = (phases: readonly Phase[]): string[] => phases.flatMap((phase) => {
    switch (phase.kind) {
      case 'hold': return named(phase.phases);
      case 'repeat': return [...(values.has(phase.times) ? [] : [phase.times]), ...named(phase.phases)];
      case 'create': case 'use': case 'destroy': return objects.has(phase.object) ? [] : [phase.object];
      default: return values.has(phase.ns) ? [] : [phase.ns];
    }
  });
  const lifetimes = (definition.objects ?? []).flatMap(({ lifetime }) => (lifetime === undefined || values.has(lifetime) ? [] : [lifetime]));
  return [...new Set([...named(definition.phases ?? []), ...lifetimes])];
}

function derivedScenario(base: Scenario, definition: UserScenario): Scenario {
  const values = definition.values ?? {};
  const assumptions = base.assumptions.map((item): Assumption => {
    const value = values[item.id];
    return value === undefined ? item : { ...item, ...ownValue(value) };
  });
  return { ...base, id: definition.id, title: definition.title ?? base.title, clients: definition.clients ?? base.clients, assumptions };
}

function ownScenario(definition: UserScenario, kernel: Parameters<ScenarioFactory>[0], nodes: number): Scenario {
  const { id, phases = [], values = {} } = definition;
  return {
    id,
    title: definition.title ?? id,
    description: 'A scenario of percpu.toml.',
    operation: 'operations',
    clients: definition.clients ?? null,
    objects: (definition.objects ?? []).flatMap((object) => ownObject(object, kernel, nodes)),
    phases,
    assumptions: Object.entries(values).map(([name, value]) => ({ id: name, label: name, unit: 'ns', ...ownValue(value) })),
    notes: [],
  };
}

function ownObject(
  object: NonNullable<UserScenario['objects']>[number],
  kernel: Parameters<ScenarioFactory>[0],
  nodes: number,
): ScenarioObject[] {
  const lifeCycle = objectLifeCycle(object.kind as ObjectKind, kernel, { growth: 0, nodes });
  return lifeCycle === null ? [] : [{ id: object.id, lifeCycle, lifetime: object.lifetime ?? null, kept: null }];
}

function ownValue(value: number | readonly [number, number, number]): Pick<Assumption, 'value' | 'source'> {
  const [low, mid, high] = typeof value === 'number' ? [value, value, value] : value;
  return { value: { low, mid, high }, source: { kind: 'profile', at: 'percpu.toml' } };
}
