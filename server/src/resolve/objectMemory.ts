import type { FileFacts, SiteFact } from '../facts/fileFacts';
import type { LinkFacts } from './callGraph';
import { objectVariable, type ObjectMemoryFact } from '../facts/objectMemory';
import type { ObjectAllocation, ObjectMemory, ObjectOverwrite, SlabCache } from './resolvedSite';

type Facts = Pick<FileFacts, 'sites' | 'objectMemory'> & Pick<LinkFacts, 'calls'>;

/** Callers of callers beyond this say little about one object. */
const furthestCaller = 2;

/**
 * Where the memory of the object is from that keeps what a site creates: allocated by the site's own function, or by
 * functions of its file that call it and name the object alike (`mm_alloc` and `dup_mm` for `mm_init`). Null where
 * neither is found.
 */
export function objectMemory(file: string, facts: Facts, site: SiteFact): ObjectMemory | null {
  const variable = objectVariable(site);
  if (variable === null || site.function === null || facts.objectMemory.length === 0) return null;
  const own = facts.objectMemory.filter(({ object }) => object === variable);
  const allocated = nearest(facts, site.function, own.filter(({ how }) => how === 'allocated'));
  if (allocated.length === 0) return null;
  return {
    variable,
    allocations: allocated.map((fact) => allocationOf(file, facts, fact)),
    overwrites: overwritesOf(own, allocated),
  };
}

/** Those of the function itself, else of its callers, level by level. */
function nearest({ calls }: Facts, functionName: string, allocated: readonly ObjectMemoryFact[]): readonly ObjectMemoryFact[] {
  let level = new Set([functionName]);
  for (let distance = 0; distance <= furthestCaller; distance++) {
    const found = allocated.filter((fact) => level.has(fact.function));
    if (found.length > 0) return found;
    const inner = level;
    level = new Set(calls.flatMap(({ caller, callees }) => (caller !== null && callees.some((callee) => inner.has(callee)) ? [caller] : [])));
  }
  return [];
}

function allocationOf(file: string, facts: Facts, { function: name, by, cache, zeroed }: ObjectMemoryFact): ObjectAllocation {
  return { function: name, by, zeroed, cache: cache === null ? null : slabCache(file, facts, cache) };
}

/** kmem_cache_create takes the constructor last; KMEM_CACHE makes a cache without one (include/linux/slab.h, 6.12). */
function slabCache(file: string, { sites }: Facts, name: string): SlabCache {
  const site = sites.find(({ api, assignedTo }) => /^(kmem_cache_create|KMEM_CACHE)/.test(api) && assignedTo === name);
  if (site === undefined) return { name, created: null };
  const last = /^kmem_cache_create/.test(site.api) ? (site.arguments.at(-1) ?? 'NULL') : 'NULL';
  return { name, created: { place: `${file}:${String(site.line)}`, constructor: last === 'NULL' ? null : last } };
}

/** What follows an allocation in the same function. */
function overwritesOf(own: readonly ObjectMemoryFact[], allocated: readonly ObjectMemoryFact[]): readonly ObjectOverwrite[] {
  return own.flatMap(({ how, function: name, by, offset }) =>
    how !== 'allocated' && allocated.some((fact) => fact.function === name && fact.offset < offset) ? [{ how, by, function: name }] : []);
}
