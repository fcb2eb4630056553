import { button, element, perFrame } from '../dom';
import { bytes, count, counted } from '../format';
import { columns, type TimeScale } from './columns';
import type { Group, Row } from './rows';
import type { ColumnId, ViewState } from './viewState';

/** Pixels of a row; the style sheet's `--row-height`. */
const rowHeight = 26;
/** Rows drawn beyond the window on either side. */
const margin = 12;

export interface SiteTable {
  readonly node: HTMLElement;
  show(rows: readonly Row[], scale: TimeScale, sort: ViewState['sort'], selected: string | null): void;
  /** Brings the selected row into view. */
  reveal(): void;
  focus(): void;
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
export function createSiteTable(actions: TableActions): SiteTable {
  const before = spacer();
  const body = element('tbody');
  const after = spacer();
  const head = createHead(actions.sortBy);
  const table = element('table', { role: 'grid', tabindex: '0', 'aria-label': 'Percpu sites', id: 'sites' }, columnGroup(), head.node, before.node, body, after.node);
  const scroller = element('div', { class: 'scroller' }, table);
  let rows: readonly Row[] = [];
  let scale: TimeScale = { low: 1, high: 10 };
  let selected = -1;

  const draw = (): void => {
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - margin);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + margin);
    before.setHeight(first * rowHeight);
    after.setHeight((rows.length - last) * rowHeight);
    body.replaceChildren(...rows.slice(first, last).map((row, index) => drawRow(row, first + index, first + index === selected, scale)));
    if (selected >= first && selected < last) table.setAttribute('aria-activedescendant', `row-${String(selected)}`);
    else table.removeAttribute('aria-activedescendant');
  };
  const reveal = (): void => {
    if (selected < 0) return;
    const top = selected * rowHeight;
    const room = scroller.clientHeight - head.node.offsetHeight - rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
    draw();
  };
  const moveTo = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (row === undefined) return;
    actions.select(row.id);
    reveal();
  };
  const rowOf = (event: Event): { readonly row: Row; readonly index: number } | undefined => {
    const index = event.target instanceof Element ? Number(event.target.closest('tr')?.dataset['index'] ?? NaN) : NaN;
    const row = rows[index];
    return row === undefined ? undefined : { row, index };
  };

  scroller.addEventListener('scroll', perFrame(draw));
  new ResizeObserver(perFrame(draw)).observe(scroller);
  body.addEventListener('click', (event) => {
    const hit = rowOf(event);
    if (hit === undefined) return;
    actions.select(hit.row.id);
    if (hit.row.kind === 'group') actions.fold(hit.row.id, !hit.row.collapsed);
  });
  body.addEventListener('dblclick', (event) => {
    const hit = rowOf(event);
    if (hit !== undefined) actions.open(hit.row, event.ctrlKey || event.metaKey);
  });
  table.addEventListener('keydown', (event) => {
    if (event.target !== table) return;
    const row = rows[selected];
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
    const target = keyTarget(event.key, selected, rows.length, page);
    if (target !== undefined) moveTo(target);
    else if (event.key === 'Enter' && row !== undefined) actions.open(row, event.ctrlKey || event.metaKey);
    else if (row?.kind === 'group' && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) actions.fold(row.id, event.key === 'ArrowLeft');
    else return;
    event.preventDefault();
  });

  return {
    node: scroller,
    show: (newRows, newScale, sort, selectedId) => {
      rows = newRows;
      scale = newScale;
      selected = selectedId === null ? -1 : rows.findIndex((row) => row.id === selectedId);
      head.mark(sort);
      table.setAttribute('aria-rowcount', String(rows.length + 1));
      draw();
    },
    reveal,
    focus: () => table.focus(),
  };
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

function columnGroup(): HTMLElement {
  return element('colgroup', {}, ...columns.map((column) => element('col', { class: `column-${column.id}` })));
}

function spacer(): { readonly node: HTMLElement; setHeight(pixels: number): void } {
  const cell = element('td', { colspan: String(columns.length) });
  const node = element('tbody', { 'aria-hidden': 'true', class: 'spacer' }, element('tr', {}, cell));
  return {
    node,
    setHeight: (pixels) => {
      node.hidden = pixels === 0;
      cell.style.height = `${String(pixels)}px`;
    },
  };
}

function createHead(sortBy: (column: ColumnId) => void): { readonly node: HTMLElement; mark(sort: ViewState['sort']): void } {
  const cells = columns.map((column) => {
    const cell = element('th', { scope: 'col', title: column.about, class: column.numeric ? 'numeric' : '' });
    cell.append(button(column.title, () => sortBy(column.id), { class: 'sort', 'data-column': column.id }));
    return cell;
  });
  return {
    node: element('thead', {}, element('tr', { 'aria-rowindex': '1' }, ...cells)),
    mark: (sort) => {
      for (const [index, column] of columns.entries()) {
        const order = column.id !== sort.column ? 'none' : sort.descending ? 'descending' : 'ascending';
        cells[index]?.setAttribute('aria-sort', order);
      }
    },
  };
}

function drawRow(row: Row, index: number, selected: boolean, scale: TimeScale): HTMLElement {
  const node = row.kind === 'site' ? siteRow(row, scale) : groupRow(row.group, row.collapsed);
  node.id = `row-${String(index)}`;
  node.dataset['index'] = String(index);
  node.setAttribute('aria-rowindex', String(index + 2));
  node.setAttribute('aria-selected', String(selected));
  return node;
}

function siteRow(row: Extract<Row, { kind: 'site' }>, scale: TimeScale): HTMLTableRowElement {
  const cells = columns.map((column) => element('td', { class: column.numeric ? 'numeric' : '' }, ...column.cell(row.site, scale)));
  return element('tr', { class: 'site' }, ...cells);
}

function groupRow(group: Group, collapsed: boolean): HTMLTableRowElement {
  const unknowns = group.unknownSizes === 0 ? '' : ` + ${count(group.unknownSizes)} of unknown size`;
  const cell = element(
    'td',
    { colspan: String(columns.length) },
    element('span', { class: 'fold', 'aria-hidden': 'true' }, collapsed ? '▸' : '▾'),
    element('span', { class: 'group-name' }, group.name),
    element('span', { class: 'muted' }, `${counted(group.sites, 'site')} · ${bytes(group.footprint)}${unknowns}`),
  );
  return element('tr', { class: 'group', 'aria-expanded': String(!collapsed) }, cell);
}
