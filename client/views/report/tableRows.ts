import { element, setText } from '../dom';
import { bytes, count, sites } from '../format';
import { t } from '../l10n';
import type { Column, TimeScale } from './columns';
import { createFigureCell } from './figureCell';
import type { Group, Row } from './rows';
import type { ComparedSite } from './siteOrder';

/** What the rows show, asked for as they are drawn. */
export interface TableFigures {
  readonly siteAt: (index: number) => ComparedSite;
  /** Times are still those of another setting. */
  readonly isStale: (index: number) => boolean;
  /** On the bytes of groups, which are summed at the possible CPUs of the report. */
  readonly bytesFactor: () => number;
  readonly scale: () => TimeScale;
  /** The load that knees hold for. */
  readonly assumption: () => string;
}

export interface RowContent {
  readonly columns: readonly Column[];
}

export interface DrawnRow {
  readonly node: HTMLTableRowElement;
  /** The machine has changed: says the figures anew, and nothing else. */
  refresh(): void;
}

export function drawRow(row: Row, index: number, selected: boolean, { columns }: RowContent, figures: TableFigures): DrawnRow {
  const drawn = row.kind === 'site' ? siteRow(row.index, columns, figures) : groupRow(row.group, row.collapsed, columns.length, figures);
  const { node } = drawn;
  node.id = `row-${String(index)}`;
  node.dataset['index'] = String(index);
  node.setAttribute('aria-rowindex', String(index + 2));
  node.setAttribute('aria-selected', String(selected));
  drawn.refresh();
  return drawn;
}

function siteRow(index: number, columns: readonly Column[], { siteAt, isStale, scale, assumption }: TableFigures): DrawnRow {
  const node = element('tr', { class: 'site', 'aria-level': '2' });
  const listed = siteAt(index);
  if (listed.change !== undefined) node.classList.add(listed.change.change.change);
  const cells = columns.flatMap((column) => {
    if (column.kind === 'text') {
      node.append(element('td', {}, ...column.cell(listed)));
      return [];
    }
    const cell = createFigureCell();
    node.append(cell.node);
    return [{ cell, column }];
  });
  return {
    node,
    refresh: () => {
      const [compared, axis, load] = [siteAt(index), scale(), assumption()];
      node.classList.toggle('stale', isStale(index));
      for (const { cell, column } of cells) cell.show(column.figure(compared, load), axis);
    },
  };
}

function groupRow(group: Group, collapsed: boolean, columns: number, { bytesFactor }: TableFigures): DrawnRow {
  const sum = element('span', { class: 'muted group-sum' });
  const cell = element(
    'td',
    { colspan: String(columns) },
    element('span', { class: 'fold', 'aria-hidden': 'true' }, collapsed ? '▸' : '▾'),
    element('span', { class: 'group-name' }, group.name),
    sum,
  );
  return {
    node: element('tr', { class: 'group', 'aria-level': '1', 'aria-expanded': String(!collapsed) }, cell),
    refresh: () => setText(sum, groupSum(group, bytesFactor())),
  };
}

function groupSum(group: Group, factor: number): string {
  const unknowns = group.unknownSizes === 0 ? '' : t(' + {0} of unknown size', count(group.unknownSizes));
  const growth = group.growth === 0 ? '' : ` · ${group.growth > 0 ? '+' : '−'}${bytes(Math.abs(Math.round(group.growth * factor)))}`;
  return `${sites(group.sites)} · ${bytes(Math.round(group.footprint * factor))}${unknowns}${growth}`;
}
