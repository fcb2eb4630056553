import { finding, hotClass, type Rule } from './rule';

/** Percpu memory for each element of an array, one allocation each. */
export const allocationPerElement: Rule = {
  id: 'allocation-per-element',
  title: 'One percpu allocation for each element',
  severity: 'hint',
  summary:
    'Each turn of the loop takes the allocator’s locks and clears one area on every possible CPU. One allocation of all elements, up to 32 KiB, takes them once.',
  check: (subject) =>
    subject.sites.flatMap((site) => {
      const { api, kind, loop, inMacro, assignedTo, arguments: given } = site.fact;
      const hot = hotClass(subject, site);
      if (inMacro || hot === undefined || (kind !== 'alloc' && kind !== 'init')) return [];
      if (loop === null || loop === 'while' || loop === 'do') return [];
      const target = kind === 'alloc' ? (assignedTo ?? '') : (given[0] ?? '');
      if (!/\[[^\]]*[A-Za-z_][^\]]*\]/.test(target)) return [];
      const message = `${api} for each ${target.replace(/^&/, '')} (${loop}), at ${subject.triggerWords(hot)}: one allocation of all elements takes the locks once.`;
      return [finding(allocationPerElement, subject, site, { message })];
    }),
};
