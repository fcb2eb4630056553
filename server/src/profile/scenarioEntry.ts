import { objectKinds } from '../lifecycle/object';
import { maximumCpus } from '../machine/cpuCount';
import type { Phase } from '../scenario/scenario';
import { scenarioFactories } from '../scenario/catalogue';
import { userScenario, type UserScenario } from '../scenario/userScenario';
import type { Interval } from '../util/interval';
import { field, flag, list, type Made, mapOf, mapped, recursive, type Shape, spread, table, text, whole } from '../util/shape';

const phaseKinds = ['user', 'kernel', 'sleep', 'hold', 'create', 'use', 'destroy', 'repeat'] as const;

const phaseShape: Shape<Phase> = mapped(
  table(
    { kind: field(text(phaseKinds), 'user, kernel or sleep for a time; hold a lock; create, use or destroy an object; repeat.') },
    {
      ns: field(text(), 'Name of the time in values, for user, kernel and sleep.'),
      object: field(text(), 'Id of the object, for create, use and destroy.'),
      lock: field(text(), 'Name of the lock, for hold.'),
      lock_kind: field(text(['mutex', 'spinlock']), 'mutex where absent.'),
      irqs_off: field(flag, 'True for a spinlock taken with interrupts off.'),
      per_node: field(flag, 'True for a lock of its own in each memory node.'),
      lines: field(text(), 'Name of the count in values of lines that move with the lock.'),
      times: field(text(), 'Name of the count in values, for repeat.'),
      phases: field(recursive('phases', () => list(phaseShape)), 'What is done inside, for hold and repeat.'),
    },
  ),
  phaseOf,
);

interface Written {
  readonly kind: (typeof phaseKinds)[number];
  readonly ns?: string;
  readonly object?: string;
  readonly lock?: string;
  readonly lock_kind?: 'mutex' | 'spinlock';
  readonly irqs_off?: boolean;
  readonly per_node?: boolean;
  readonly lines?: string;
  readonly times?: string;
  readonly phases?: readonly Phase[];
}

function phaseOf({ kind, ns, object, lock, times, phases = [], ...more }: Written): Made<Phase> {
  const needs = (name: string): { fault: string } => ({ fault: `a phase of kind "${kind}" needs "${name}"` });
  switch (kind) {
    case 'user': case 'kernel': case 'sleep':
      return ns === undefined ? needs('ns') : { value: { kind, ns } };
    case 'create': case 'use': case 'destroy':
      return object === undefined ? needs('object') : { value: { kind, object } };
    case 'repeat':
      return times === undefined ? needs('times') : { value: { kind, times, phases } };
    case 'hold':
      return lock === undefined ? needs('lock') : { value: held(lock, phases, more) };
  }
}

function held(lock: string, phases: readonly Phase[], { lock_kind, irqs_off, per_node, lines }: Omit<Written, 'kind'>): Phase {
  return {
    kind: 'hold', lock, lockKind: lock_kind ?? 'mutex', irqsOff: irqs_off ?? false, phases,
    ...(per_node === undefined ? {} : { perNode: per_node }), ...(lines === undefined ? {} : { lines }),
  };
}

const objectShape = table(
  {
    id: field(text(), 'The name by which phases mean it.'),
    kind: field(text(objectKinds), 'An object of the kernel.'),
  },
  { lifetime: field(text(), 'Name of the time in values that it lives after its operation; absent: the phases destroy it, or it stays.') },
);

/** A scenario of the project's own, checked as the simulation checks it. */
export const scenarioShape: Shape<UserScenario> = mapped(
  table({}, {
    title: field(text(), 'Title in lists.'),
    base: field(text([...scenarioFactories.keys()]), 'A built-in scenario to start from.'),
    clients: field(whole(1, maximumCpus), 'CPUs that run it at most; the base\'s, else all, where absent.'),
    values: field(mapOf(spread(0, 1e15)), 'Times in ns and counts by name, in place of the base\'s: a number, or low, mid and high.'),
    objects: field(list(objectShape), 'Objects that phases create.'),
    phases: field(list(phaseShape), 'Parts of one operation, in order.'),
  }),
  (written, id): Made<UserScenario> => {
    const scenario = scenarioOf(id, written);
    const checked = userScenario(scenario);
    return checked.ok ? { value: scenario } : { fault: checked.reason };
  },
);

type WrittenScenario = Omit<UserScenario, 'id' | 'values'> & { readonly values?: ReadonlyMap<string, Interval> };

function scenarioOf(id: string, { values, ...rest }: WrittenScenario): UserScenario {
  if (values === undefined) return { id, ...rest };
  const triples = [...values].map(([name, { low, mid, high }]): [string, readonly [number, number, number]] => [name, [low, mid, high]]);
  return { id, ...rest, values: Object.fromEntries(triples) };
}
