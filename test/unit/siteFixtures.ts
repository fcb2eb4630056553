import { keeperText } from '../../server/src/facts/objectMemory';
import type { ApiFamily, SiteKind } from '../../server/src/kernel/api';
import type { Reach, ResolvedSite } from '../../server/src/resolve/resolvedSite';

export interface SiteDetails {
  readonly size?: number | null;
  readonly align?: number;
  readonly count?: number | null;
  readonly batch?: number;
  readonly gfp?: string;
  readonly atomic?: boolean;
  readonly reach?: readonly Reach[];
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
  readonly arguments?: readonly string[];
  readonly assignedTo?: string;
  readonly type?: string;
  readonly via?: readonly string[];
  readonly member?: ResolvedSite['member'];
  readonly objectMemory?: ResolvedSite['objectMemory'];
}

/** A resolved site as the analysis of a tree would give it. */
export function resolvedSite(api: string, family: ApiFamily, kind: SiteKind, details: SiteDetails = {}): ResolvedSite {
  const size = details.size ?? null;
  return {
    file: details.file ?? 'kernel/sample.c',
    fact: {
      api, family, kind,
      span: { start: 0, end: api.length + 2 }, nameSpan: { start: 0, end: api.length },
      line: details.line ?? 10, column: 1,
      function: details.function ?? 'sample_create', inMacro: false,
      arguments: details.arguments ?? [], assignedTo: details.assignedTo ?? null, loop: null, condition: null,
    },
    type: details.type ?? null,
    size: { size, align: size === null ? null : (details.align ?? 8), source: size === null ? 'unknown' : 'literal', reason: 'fixture' },
    count: details.count ?? null,
    batch: details.batch ?? null,
    gfp: details.gfp ?? null,
    atomic: details.atomic ?? false,
    reach: details.reach ?? [{ frequencyClass: 'unknown', chain: [] }],
    accountedBy: null,
    objects: [],
    via: details.via ?? [],
    keeper: keeperText({ kind, assignedTo: details.assignedTo ?? null, arguments: details.arguments ?? [] }),
    member: details.member ?? null,
    objectMemory: details.objectMemory ?? null,
  };
}
