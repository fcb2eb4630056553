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
  readonly objects?: ResolvedSite['objects'];
}

/** A resolved site as the analysis of a tree would give it. */
export function resolvedSite(api: string, family: ApiFamily, kind: SiteKind, details: SiteDetails = {}): ResolvedSite {
  const fact = factOf(api, family, kind, details);
  return { ...nothingResolved, file: details.file ?? 'kernel/sample.c', fact, size: sizeOf(details), keeper: keeperText(fact), ...resolvedParts(details) };
}

const nothingResolved: Omit<ResolvedSite, 'file' | 'fact' | 'size' | 'keeper'> = {
  type: null, count: null, turns: 1, batch: null, gfp: null, atomic: false, reach: [{ frequencyClass: 'unknown', chain: [] }], accountedBy: null,
  via: [], objects: [], walk: null, member: null, objectMemory: null,
};

function factOf(api: string, family: ApiFamily, kind: SiteKind, details: SiteDetails): ResolvedSite['fact'] {
  return {
    api, family, kind,
    span: { start: 0, end: api.length + 2 }, nameSpan: { start: 0, end: api.length },
    line: details.line ?? 10, column: 1,
    function: details.function ?? 'sample_create', inMacro: false,
    arguments: details.arguments ?? [], assignedTo: details.assignedTo ?? null, loop: null, condition: null,
  };
}

function sizeOf({ size = null, align = 8 }: SiteDetails): ResolvedSite['size'] {
  return { size, align: size === null ? null : align, source: size === null ? 'unknown' : 'literal', reason: 'fixture' };
}

const resolvedNames = ['type', 'count', 'batch', 'gfp', 'atomic', 'reach', 'via', 'objects', 'member', 'objectMemory'] as const;

function resolvedParts(details: SiteDetails): Partial<ResolvedSite> {
  return Object.fromEntries(resolvedNames.flatMap((name) => (details[name] === undefined ? [] : [[name, details[name]]])));
}
