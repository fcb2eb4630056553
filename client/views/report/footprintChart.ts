import { button, element, setText } from '../dom';
import { bytes, count, sites } from '../format';
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
  let given: readonly Group[] = [];
  let shown: readonly Group[] = [];
  let bars: readonly Bar[] = [];
  let factor = 1;
  const frame: ChartFrame = createChartFrame(t('Footprint by directory'), 'footprint-chart', list, () => table(shown, factor));
  return {
    node: frame.node,
    show: (groups, nextFactor) => {
      factor = nextFactor;
      if (groups !== given) {
        given = groups;
        shown = groups.filter(({ footprint, unknownSizes }) => footprint > 0 || unknownSizes > 0);
        bars = shown.slice(0, mostBars).map((group) => createBar(group, shown[0]?.footprint ?? 0, narrow));
        list.replaceChildren(...bars.map(({ node }) => node));
      }
      for (const bar of bars) bar.scale(factor);
      frame.show();
    },
  };
}

interface Bar {
  readonly node: HTMLElement;
  /** Says the bytes at another number of CPUs; the bars' proportions stay. */
  scale(factor: number): void;
}

function createBar(group: Group, largest: number, narrow: (directory: string) => void): Bar {
  const fill = element('span', { class: 'bar-fill' });
  fill.style.width = `${String(largest === 0 ? 0 : (100 * group.footprint) / largest)}%`;
  const size = element('span', { class: 'bar-size' });
  const choose = button('', () => narrow(group.name), { class: 'bar' });
  choose.append(element('span', { class: 'bar-name' }, group.name), element('span', { class: 'bar-track', 'aria-hidden': 'true' }, fill), size);
  return {
    node: element('li', {}, choose),
    scale: (factor) => {
      const text = bytes(Math.round(group.footprint * factor));
      if (size.textContent === text) return;
      setText(size, text);
      choose.title = `${group.name}, ${text}, ${sites(group.sites)}`;
    },
  };
}

function table(groups: readonly Group[], factor: number): HTMLElement {
  const rows = groups.map(({ name, sites, footprint, unknownSizes }) => [name, count(sites), bytes(Math.round(footprint * factor)), count(unknownSizes)]);
  return figureTable(t('Footprint by directory'), [t('Directory'), t('Sites'), t('Footprint'), t('Of unknown size')], rows);
}
