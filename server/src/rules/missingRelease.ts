import type { FlowPlace } from '../facts/fileFacts';
import { finding, flowOf, relatedTo, type Rule } from './rule';

/** A way out of the function on which the object is freed, or its only name forgotten, and its percpu memory is not released. */
export const missingRelease: Rule = {
  id: 'missing-release',
  title: 'Percpu memory is lost on a way out',
  severity: 'warning',
  summary:
    'On one way through the function the object is freed, or the only pointer goes out of scope, while what was allocated per CPU stays: possible CPUs × its size, never freed, and a counter stays in the hotplug list.',
  check: (subject) =>
    subject.sites.flatMap((site) => {
      const lost = site.fact.inMacro ? [] : (flowOf(subject, site)?.lost ?? []);
      const [first] = lost;
      if (first === undefined) return [];
      return [finding(missingRelease, subject, site, {
        message: `What ${site.fact.api} creates here is not released on the way to ${wordsOf(first)}.`,
        related: lost.map((place) => relatedTo(place, 'here it cannot be released any more')),
      })];
    }),
};

function wordsOf({ text, line }: FlowPlace): string {
  return text === 'return' ? `the end of the function on line ${line}` : `${text} on line ${line}`;
}
