import type { MemberPlace, ResolvedSite } from '../resolve/resolvedSite';

/** What percpu_counter_init_many would need of these counters and does not find: one amount, one gfp, one array. */
export function obstaclesToInitMany(sites: readonly ResolvedSite[]): readonly string[] {
  const counters = countersOf(sites);
  if (counters.length < 2) return [];
  const amounts = distinct(counters.map(({ fact }) => fact.arguments[1] ?? '?'));
  const flags = distinct(counters.map(({ gfp, fact }) => gfp ?? fact.arguments[2] ?? '?'));
  const owners = distinct(counters.map(({ keeper }) => ownerOf(keeper ?? '?')));
  return [
    ...(amounts.length > 1 ? [`amounts differ (${amounts.join(', ')}): set the others afterwards`] : []),
    ...(flags.length > 1 ? [`gfp differs (${flags.join(', ')})`] : []),
    ...(owners.length > 1 ? [`they lie in different structures (${owners.join(', ')})`] : []),
    ...arrayNeeded(counters),
  ];
}

/** Single counters; those of one init_many or inside another API are grouped already. */
function countersOf(sites: readonly ResolvedSite[]): readonly ResolvedSite[] {
  return sites.filter(({ fact }) => fact.kind === 'init' && /^_*percpu_counter_init$/.test(fact.api));
}

function ownerOf(keeper: string): string {
  return keeper.replace(/\[[^\]]*\]$|(->|\.)[^.>]*$/, '');
}

/** An array is there already, can be laid over fields that follow each other, or has to be made. */
function arrayNeeded(counters: readonly ResolvedSite[]): readonly string[] {
  if (counters.every(({ keeper }) => /\[[^\]]*\]$/.test(keeper ?? ''))) return [];
  const places = counters.flatMap(({ member }) => (member === null ? [] : [member]));
  const runs = places.length === counters.length ? runsOf(places) : [];
  const structure = places[0]?.structure ?? '';
  if (runs.length === 0) return ['they are fields of their own: an array has to be made of them'];
  if (runs.length === 1) return [`they are fields of their own that follow each other in ${structure}: an array can take their place`];
  return [`they are fields of their own, in ${structure} as runs of ${runs.map((run) => namesOf(run)).join(' and ')}: a contiguous array has to be made of them`];
}

function namesOf(run: readonly MemberPlace[]): string {
  return `${String(run.length)} (${run.map(({ member }) => member).join(', ')})`;
}

/** Members of one structure, cut where the next does not begin at the end of the one before. */
export function runsOf(places: readonly MemberPlace[]): readonly (readonly MemberPlace[])[] {
  const runs: MemberPlace[][] = [];
  for (const place of [...places].sort((a, b) => a.offset - b.offset)) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && last.structure === place.structure && last.offset + last.size === place.offset) runs.at(-1)?.push(place);
    else runs.push([place]);
  }
  return runs;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
