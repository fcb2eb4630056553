import type { ResolvedSite } from '../resolve/resolvedSite';
import { finding, flowOf, isCreating, relatedTo, type Fix, type Rule } from './rule';

/** An allocation that may sleep where nothing may: every way to it is inside the section. */
export const sleepInAtomic: Rule = {
  id: 'sleep-in-atomic',
  title: 'Allocation that may sleep in an atomic section',
  severity: 'warning',
  summary:
    'With GFP_KERNEL the allocator takes pcpu_alloc_mutex and may wait for memory. Under a spinlock, in an RCU reader or with interrupts, softirqs or preemption off, that is a bug.',
  check: (subject) =>
    subject.sites.flatMap((site) => {
      const flow = mayWait(site) ? flowOf(subject, site) : undefined;
      if (flow?.atomic == null) return [];
      const { atomic } = flow;
      return [finding(sleepInAtomic, subject, site, {
        message: `${site.fact.api} may sleep here, after ${atomic.text} on line ${atomic.line}.`,
        related: [relatedTo(atomic, 'the atomic section begins here')],
        // Without a test of its outcome a request that fails more often would make a crash of it.
        fix: flow.checked ? atomicForm(site) : null,
      })];
    }),
};

function mayWait(site: ResolvedSite): boolean {
  if (!isCreating(site) || site.fact.inMacro || site.atomic) return false;
  return site.gfp === null ? sleepsWhateverItIsGiven(site) : /\b__?GFP_(?:KERNEL|USER|NOFS|NOIO|DIRECT_RECLAIM)|\bGFP_(?:KERNEL|USER|NOFS|NOIO)/.test(site.gfp);
}

/** Indirect initialisers without a gfp argument pass GFP_KERNEL on. */
function sleepsWhateverItIsGiven({ fact }: ResolvedSite): boolean {
  return /^(?:init_srcu_struct|__init_srcu_struct|percpu_init_rwsem|__percpu_init_rwsem|gro_cells_init|alloc_workqueue|kmem_cache_create\w*|KMEM_CACHE)$/.test(fact.api);
}

function atomicForm({ fact }: ResolvedSite): Fix | null {
  const title = 'Ask for memory that is at hand: GFP_ATOMIC';
  if (fact.api === 'alloc_percpu') return { title, span: fact.span, expected: /^alloc_percpu\((.*)\)$/s, replacement: 'alloc_percpu_gfp($1, GFP_ATOMIC)' };
  const takesGfp = fact.api === 'alloc_percpu_gfp' || fact.api === 'percpu_counter_init' || fact.api === 'percpu_counter_init_many';
  if (!takesGfp || fact.arguments.filter((text) => /\bGFP_KERNEL\b/.test(text)).length !== 1) return null;
  return { title, span: fact.span, expected: /^(.*)\bGFP_KERNEL\b(.*)$/s, replacement: '$1GFP_ATOMIC$2' };
}
