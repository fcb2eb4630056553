import { element, perFrame } from '../dom';
import { count } from '../format';
import { t } from '../l10n';
import { createChips } from './chips';
import { columnsFor, timeScale, type Column, type TimeScale } from './columns';
import { createFootprintChart, type FootprintChart } from './footprintChart';
import { inNextTask } from './nextTask';
import type { PanelContext } from './panelContext';
import { comparedSite, sitesFactor, type PricedReport } from './pricedReport';
import { buildRows, footprintByDirectory, type Entry, type Group, type Row } from './rows';
import { countByClass } from './siteFilter';
import { followsPrices } from './siteOrder';
import { createSiteTable, type SiteTable } from './siteTable';
import type { TableActions } from './tableInput';
import type { TableFigures } from './tableRows';
import type { ColumnId, ViewState } from './viewState';

export interface SiteList {
  readonly table: SiteTable;
  readonly chips: HTMLElement;
  readonly summary: HTMLElement;
  readonly footprintChart: FootprintChart['node'];
  /** Ids of the sites listed, in their order. */
  listed(): readonly string[];
  /** Columns for what is compared with now. */
  showColumns(): void;
  /** Rows and their order anew. */
  rebuild(): void;
  /** The same rows, where only what is selected or folded may have changed. */
  drawRows(): void;
  /** What the machine changes in what is in view. */
  drawFigures(): void;
  /** All figures have come, or sites say something else than before: what is listed and in which order follows. */
  settle(sitesChanged: boolean): void;
}

export interface SiteListActions {
  /** The person chose something that the state keeps. */
  readonly change: (part: Partial<ViewState>) => void;
}

/** The sites as a table with the triggers above and the directories below it. */
export function createSiteList(context: PanelContext, { change }: SiteListActions): SiteList {
  let rows: readonly Row[] = [];
  let directories: readonly Group[] = [];
  let columns: readonly Column[] = columnsFor(null);
  let scale: TimeScale = { low: 1, high: 10 };
  let rebuilds = 0;

  const table = createSiteTable(tableActions(context, change), tableFigures(context, () => scale));
  const chips = createChips((name) => change({ classes: toggled(context.state().classes, name) }));
  const summary = element('p', { class: 'summary', role: 'status', id: 'summary' });
  const footprintChart = createFootprintChart((directory) => change({ search: `file:${directory}` }));

  const takeRows = (from: PricedReport, made: readonly Row[]): void => {
    rows = made;
    scale = timeScale(from.evaluation.prices().values());
    summary.textContent = summaryText(rows, context.state(), from);
  };
  const rowsOf = (from: PricedReport): Row[] => buildRows(from.entries, from.report.objects, context.state(), (entry: Entry) => comparedSite(from, entry));
  const drawFigures = perFrame(() => {
    if (context.shown === undefined) return;
    footprintChart.show(directories, sitesFactor(context.shown));
    table.refresh();
  });
  const drawRows = (): void => {
    const { sort, selected } = context.state();
    table.show({ rows, columns, sort, selected });
    drawFigures();
  };
  /** In parts, so that no task of the page takes long; what changes meanwhile starts it anew. */
  const reorder = async (): Promise<void> => {
    const from = context.shown;
    rebuilds += 1;
    const own = rebuilds;
    const isCurrent = (): boolean => own === rebuilds && context.shown === from;
    if (from === undefined || !(await inNextTask(isCurrent))) return;
    const made = rowsOf(from);
    if (!(await inNextTask(isCurrent))) return;
    takeRows(from, made);
    drawRows();
  };
  return {
    table,
    chips: chips.node,
    summary,
    footprintChart: footprintChart.node,
    listed: () => rows.flatMap((row) => (row.kind === 'site' ? [row.id] : [])),
    showColumns: () => {
      columns = columnsFor(context.state().compared);
    },
    rebuild: () => {
      const from = context.shown;
      if (from === undefined) return;
      rebuilds += 1;
      const state = context.state();
      takeRows(from, rowsOf(from));
      directories = footprintByDirectory(from.entries, state);
      chips.show(countByClass(from.entries, state), state.classes);
      drawRows();
    },
    drawRows,
    drawFigures,
    settle: (sitesChanged) => {
      const from = context.shown;
      if (from === undefined) return;
      scale = timeScale(from.evaluation.prices().values());
      drawFigures();
      if (sitesChanged || followsPrices(context.state().sort.column)) void reorder();
    },
  };
}

function tableActions(context: PanelContext, change: SiteListActions['change']): TableActions {
  return {
    sortBy: (column) => change({ sort: sortedBy(context.state().sort, column) }),
    select: (selected) => {
      if (selected !== context.state().selected) change({ selected });
    },
    open: (row, beside) => {
      if (row.kind === 'site') context.send({ type: 'open', place: { file: row.site.file, line: row.site.line, column: row.site.column }, beside });
    },
    fold: (id, collapsed) => change({ collapsed: [...context.state().collapsed.filter((other) => other !== id), ...(collapsed ? [id] : [])] }),
  };
}

function tableFigures(context: PanelContext, scale: () => TimeScale): TableFigures {
  const shown = (): PricedReport => {
    if (context.shown === undefined) throw new RangeError('there are no sites');
    return context.shown;
  };
  return {
    siteAt: (index) => {
      const entry = shown().entries[index];
      if (entry === undefined) throw new RangeError(`there is no site ${String(index)}`);
      return comparedSite(shown(), entry);
    },
    isStale: (index) => !shown().evaluation.isFresh(index),
    bytesFactor: () => sitesFactor(shown()),
    scale,
    assumption: () => shown().assumption,
  };
}

function summaryText(rows: readonly Row[], { collapsed, kinds }: ViewState, { sites }: PricedReport): string {
  const listed = rows.reduce((sum, row) => sum + (row.kind === 'group' ? (collapsed.includes(row.id) ? row.group.sites : 0) : row.change?.change.change === 'removed' ? 0 : 1), 0);
  if (rows.length > 0) return t('{0} of {1} sites', count(listed), count(sites.length));
  return kinds === 'changed' ? t('No site that changed matches the search and the chosen triggers.') : t('No site matches the search and the chosen triggers.');
}

function sortedBy(before: ViewState['sort'], column: ColumnId): ViewState['sort'] {
  const largestFirst = !['site', 'api', 'trigger', 'scales', 'advice'].includes(column);
  return { column, descending: before.column === column ? !before.descending : largestFirst };
}

function toggled(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
