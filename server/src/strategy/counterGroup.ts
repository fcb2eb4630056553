import type { ResolvedSite } from '../resolve/resolvedSite';

/** What percpu_counter_init_many would need of these counters and does not find: one amount, one gfp, one array. */
export function obstaclesToInitMany(sites: readonly ResolvedSite[]): readonly string[] {
  const counters = sites.filter(({ fact }) => fact.kind === 'init' && /^_*percpu_counter_init$/.test(fact.api));
  if (counters.length < 2) return [];
  const amounts = distinct(counters.map(({ fact }) => fact.arguments[1] ?? '?'));
  const flags = distinct(counters.map(({ gfp, fact }) => gfp ?? fact.arguments[2] ?? '?'));
  const targets = counters.map(({ fact }) => (fact.arguments[0] ?? '').replace(/^&/, ''));
  const owners = distinct(targets.map((target) => target.replace(/\[[^\]]*\]$|(->|\.)[^.>]*$/, '')));
  return [
    ...(amounts.length > 1 ? [`amounts differ (${amounts.join(', ')}): set the others afterwards`] : []),
    ...(flags.length > 1 ? [`gfp differs (${flags.join(', ')})`] : []),
    ...(owners.length > 1 ? [`they lie in different structures (${owners.join(', ')})`] : []),
    ...(targets.every((target) => /\[[^\]]*\]$/.test(target)) ? [] : ['they are fields of their own: an array has to be made of them']),
  ];
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
