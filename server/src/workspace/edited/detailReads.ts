import type { NamedRead, UnitReads } from '../../resolve/unitReads';
import { includeTable, withUnits, type IncludeTable } from '../compare/includeTable';

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
