import type { NamedRead, UnitReads } from '../../resolve/unitReads';
import { includesIn, includeTable, withUnits, type IncludeTable } from '../compare/includeTable';

/** What the details of a tree's sites were read from, in one thread or another; plain data. */
export interface DetailReads {
  readonly includes: IncludeTable;
  readonly named: readonly NamedRead[];
}

export const noReads: DetailReads = { includes: includeTable(new Map()), named: [] };

export function detailReads({ byUnit, named }: UnitReads): DetailReads {
  return { includes: includeTable(byUnit), named: [...named.values()] };
}

/** What was read there and here. */
export function allReads({ includes, named }: DetailReads, here: UnitReads): DetailReads {
  return { includes: withUnits(includes, here.byUnit), named: [...named, ...here.named.values()] };
}

/** What was read for another state, but for what was read again since. */
export function readsOnto(before: DetailReads, { includes, named }: DetailReads): DetailReads {
  const again = new Set(named.map(({ source, type }) => `${source} ${type}`));
  return {
    includes: withUnits(before.includes, includesIn(includes)),
    named: [...before.named.filter(({ source, type }) => !again.has(`${source} ${type}`)), ...named],
  };
}
