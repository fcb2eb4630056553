import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { ObjectAllocation, ObjectMemory, ResolvedSite } from '../resolve/resolvedSite';

/** What the source says of the object's own memory, in sentences; from the tables where the source was not read. */

/** Whether it has a slab cache of its own, and a constructor. */
export function objectCache({ object }: LifeCycle, sites: readonly ResolvedSite[]): readonly string[] {
  const memory = memoryOf(sites);
  if (memory !== null) return [...new Set(memory.allocations.map(allocationText))];
  if (object === undefined) return ['where the object\'s own memory is from was not found in the file'];
  return [object.slabCache === null ? 'the object comes from kmalloc and would need a slab cache of its own' : `it has its own cache (${object.slabCache})`];
}

/** Allocations that clear, and what clears or copies over the whole object afterwards: both undo a constructor. */
export function overwrites({ object }: LifeCycle, sites: readonly ResolvedSite[]): readonly string[] {
  const memory = memoryOf(sites);
  const places = memory === null ? (object?.overwrittenBy ?? []) : placesOf(memory);
  return places.length === 0 ? [] : [`constructor state must be kept clear of ${places.join(' and ')}`];
}

function memoryOf(sites: readonly ResolvedSite[]): ObjectMemory | null {
  return sites.map(({ objectMemory }) => objectMemory).find((memory) => memory !== null) ?? null;
}

function allocationText({ cache, by, function: name }: ObjectAllocation): string {
  if (cache === null) return `the object is from kmalloc (${by} in ${name}) and would need a slab cache of its own`;
  if (cache.created === null) return `the object is from ${cache.name}, whose creation is not in the file`;
  const { place, constructor } = cache.created;
  return `the object has its own cache, ${cache.name} (${place}), ${constructor === null ? 'without a constructor' : `whose constructor ${constructor} has to be extended`}`;
}

function placesOf({ allocations, overwrites: written }: ObjectMemory): readonly string[] {
  const cleared = allocations.filter(({ zeroed }) => zeroed).map(({ by, function: name }) => `${by} in ${name} (clears the whole object)`);
  const later = written.map(({ by, function: name, how }) => `${by} in ${name} (${how === 'cleared' ? 'clears' : 'copies over'} the whole object)`);
  return [...cleared, ...later];
}
