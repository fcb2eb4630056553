import type { ReportSite, SiteDetails, WireStep } from '../../../server/src/protocol/report';
import { button, element } from '../dom';
import { bytes, duration, share, trigger } from '../format';
import { t } from '../l10n';
import { reasonTree } from './reasonTree';
import { siteName } from './siteName';
import { strategySection } from './strategySection';

export interface DetailsActions {
  readonly open: (site: ReportSite) => void;
  /** A place that a number is from: a file of the tree and the function in it. */
  readonly openFunction: (file: string, name: string | null) => void;
  readonly simulate: (siteId: string) => void;
}

/** Everything about one site: how it changed, what it allocates and why so much, its steps, its call chains, what would help. */
export function drawDetails(details: SiteDetails, unfolded: boolean, changed: readonly HTMLElement[], actions: DetailsActions): HTMLElement[] {
  const { site } = details;
  return [
    element('h2', {}, siteName(site), element('span', { class: 'muted' }, ` ${site.api}`)),
    element('p', {}, button(`${site.file}:${String(site.line)}`, () => actions.open(site), { class: 'link', title: t('Open the source') })),
    facts(site, details.accuracy),
    element('p', {}, button(t('Simulate this'), () => actions.simulate(site.id), { class: 'action' })),
    ...changed,
    section(t('Why these numbers'), details.reasons.map((reason) => reasonTree(reason, unfolded, actions.openFunction))),
    ...steps(t('Steps to create'), details.create_steps),
    ...steps(t('Steps to destroy'), details.destroy_steps),
    chains(site),
    strategySection(details.strategies),
  ];
}

function facts(site: ReportSite, accuracy: string | null): HTMLElement {
  const entries: [string, string][] = [
    [t('Per CPU'), site.size === null ? t('unknown because {0}', site.size_reason) : `${bytes(site.size)} (${site.size_reason})`],
    [t('Footprint'), footprint(site)],
    [t('Trigger'), site.frequency_class.map(trigger).join(', ')],
    ...(site.gfp === null ? [] : [[t('Flags'), site.atomic ? t('{0}, may not sleep', site.gfp) : site.gfp] as [string, string]]),
    ...(site.via.length === 0 ? [] : [[t('Through'), site.via.join(' → ')] as [string, string]]),
    ...(accuracy === null ? [] : [[t('Read error'), accuracy] as [string, string]]),
  ];
  return element('dl', {}, ...entries.flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]));
}

function footprint(site: ReportSite): string {
  if (site.footprint === null) return t('unknown because {0}', site.size_reason);
  const size = bytes(site.footprint);
  return site.accounted_by === null ? t('{0} over the possible CPUs', size) : t('{0} over the possible CPUs; counted at each call of the API, such as {1}', size, site.accounted_by);
}

function section(title: string, content: readonly HTMLElement[]): HTMLElement {
  return element('section', {}, element('h3', {}, title), ...content);
}

function steps(title: string, all: readonly WireStep[]): HTMLElement[] {
  if (all.length === 0) return [];
  const head = element('tr', {}, ...[t('step'), t('time'), t('share'), t('under')].map((text) => element('th', { scope: 'col' }, text)));
  const rows = all.map((step) =>
    element(
      'tr',
      { title: step.at },
      element('td', {}, step.label),
      element('td', { class: 'numeric' }, step.ns === null ? t('unknown') : duration(step.ns)),
      element('td', { class: 'numeric' }, step.share === null ? '' : share(step.share)),
      element('td', {}, step.under.join(', ')),
    ),
  );
  return [section(title, [element('table', { class: 'steps', 'aria-label': title }, element('thead', {}, head), element('tbody', {}, ...rows))])];
}

function chains(site: ReportSite): HTMLElement {
  const items = site.reach.map(({ frequency_class, chain }) =>
    element('li', {}, element('strong', {}, `${trigger(frequency_class)}: `), chain.length === 0 ? t('no chain') : chain.join(' → ')),
  );
  if (items.length === 0) return section(t('Call chains'), [element('p', {}, t('No chain from a known entry point was found; the trigger is unknown.'))]);
  return section(t('Call chains'), [element('ul', { class: 'chains' }, ...items)]);
}
