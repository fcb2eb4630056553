import { byId, element, perFrame, setText } from '../dom';
import { t } from '../l10n';
import { headingText } from './heading';
import { drawNotice } from './notices';
import { totalsFactor, type PricedReport } from './pricedReport';
import { createTiles } from './tiles';

/** What others draw, by its place on the page. */
export interface PageParts {
  readonly toolbar: HTMLElement;
  readonly chips: HTMLElement;
  readonly summary: HTMLElement;
  readonly comparison: HTMLElement;
  readonly exports: HTMLElement;
  readonly table: HTMLElement;
  readonly details: HTMLElement;
  readonly charts: readonly HTMLElement[];
}

export interface PageActions {
  readonly listUnknowns: () => void;
  readonly reload: () => void;
  /** The charts were unfolded or folded. */
  readonly showCharts: (open: boolean) => void;
}

export interface PageLayout {
  /** Puts the page in place, how far the analysis is and what went wrong above it. */
  showState(): void;
  /** What is said above the table for the setting that is shown. */
  drawHead(): void;
  openCharts(open: boolean): void;
}

export function createPageLayout(shownReport: () => PricedReport | undefined, parts: PageParts, actions: PageActions): PageLayout {
  const heading = element('p', { class: 'heading', id: 'heading' });
  const tiles = createTiles(actions.listUnknowns);
  const notice = element('div', { class: 'notice', id: 'notice' });
  const charts = element('details', { class: 'charts', id: 'charts' }, element('summary', {}, t('Charts')), element('div', { class: 'chart-row' }, ...parts.charts));
  charts.addEventListener('toggle', () => actions.showCharts(charts.open));
  const content = element(
    'div',
    { class: 'content' },
    element('h1', { class: 'unseen' }, t('Percpu cost report')), heading, parts.toolbar, tiles.node, parts.chips,
    element('div', { class: 'summary-line' }, parts.summary, parts.comparison, parts.exports),
    element('div', { class: 'panes' }, element('div', { class: 'list-side' }, parts.table, charts), parts.details),
  );
  return {
    showState: () => {
      const shown = shownReport();
      if (shown === undefined) return;
      const app = byId('app');
      if (content.parentElement !== app) app.replaceChildren(notice, content);
      content.hidden = shown.sites.length === 0;
      notice.replaceChildren(...drawNotice(shown.report, actions.reload));
      document.body.dataset['state'] = shown.report.state;
    },
    drawHead: perFrame(() => {
      const shown = shownReport();
      if (shown === undefined) return;
      setText(heading, headingText(shown));
      tiles.show(shown.report, { bytesFactor: totalsFactor(shown), hottestLock: shown.hottestLock });
    }),
    openCharts: (open) => {
      charts.open = open;
    },
  };
}
