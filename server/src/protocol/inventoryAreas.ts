import type { InventoryArea, InventoryTotal } from './inventory';

/** Its file is not compiled as configured. */
export function isNotBuilt({ excluded }: Pick<InventoryArea, 'excluded'>): boolean {
  return excluded?.endsWith('is not built with this configuration') === true;
}

/** Nothing of it is known, or none of it is certain: a 0 would say that there is nothing. */
export function isUnknownTotal({ bytes_per_cpu: bytes, areas, unknown_sizes: sizes, left_out: sites }: Omit<InventoryTotal, 'footprint'>): boolean {
  return bytes === 0 && (sizes > 0 || (areas === 0 && sites > 0));
}
