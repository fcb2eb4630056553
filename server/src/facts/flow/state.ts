import type { Section } from './atomicSections';
import type { Holding } from './holdings';

/** What is known at a place of a function, whichever way led there. */
export interface State {
  /** Atomic sections that are open, the outermost first. */
  readonly sections: readonly Section[];
  readonly holdings: readonly Holding[];
  /** A variable that holds an error code; null where none is known to. */
  readonly failing: string | null;
}

export const atStart: State = { sections: [], holdings: [], failing: null };

/** More ways into one place are taken together, as less is then known. */
const mostStates = 24;

/** The states without repetition; joined into one where there are too many. */
export function distinct(states: readonly State[]): readonly State[] {
  const byKey = new Map(states.map((state) => [keyOf(state), state]));
  if (byKey.size <= mostStates) return [...byKey.values()];
  const joined = join([...byKey.values()]);
  return joined === null ? [] : [joined];
}

/** What holds in every state; null where there is none. */
export function join(states: readonly State[]): State | null {
  const [first, ...others] = states;
  if (first === undefined) return null;
  return others.reduce(
    (known, { sections, holdings, failing }) => ({
      sections: known.sections.filter((one) => sections.some((other) => sameSection(one, other))),
      holdings: known.holdings.flatMap((one) => shared(one, holdings)),
      failing: known.failing === failing ? failing : null,
    }),
    first,
  );
}

function sameSection(a: Section, b: Section): boolean {
  return a.group === b.group && a.lock === b.lock;
}

function shared(one: Holding, others: readonly Holding[]): readonly Holding[] {
  const other = others.find((held) => sameHolding(one, held));
  return other === undefined ? [] : [other.isOwn ? one : other];
}

function sameHolding(a: Holding, b: Holding): boolean {
  return a.site === b.site && a.key === b.key && a.test?.name === b.test?.name;
}

function keyOf({ sections, holdings, failing }: State): string {
  const held = holdings.map(({ site, key, test, isOwn }) => `${site} ${key} ${test?.name ?? ''} ${isOwn}`);
  return `${sections.map(({ group, lock, at }) => `${group} ${lock} ${at}`).join()}|${held.join()}|${failing ?? ''}`;
}
