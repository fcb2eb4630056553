import type { Inventory, InventoryArea, InventoryObject, InventoryTotal } from '../protocol/inventory';
import { areaPairs, namedPairs } from '../protocol/inventoryPairs';
import { areasText, bytesText, inventoryHead } from './inventoryText';
import { alignedTable, markdownTable } from './table';

/** Two inventories side by side: operations and objects whose areas differ, with the areas that do. */
export function comparisonText(base: Inventory, own: Inventory, format: 'text' | 'markdown'): string {
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const [before, after] = base.kernel === own.kernel ? ['base', 'this tree'] : [base.kernel, own.kernel];
  const head = ['', before, after, 'bytes per CPU'];
  const objects = namedPairs(base.objects.filter(isListed), own.objects.filter(isListed));
  const changed = objects.filter(([one, other]) => differ(one?.total, other?.total));
  return [
    inventoryHead(base), inventoryHead(own), '\n',
    table(['operation', ...head.slice(1)], namedPairs(base.operations, own.operations).map(([one, other]) => row(one, other))), '\n',
    table(['object', ...head.slice(1)], objects.map(([one, other]) => row(one, other))),
    ...changed.map(([one, other]) => `\n${(other ?? one)?.name ?? ''}\n${areaLines(one, other)}`),
  ].join('');
}

function isListed({ kind }: InventoryObject): boolean {
  return kind !== 'creator';
}

interface Named {
  readonly name: string;
  readonly total: InventoryTotal;
}

function row(before: Named | undefined, after: Named | undefined): string[] {
  const change = (after?.total.bytes_per_cpu ?? 0) - (before?.total.bytes_per_cpu ?? 0);
  return [(after ?? before)?.name ?? '', totalText(before), totalText(after), change === 0 ? 'same' : signed(change)];
}

function totalText(one: Named | undefined): string {
  return one === undefined ? 'none' : `${areasText(one.total)}, ${bytesText(one.total)}`;
}

function signed(change: number): string {
  return `${change > 0 ? '+' : '−'}${Math.abs(change).toLocaleString('en-US')}`;
}

function differ(before: InventoryTotal | undefined, after: InventoryTotal | undefined): boolean {
  return before?.areas !== after?.areas || before?.bytes_per_cpu !== after?.bytes_per_cpu;
}

/** Areas of one side only, or of another size. */
function areaLines(before: InventoryObject | undefined, after: InventoryObject | undefined): string {
  const pairs = areaPairs(before, after);
  const gone = pairs.flatMap(([was, own]) => (was !== undefined && own === undefined ? [`  − ${areaText(was)}\n`] : []));
  const added = pairs.flatMap(([was, own]) => (was === undefined && own !== undefined ? [`  + ${areaText(own)}\n`] : []));
  const resized = pairs.flatMap(([was, own]) => (was === undefined || own === undefined || bytesOf(was) === bytesOf(own) ? [] : [`  ± ${areaText(own)}, was ${bytesOf(was)} bytes\n`]));
  return [...gone, ...added, ...resized].join('');
}

function areaText(area: InventoryArea): string {
  return `${bytesOf(area)} bytes: ${area.api} of ${area.allocates} in ${area.function ?? 'file scope'} (${area.file}:${area.line})`;
}

function bytesOf({ bytes_per_cpu: bytes, times }: InventoryArea): string {
  return bytes === null ? 'unknown' : (bytes * (times ?? 1)).toLocaleString('en-US');
}
