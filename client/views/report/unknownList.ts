import type { ReportUnknown } from '../../../server/src/protocol/report';
import { button, element } from '../dom';
import { count, sites, unknownFigures } from '../format';
import { t } from '../l10n';
import type { ListedSite } from '../messages';
import { siteName } from './siteName';

/** Sites listed below one reason; the table finds the others. */
const mostListed = 200;

const kinds = (): Readonly<Record<ReportUnknown['what'], string>> => ({ size: t('Size'), class: t('Trigger'), count: t('Number of elements'), time: t('Time') });

/** What is unknown and why, by reason, the most frequent first; each site is a link to its row. */
export function drawUnknowns(unknowns: readonly ReportUnknown[], siteOf: (id: string) => ListedSite | undefined, select: (id: string) => void): HTMLElement[] {
  const heading = element('h2', { tabindex: '-1', id: 'unknown-heading' }, unknownFigures(unknowns.length));
  if (unknowns.length === 0) return [heading, element('p', {}, t('Size and trigger of every site are known.'))];
  const reasons = [...byReason(unknowns)].sort(([, a], [, b]) => b.length - a.length);
  return [heading, ...reasons.map(([, members]) => reasonSection(members, siteOf, select))];
}

function byReason(unknowns: readonly ReportUnknown[]): Map<string, ReportUnknown[]> {
  const groups = new Map<string, ReportUnknown[]>();
  for (const unknown of unknowns) {
    const key = `${unknown.what} ${unknown.reason}`;
    const members = groups.get(key) ?? [];
    members.push(unknown);
    groups.set(key, members);
  }
  return groups;
}

function reasonSection(members: readonly ReportUnknown[], siteOf: (id: string) => ListedSite | undefined, select: (id: string) => void): HTMLElement {
  const [first] = members;
  const title = first === undefined ? '' : t('{0} unknown because {1}', kinds()[first.what], first.reason);
  const node = element('details', { class: 'unknown-reason' }, element('summary', {}, title, element('span', { class: 'muted' }, ` ${sites(members.length)}`)));
  node.addEventListener('toggle', () => {
    if (node.open && node.childElementCount === 1) node.append(siteList(members, siteOf, select));
  });
  return node;
}

function siteList(members: readonly ReportUnknown[], siteOf: (id: string) => ListedSite | undefined, select: (id: string) => void): HTMLElement {
  const items = members.slice(0, mostListed).flatMap(({ site }) => {
    const found = siteOf(site);
    if (found === undefined) return [];
    const text = `${siteName(found)}, ${found.file}:${String(found.line)}`;
    return [element('li', {}, button(text, () => select(site), { class: 'link' }))];
  });
  const more = members.length > mostListed ? [element('li', { class: 'muted' }, t('and {0} more', count(members.length - mostListed)))] : [];
  return element('ul', {}, ...items, ...more);
}
