import type { Inventory, InventoryArea, InventoryObject, InventoryTotal } from '../protocol/inventory';
import { areasText, bytesText, inventoryHead } from './inventoryText';
import { alignedTable, markdownTable } from './table';

/** Two inventories side by side: operations and objects whose areas differ, with the areas that do. */
export function comparisonText(base: Inventory, own: Inventory, format: 'text' | 'markdown'): string {
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const [before, after] = base.kernel === own.kernel ? ['base', 'this tree'] : [base.kernel, own.kernel];
  const head = ['', before, after, 'bytes per CPU'];
  const objects = pairs(base.objects.filter(isListed), own.objects.filter(isListed));
  const changed = objects.filter(([one, other]) => differ(one?.total, other?.total));
  return [
    inventoryHead(base), inventoryHead(own), '\n',
    table(['operation', ...head.slice(1)], pairs(base.operations, own.operations).map(([one, other]) => row(one, other))), '\n',
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

type Pair<T> = readonly [T | undefined, T | undefined];

function pairs<T extends Named>(before: readonly T[], after: readonly T[]): readonly Pair<T>[] {
  const names = new Set([...after, ...before].map(({ name }) => name));
  return [...names].map((name) => [before.find((one) => one.name === name), after.find((one) => one.name === name)]);
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

/** Areas of one side only, or of another size; an area is known by its function, API and what it allocates. */
function areaLines(before: InventoryObject | undefined, after: InventoryObject | undefined): string {
  const old = countedAreas(before);
  const own = countedAreas(after);
  const gone = [...old].filter(([key]) => !own.has(key)).map(([, area]) => `  − ${areaText(area)}\n`);
  const added = [...own].filter(([key]) => !old.has(key)).map(([, area]) => `  + ${areaText(area)}\n`);
  const resized = [...own].flatMap(([key, area]) => {
    const was = old.get(key);
    return was === undefined || bytesOf(was) === bytesOf(area) ? [] : [`  ± ${areaText(area)}, was ${bytesOf(was)} bytes\n`];
  });
  return [...gone, ...added, ...resized].join('');
}

function countedAreas(object: InventoryObject | undefined): ReadonlyMap<string, InventoryArea> {
  const areas = object?.areas.filter(({ counted }) => counted) ?? [];
  return new Map(areas.map((area) => [`${area.file} ${area.function ?? ''} ${area.api} ${area.allocates}`, area]));
}

function areaText(area: InventoryArea): string {
  return `${bytesOf(area)} bytes: ${area.api} of ${area.allocates} in ${area.function ?? 'file scope'} (${area.file}:${area.line})`;
}

function bytesOf({ bytes_per_cpu: bytes, times }: InventoryArea): string {
  return bytes === null ? 'unknown' : (bytes * (times ?? 1)).toLocaleString('en-US');
}
