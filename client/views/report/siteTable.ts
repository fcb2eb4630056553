import { element, perFrame } from '../dom';
import { bytes, count, counted } from '../format';
import { t } from '../l10n';
import type { Column, TimeScale } from './columns';
import type { Group, Row } from './rows';
import type { ComparedSite } from './siteOrder';
import type { ColumnId, ViewState } from './viewState';

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

export interface TableContent {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly scale: TimeScale;
  readonly sort: ViewState['sort'];
  readonly selected: string | null;
}

/** What the rows show, asked for as they are drawn. */
export interface TableFigures {
  readonly siteAt: (index: number) => ComparedSite;
  /** Times are still those of another setting. */
  readonly isStale: (index: number) => boolean;
  /** On the bytes of groups, which were summed when the rows were made. */
  readonly bytesFactor: () => number;
}

export interface TableActions {
  readonly sortBy: (column: ColumnId) => void;
  readonly select: (rowId: string) => void;
  readonly open: (row: Row, beside: boolean) => void;
  readonly fold: (rowId: string, collapsed: boolean) => void;
}

/**
 * A real table that draws only the rows in its window. One tab stop; the arrow keys, Page, Home and End move the
 * selection, Enter opens, left and right fold and unfold a group.
 */
export function createSiteTable(actions: TableActions, figures: TableFigures): SiteTable {
  const before = spacer();
  const body = element('tbody');
  const after = spacer();
  const columnGroup = element('colgroup');
  const head = element('thead');
  const table = element('table', { role: 'treegrid', tabindex: '0', 'aria-label': t('Percpu sites'), id: 'sites' }, columnGroup, head, before.node, body, after.node);
  const scroller = element('div', { class: 'scroller' }, table);
  let content: TableContent = { rows: [], columns: [], scale: { low: 1, high: 10 }, sort: { column: 'site', descending: false }, selected: null };
  let selected = -1;
  /** First row drawn. */
  let drawnFrom = 0;

  const view = followView(scroller, () => redraw());
  const windowOf = (extra: number): readonly [number, number] => [
    Math.max(0, Math.floor(view.top / rowHeight) - extra),
    Math.min(content.rows.length, Math.ceil((view.top + view.height) / rowHeight) + extra),
  ];
  const draw = (): void => {
    const [first, last] = windowOf(margin);
    drawnFrom = first;
    before.setHeight(first * rowHeight);
    after.setHeight((content.rows.length - last) * rowHeight);
    body.replaceChildren(...content.rows.slice(first, last).map((row, at) => drawRow(row, first + at, first + at === selected, content, figures)));
    if (selected >= first && selected < last) table.setAttribute('aria-activedescendant', `row-${String(selected)}`);
    else table.removeAttribute('aria-activedescendant');
  };
  const redraw = perFrame(draw);
  const refresh = perFrame(() => {
    [...body.rows].forEach((node, at) => refreshRow(node, content.rows[drawnFrom + at], content, figures));
  });
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
  const rowOf = (event: Event): Row | undefined => {
    const index = event.target instanceof Element ? Number(event.target.closest('tr')?.dataset['index'] ?? NaN) : NaN;
    return content.rows[index];
  };

  listenToHead(head, actions);
  listenToRows(body, actions, rowOf);
  table.addEventListener('keydown', (event) => {
    if (event.target !== table) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const target = keyTarget(event.key, selected, content.rows.length, page);
    if (target !== undefined) moveTo(target);
    else if (!actOnRow(event, content.rows[selected], actions)) return;
    event.preventDefault();
  });

  return {
    node: scroller,
    show: (next) => {
      if (next.columns !== content.columns) replaceColumns(columnGroup, head, [before, after], next.columns);
      content = next;
      selected = next.selected === null ? -1 : next.rows.findIndex((row) => row.id === next.selected);
      markSort(head, next);
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

function listenToHead(head: HTMLElement, actions: TableActions): void {
  head.addEventListener('click', (event) => {
    const column = event.target instanceof Element ? event.target.closest<HTMLElement>('button.sort')?.dataset['column'] : undefined;
    if (column !== undefined) actions.sortBy(column as ColumnId);
  });
}

function listenToRows(body: HTMLElement, actions: TableActions, rowOf: (event: Event) => Row | undefined): void {
  body.addEventListener('click', (event) => {
    const row = rowOf(event);
    if (row === undefined) return;
    actions.select(row.id);
    if (row.kind === 'group') actions.fold(row.id, !row.collapsed);
  });
  body.addEventListener('dblclick', (event) => {
    const row = rowOf(event);
    if (row !== undefined) actions.open(row, event.ctrlKey || event.metaKey);
  });
}

/** Enter opens a site and folds a group, left and right fold and unfold it; false for any other key. */
function actOnRow(event: KeyboardEvent, row: Row | undefined, actions: TableActions): boolean {
  const { key } = event;
  if (row?.kind === 'group' && (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Enter')) actions.fold(row.id, key === 'Enter' ? !row.collapsed : key === 'ArrowLeft');
  else if (row !== undefined && key === 'Enter') actions.open(row, event.ctrlKey || event.metaKey);
  else return false;
  return true;
}

function keyTarget(key: string, selected: number, length: number, page: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: selected + 1,
    ArrowUp: Math.max(0, selected - 1),
    PageDown: selected + page,
    PageUp: selected - page,
    Home: 0,
    End: length - 1,
  };
  return moves[key];
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

function replaceColumns(group: HTMLElement, head: HTMLElement, spacers: readonly Spacer[], columns: readonly Column[]): void {
  group.replaceChildren(...columns.map((column) => element('col', { class: `column-${column.id}` })));
  const cells = columns.map((column) => {
    const sort = element('button', { type: 'button', class: 'sort', 'data-column': column.id }, column.title);
    return element('th', { scope: 'col', title: column.about, class: column.numeric ? 'numeric' : '', 'data-column': column.id }, sort);
  });
  head.replaceChildren(element('tr', { 'aria-rowindex': '1' }, ...cells));
  for (const { cell } of spacers) cell.colSpan = columns.length;
}

function markSort(head: HTMLElement, { sort }: TableContent): void {
  for (const cell of head.querySelectorAll('th')) {
    const order = cell.dataset['column'] !== sort.column ? 'none' : sort.descending ? 'descending' : 'ascending';
    cell.setAttribute('aria-sort', order);
  }
}

function drawRow(row: Row, index: number, selected: boolean, content: TableContent, figures: TableFigures): HTMLElement {
  const node = row.kind === 'site' ? siteRow(row.index, content, figures) : groupRow(row.group, row.collapsed, content.columns.length, figures.bytesFactor());
  node.id = `row-${String(index)}`;
  node.dataset['index'] = String(index);
  node.setAttribute('aria-rowindex', String(index + 2));
  node.setAttribute('aria-selected', String(selected));
  return node;
}

function siteRow(index: number, { columns, scale }: TableContent, { siteAt, isStale }: TableFigures): HTMLTableRowElement {
  const compared = siteAt(index);
  const cells = columns.map((column) => element('td', { class: column.numeric ? 'numeric' : '' }, ...column.cell(compared, scale)));
  return element('tr', { class: isStale(index) ? 'site stale' : 'site', 'aria-level': '2' }, ...cells);
}

/** Only what a machine changes: the cells of figures, and the bytes of a group. */
function refreshRow(node: HTMLTableRowElement, row: Row | undefined, { columns, scale }: TableContent, figures: TableFigures): void {
  if (row === undefined) return;
  if (row.kind === 'group') {
    const sum = node.querySelector('.group-sum');
    if (sum !== null) sum.textContent = groupSum(row.group, figures.bytesFactor());
    return;
  }
  const compared = figures.siteAt(row.index);
  node.classList.toggle('stale', figures.isStale(row.index));
  columns.forEach((column, at) => {
    if (column.numeric) node.cells[at]?.replaceChildren(...column.cell(compared, scale));
  });
}

function groupSum(group: Group, factor: number): string {
  const unknowns = group.unknownSizes === 0 ? '' : t(' + {0} of unknown size', count(group.unknownSizes));
  return `${counted(group.sites, 'site')} · ${bytes(Math.round(group.footprint * factor))}${unknowns}`;
}

function groupRow(group: Group, collapsed: boolean, columns: number, factor: number): HTMLTableRowElement {
  const cell = element(
    'td',
    { colspan: String(columns) },
    element('span', { class: 'fold', 'aria-hidden': 'true' }, collapsed ? '▸' : '▾'),
    element('span', { class: 'group-name' }, group.name),
    element('span', { class: 'muted group-sum' }, groupSum(group, factor)),
  );
  return element('tr', { class: 'group', 'aria-level': '1', 'aria-expanded': String(!collapsed) }, cell);
}
