/** Configurations under which times are not modelled; bytes and paths still hold. */
const unmodelled: readonly (readonly [string, string])[] = [
  ['CONFIG_PREEMPT_RT', 'PREEMPT_RT: spinlocks sleep'],
  ['CONFIG_KASAN', 'KASAN checks every access'],
  ['CONFIG_PROVE_LOCKING', 'lockdep records every lock'],
  ['CONFIG_DEBUG_KMEMLEAK', 'kmemleak tracks every allocation'],
];

/** Why times of a configuration are not modelled; undefined where they are. `isSet` answers for a `CONFIG_` name. */
export function notModelledBecause(isSet: (name: string) => boolean): string | undefined {
  if (!isSet('CONFIG_SMP')) return 'a uniprocessor kernel has no per-CPU copies';
  return unmodelled.find(([name]) => isSet(name))?.[1];
}

/** Kernels whose lives differ in what is modelled, oldest first: others are like the last one before them. */
export const modelledKernels: readonly string[] = ['6.1', '6.2', '6.3', '6.5', '6.6', '6.12'];
