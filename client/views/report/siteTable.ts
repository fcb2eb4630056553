import { element, perFrame } from '../dom';
import { t } from '../l10n';
import type { Row } from './rows';
import { createTableHead } from './tableHead';
import { listenToTable, type TableActions } from './tableInput';
import { drawRow, type DrawnRow, type RowContent, type TableFigures } from './tableRows';
import type { ViewState } from './viewState';

/** Pixels of a row; the style sheet's `--row-height`. */
const rowHeight = 26;
/** Rows drawn beyond the window on either side. */
const margin = 6;

export interface SiteTable {
  readonly node: HTMLElement;
  show(content: TableContent): void;
  /** Draws the figures in view again: they have changed, rows and order have not. */
  refresh(): void;
  /** Places in the report of the sites in view. */
  inView(): number[];
  /** Brings the selected row into view. */
  reveal(): void;
  focus(): void;
}

export interface TableContent extends RowContent {
  readonly rows: readonly Row[];
  readonly sort: ViewState['sort'];
  readonly selected: string | null;
}

/**
 * A real table that draws only the rows in its window. One tab stop; the arrow keys, Page, Home and End move the
 * selection, Enter opens, left and right fold and unfold a group.
 */
export function createSiteTable(actions: TableActions, figures: TableFigures): SiteTable {
  const before = spacer();
  const body = element('tbody');
  const after = spacer();
  const head = createTableHead(actions.sortBy);
  const table = element('table', { role: 'treegrid', tabindex: '0', 'aria-label': t('Percpu sites'), id: 'sites' }, head.columns, head.node, before.node, body, after.node);
  const scroller = element('div', { class: 'scroller' }, table);
  let content: TableContent = { rows: [], columns: [], sort: { column: 'site', descending: false }, selected: null };
  let selected = -1;
  let drawn: readonly DrawnRow[] = [];
  let drawnFrom = 0;

  const view = followView(scroller, () => redraw());
  const windowOf = (extra: number): readonly [number, number] => [
    Math.max(0, Math.floor(view.top / rowHeight) - extra),
    Math.min(content.rows.length, Math.ceil((view.top + view.height) / rowHeight) + extra),
  ];
  const draw = (): void => {
    const [first, last] = windowOf(margin);
    before.setHeight(first * rowHeight);
    after.setHeight((content.rows.length - last) * rowHeight);
    drawnFrom = first;
    drawn = content.rows.slice(first, last).map((row, at) => drawRow(row, first + at, first + at === selected, content, figures));
    body.replaceChildren(...drawn.map(({ node }) => node));
    if (selected >= first && selected < last) table.setAttribute('aria-activedescendant', `row-${String(selected)}`);
    else table.removeAttribute('aria-activedescendant');
  };
  const redraw = perFrame(draw);
  const refresh = (): void => {
    const [first, last] = windowOf(0);
    drawn.slice(Math.max(0, first - drawnFrom), Math.max(0, last - drawnFrom)).forEach((row) => row.refresh());
  };
  const reveal = (): void => {
    if (selected < 0) return;
    const top = selected * rowHeight;
    const room = view.height - 2 * rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
    view.top = scroller.scrollTop;
    draw();
  };
  const moveTo = (index: number): void => {
    const row = content.rows[Math.min(content.rows.length - 1, Math.max(0, index))];
    if (row === undefined) return;
    actions.select(row.id);
    reveal();
  };
  listenToTable(table, body, actions, { rows: () => content.rows, selected: () => selected, page: () => Math.max(1, Math.floor(view.height / rowHeight) - 2), moveTo });

  return {
    node: scroller,
    show: (next) => {
      if (next.columns !== content.columns) {
        table.style.minWidth = `${String(head.showColumns(next.columns))}px`;
        for (const { cell } of [before, after]) cell.colSpan = next.columns.length;
      }
      content = next;
      selected = next.selected === null ? -1 : next.rows.findIndex((row) => row.id === next.selected);
      head.markSort(next.sort);
      table.setAttribute('aria-rowcount', String(next.rows.length + 1));
      draw();
    },
    refresh,
    inView: () => {
      const [first, last] = windowOf(0);
      return content.rows.slice(first, last).flatMap((row) => (row.kind === 'site' ? [row.index] : []));
    },
    reveal,
    focus: () => table.focus(),
  };
}

/** Part of the table in view, kept beside: asking the page for it would lay it out anew. */
function followView(scroller: HTMLElement, changed: () => void): { top: number; height: number } {
  const view = { top: 0, height: 0 };
  scroller.addEventListener('scroll', () => {
    view.top = scroller.scrollTop;
    changed();
  });
  new ResizeObserver(([entry]) => {
    view.height = entry?.contentRect.height ?? 0;
    changed();
  }).observe(scroller);
  return view;
}

interface Spacer {
  readonly node: HTMLElement;
  readonly cell: HTMLTableCellElement;
  setHeight(pixels: number): void;
}

function spacer(): Spacer {
  const cell = element('td');
  const node = element('tbody', { 'aria-hidden': 'true', class: 'spacer' }, element('tr', {}, cell));
  return {
    node,
    cell,
    setHeight: (pixels) => {
      node.hidden = pixels === 0;
      cell.style.height = `${String(pixels)}px`;
    },
  };
}
