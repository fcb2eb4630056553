import { element } from '../dom';
import type { Column } from './columns';
import type { ColumnId, ViewState } from './viewState';

export interface TableHead {
  /** Widths of the columns. */
  readonly columns: HTMLElement;
  readonly node: HTMLElement;
  /** Pixels that they need. */
  showColumns(columns: readonly Column[]): number;
  markSort(sort: ViewState['sort']): void;
}

/** Headings that sort. */
export function createTableHead(sortBy: (column: ColumnId) => void): TableHead {
  const group = element('colgroup');
  const node = element('thead');
  node.addEventListener('click', (event) => {
    const column = event.target instanceof Element ? event.target.closest<HTMLElement>('button.sort')?.dataset['column'] : undefined;
    if (column !== undefined) sortBy(column as ColumnId);
  });
  return {
    columns: group,
    node,
    showColumns: (columns) => {
      group.replaceChildren(...columns.map(({ width }) => {
        const made = element('col');
        made.style.width = `${String(width)}px`;
        return made;
      }));
      node.replaceChildren(element('tr', { 'aria-rowindex': '1' }, ...columns.map(heading)));
      return columns.reduce((sum, { width }) => sum + width, 0);
    },
    markSort: (sort) => {
      for (const cell of node.querySelectorAll('th')) {
        cell.setAttribute('aria-sort', cell.dataset['column'] !== sort.column ? 'none' : sort.descending ? 'descending' : 'ascending');
      }
    },
  };
}

function heading({ id, title, about, kind }: Column): HTMLElement {
  const sort = element('button', { type: 'button', class: 'sort', 'data-column': id }, title);
  return element('th', { scope: 'col', title: about, class: kind === 'figure' ? 'numeric' : '', 'data-column': id }, sort);
}
