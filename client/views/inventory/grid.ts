import { element } from '../dom';
import { t } from '../l10n';
import type { Column } from './columns';
import { targetOf } from './gridKeys';
import type { Row } from './rows';

/** Lines below the selected one that stay in sight. */
const linesInside = 3;

export interface Grid {
  readonly node: HTMLElement;
  show(rows: readonly Row[], columns: readonly Column[], selected: string | null): void;
}

export interface GridActions {
  readonly select: (id: string) => void;
  readonly fold: (row: Row) => void;
  readonly open: (row: Row, beside: boolean) => void;
}

/**
 * The tree as a treegrid. One tab stop; up, down, Page, Home and End move, right and left unfold and fold or go in and out,
 * Enter opens the source of an area and folds anything else.
 */
export function createGrid(actions: GridActions): Grid {
  const head = element('thead');
  const body = element('tbody');
  const table = element('table', { role: 'treegrid', tabindex: '0', id: 'objects', 'aria-label': t('Objects and their percpu areas') }, head, body);
  const node = element('div', { class: 'scroller' }, table);
  let rows: readonly Row[] = [];
  let selected = -1;

  const act = (row: Row, beside: boolean): void => {
    if (row.node.place !== null) actions.open(row, beside);
    else if (row.expandable) actions.fold(row);
  };
  const rowOf = (event: Event): Row | undefined => {
    const line = event.target instanceof Element ? event.target.closest('tr') : null;
    return rows[Number(line?.dataset['index'] ?? NaN)];
  };
  body.addEventListener('click', (event) => {
    const row = rowOf(event);
    if (row === undefined) return;
    actions.select(row.node.id);
    const onPlace = event.target instanceof Element && event.target.closest('.place') !== null;
    if (row.expandable || onPlace) act(row, event.ctrlKey || event.metaKey);
  });
  body.addEventListener('dblclick', (event) => {
    const row = rowOf(event);
    if (row?.node.place != null) actions.open(row, event.ctrlKey || event.metaKey);
  });
  table.addEventListener('keydown', (event) => {
    const row = rows[selected];
    const target = targetOf(event.key, selected, rows);
    if (typeof target === 'number') actions.select(rows[target]?.node.id ?? '');
    else if (target === 'fold' && row !== undefined) actions.fold(row);
    else if (event.key === 'Enter' && row !== undefined) act(row, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  return {
    node,
    show: (next, columns, id) => {
      rows = next;
      selected = id === null ? -1 : next.findIndex((row) => row.node.id === id);
      head.replaceChildren(element('tr', { 'aria-rowindex': '1' }, ...[t('What'), ...columns.map(({ title }) => title)].map((title, at) => element('th', { scope: 'col', class: columns[at - 1]?.numeric === true ? 'numeric' : '' }, title))));
      body.replaceChildren(...next.map((row, index) => drawn(row, index, columns, index === selected)));
      table.setAttribute('aria-rowcount', String(next.length + 1));
      if (selected < 0) table.removeAttribute('aria-activedescendant');
      else table.setAttribute('aria-activedescendant', rowId(selected));
      // What was just opened is seen with the first lines inside.
      for (const at of [selected + linesInside, selected]) body.rows[at]?.scrollIntoView({ block: 'nearest' });
    },
  };
}

function rowId(index: number): string {
  return `line-${String(index)}`;
}

function drawn({ node, level, expandable, expanded, position, siblings }: Row, index: number, columns: readonly Column[], selected: boolean): HTMLElement {
  const { place } = node;
  const where = place === null ? [] : [element('span', { class: 'place', title: t('Open the source') }, `${place.file}:${String(place.line)}`)];
  const title = element('span', { class: 'title' }, element('span', { class: 'fold', 'aria-hidden': 'true' }, expandable ? (expanded ? '▾' : '▸') : ''), node.title, ' ', ...where);
  const remarks = [...node.remarks, ...(expanded ? node.whenOpen : [])].filter((text) => text !== '').map((text) => element('span', { class: 'remark' }, text));
  const cells = level === 1 ? [] : columns.map((column) => element('td', { class: column.numeric ? 'numeric' : 'words' }, column.text(node)));
  return element(
    'tr',
    {
      id: rowId(index), 'data-index': String(index), 'aria-rowindex': String(index + 2), 'aria-level': String(level), 'aria-posinset': String(position), 'aria-setsize': String(siblings),
      'aria-selected': String(selected), class: `level-${String(Math.min(level, 6))}${level === 1 ? ' section' : ''}${node.differs ? ' differs' : ''}`,
      ...(expandable ? { 'aria-expanded': String(expanded) } : {}),
    },
    element('td', { class: 'what', ...(level === 1 ? { colspan: String(columns.length + 1) } : {}) }, title, ...remarks), ...cells,
  );
}
