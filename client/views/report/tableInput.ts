import type { Row } from './rows';
import type { ColumnId } from './viewState';

export interface TableActions {
  readonly sortBy: (column: ColumnId) => void;
  readonly select: (rowId: string) => void;
  readonly open: (row: Row, beside: boolean) => void;
  readonly fold: (rowId: string, collapsed: boolean) => void;
}

export interface TableMoves {
  readonly rows: () => readonly Row[];
  readonly selected: () => number;
  /** Rows of a page. */
  readonly page: () => number;
  readonly moveTo: (index: number) => void;
}

/** Mouse and keyboard on the rows. */
export function listenToTable(table: HTMLElement, body: HTMLElement, actions: TableActions, { rows, selected, page, moveTo }: TableMoves): void {
  const rowOf = (event: Event): Row | undefined => {
    const index = event.target instanceof Element ? Number(event.target.closest('tr')?.dataset['index'] ?? NaN) : NaN;
    return rows()[index];
  };
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
  table.addEventListener('keydown', (event) => {
    if (event.target !== table) return;
    const target = keyTarget(event.key, selected(), rows().length, page());
    if (target !== undefined) moveTo(target);
    else if (!actOnRow(event, rows()[selected()], actions)) return;
    event.preventDefault();
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
