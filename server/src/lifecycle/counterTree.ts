/**
 * Shape of the proposed hierarchical counter: how many bits of the CPU number each level folds, from the leaves up.
 * Published for 2^3, 2^6, 2^8 and 2^9 CPUs (percpu_counter_tree, v16); the orders between follow the same pattern.
 */
function bitsPerLevel(order: number): readonly number[] {
  const levels = order <= 9 ? Math.min(order, 3) : Math.min(5, Math.ceil(order / 3));
  return Array.from({ length: levels }, (_, level) => Math.floor((order + levels - 1 - level) / levels));
}

function orderOf(cpus: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, cpus))));
}

/** Items above the per-CPU level, for one counter: 21 at 64 CPUs, 37 at 256, 73 at 512. */
export function treeItems(cpus: number): number {
  const order = orderOf(cpus);
  let width = 2 ** order;
  return bitsPerLevel(order).reduce((items, bits) => {
    width /= 2 ** bits;
    return items + width;
  }, 0);
}

/** Strict bound of the read error in counter units: every level can hold back its batch; 768 at 8 CPUs, 49,152 at 512. */
export function treeErrorBound(cpus: number, batch = 32): number {
  const order = orderOf(cpus);
  return 2 ** order * batch * bitsPerLevel(order).length;
}
