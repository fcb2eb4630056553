import type { DiffSite, SiteChange } from '../../../server/src/protocol/diff';
import { element } from '../dom';
import { bytes, trigger } from '../format';
import { t } from '../l10n';
import { changeMark } from './changeMark';
import { siteName } from './siteName';

/** How a site differs from a commit, whatever the machine: what it was beside what it is. */
export function changeSection(change: SiteChange, ref: string): HTMLElement {
  const { before, after, note } = change;
  const head = element('tr', {}, element('td'), ...[ref, t('now')].map((text) => element('th', { scope: 'col' }, text)));
  const rows = facts().flatMap(([name, textOf]) => {
    const [was, is] = [before, after].map((site) => (site === null ? '' : textOf(site)));
    return was === is || (before === null && is === '') || (after === null && was === '') ? [] : [element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, was ?? ''), element('td', {}, is ?? ''))];
  });
  return element(
    'section',
    { class: 'change-section' },
    element('h3', {}, t('Compared with {0}', ref)),
    element('p', {}, changeMark(change)),
    element('table', { class: 'comparison', 'aria-label': t('Before and after') }, element('thead', {}, head), element('tbody', {}, ...rows)),
    ...(note === null ? [] : [element('p', { class: 'muted' }, note)]),
  );
}

function facts(): readonly (readonly [string, (site: DiffSite) => string])[] {
  return [
    [t('per CPU'), ({ size, counts_bytes: counts, size_reason: reason }) => (size !== null ? bytes(size) : counts ? t('unknown because {0}', reason) : '')],
    [t('elements'), ({ count }) => (count === null ? '' : String(count))],
    [t('turns of its loops'), ({ turns }) => (turns === null || turns === 1 ? '' : String(turns))],
    [t('type'), ({ type }) => type ?? ''],
    [t('call'), ({ api, first_argument: first }) => `${api}(${first ?? ''})`],
    [t('flags'), ({ gfp }) => gfp ?? ''],
    [t('trigger'), ({ frequency_class: classes }) => classes.map(trigger).join(', ')],
    [t('locks'), ({ locks }) => locks.join(', ')],
  ];
}

/** What is told of a site that is no longer in the source: what it was. */
export function removedDetails(site: DiffSite, change: SiteChange, ref: string): HTMLElement[] {
  return [
    element('h2', {}, siteName(site), element('span', { class: 'muted' }, ` ${site.api}`)),
    element('p', {}, t('{0} in {1}', `${site.file}:${String(site.line)}`, ref)),
    changeSection(change, ref),
  ];
}
