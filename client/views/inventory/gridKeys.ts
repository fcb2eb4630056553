import type { Row } from './rows';

/** Lines that Page Up and Page Down move by. */
const page = 15;

/** Where a key leads from a line: another line, `fold` for opening or closing this one; undefined for any other key. */
export function targetOf(key: string, at: number, rows: readonly Row[]): number | 'fold' | undefined {
  const last = rows.length - 1;
  const within = (index: number): number => Math.min(last, Math.max(0, index));
  const row = rows[at];
  switch (key) {
    case 'ArrowDown':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(at + page);
    case 'PageUp':
      return within(at - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowRight':
      return row?.expandable !== true ? undefined : row.expanded ? within(at + 1) : 'fold';
    case 'ArrowLeft':
      return row?.expanded === true ? 'fold' : outerOf(at, rows);
    default:
      return undefined;
  }
}

/** The line that a line is in. */
function outerOf(at: number, rows: readonly Row[]): number | undefined {
  const level = rows[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) {
    if ((rows[index]?.level ?? 0) < level) return index;
  }
  return undefined;
}
