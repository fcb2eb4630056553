import type { InventoryArea, InventoryChild, InventoryObject } from '../../../server/src/protocol/inventory';
import { t } from '../l10n';

/** `alloc_percpu of struct ipstats_mib, in ipv4_mib_init_net`. */
export function areaText({ api, allocates, function: name }: InventoryArea): string {
  const what = allocates === api ? api : t('{0} of {1}', api, allocates);
  return name === null ? what : t('{0}, in {1}', what, name);
}

export function callsText(chain: readonly string[]): string {
  return chain.join(' → ');
}

export function childText({ object, times }: InventoryChild): string {
  return times === null || times === 1 ? t('creates {0}', object) : t('creates {0} ×{1}', object, times);
}

/** `locks taken to create and to destroy one: pcpu_alloc_mutex 2 and 0, …`. */
export function locksTaken({ locks }: InventoryObject): readonly string[] {
  const taken = Object.entries(locks ?? {}).map(([name, { create, destroy }]) => t('{0} {1} and {2}', name, create, destroy));
  return taken.length === 0 ? [] : [t('locks taken to create and to destroy one: {0}', taken.join(', '))];
}

/** How often an area is allocated and what was assumed for it. */
export function notesOf({ times, times_reason: reason, assumed, bytes_per_cpu: bytes, size_reason: why }: InventoryArea): readonly string[] {
  const often = reason === '' ? [] : [times === null ? reason : t('{0} times: {1}', times, reason)];
  return [...often, ...assumed.map((text) => t('assumed: {0}', text)), ...(bytes === null ? [t('size unknown: {0}', why)] : [])];
}

/** Why an area or a child is not counted. */
export function whyNot({ excluded, when, modules, times, times_reason: reason }: InventoryArea | InventoryChild): string {
  if (excluded !== null) return excluded;
  const parts = [
    ...when.map((condition) => t('if {0}', condition)),
    ...(modules.length === 0 ? [] : [t('with {0} loaded', modules.join(', '))]),
    ...(times === null ? [t('how often is not known: {0}', reason)] : []),
  ];
  return parts.join('; ');
}
