import { button, element } from '../dom';
import { bytes, count, counted } from '../format';
import { t } from '../l10n';
import { createChartFrame, figureTable, type ChartFrame } from './chartFrame';
import type { Group } from './rows';

/** Bars of more directories would be too thin to tell apart; the table holds them all. */
const mostBars = 40;

export interface FootprintChart {
  readonly node: HTMLElement;
  /** `factor`: possible CPUs shown over those for which the groups were summed. */
  show(groups: readonly Group[], factor: number): void;
}

/** Footprint of one execution of every site, by subsystem directory; a bar narrows the table to its directory. */
export function createFootprintChart(narrow: (directory: string) => void): FootprintChart {
  const list = element('ul', { class: 'bars' });
  let shown: readonly Group[] = [];
  let factor = 1;
  const frame: ChartFrame = createChartFrame(t('Footprint by directory'), 'footprint-chart', list, () => table(shown, factor));
  return {
    node: frame.node,
    show: (groups, nextFactor) => {
      shown = groups.filter(({ footprint, unknownSizes }) => footprint > 0 || unknownSizes > 0);
      factor = nextFactor;
      const largest = shown[0]?.footprint ?? 0;
      list.replaceChildren(...shown.slice(0, mostBars).map((group) => bar(group, largest, factor, narrow)));
      frame.show();
    },
  };
}

function bar(group: Group, largest: number, factor: number, narrow: (directory: string) => void): HTMLElement {
  const size = bytes(Math.round(group.footprint * factor));
  const fill = element('span', { class: 'bar-fill' });
  fill.style.width = `${String(largest === 0 ? 0 : (100 * group.footprint) / largest)}%`;
  const label = `${group.name}, ${size}, ${counted(group.sites, 'site')}`;
  const choose = button('', () => narrow(group.name), { class: 'bar', 'aria-label': t('{0}: show these sites', label), title: label });
  choose.append(element('span', { class: 'bar-name' }, group.name), element('span', { class: 'bar-track', 'aria-hidden': 'true' }, fill), element('span', { class: 'bar-size' }, size));
  return element('li', {}, choose);
}

function table(groups: readonly Group[], factor: number): HTMLElement {
  const rows = groups.map(({ name, sites, footprint, unknownSizes }) => [name, count(sites), bytes(Math.round(footprint * factor)), count(unknownSizes)]);
  return figureTable(t('Footprint by directory'), [t('Directory'), t('Sites'), t('Footprint'), t('Of unknown size')], rows);
}
