import type { Inventory, InventoryArea, InventoryChild, InventoryObject, InventoryOperation, InventoryTotal } from '../protocol/inventory';
import { isNotBuilt, isUnknownTotal } from '../protocol/inventoryAreas';
import { formatBytes, formatDurations } from '../util/format';
import { alignedTable, markdownTable } from './table';

/** The inventory for people: what each operation allocates, then every object with its areas. */
export function inventoryText(inventory: Inventory, format: 'text' | 'markdown'): string {
  const { objects, operations } = inventory;
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const listed = objects.filter(({ kind }) => kind !== 'creator');
  const others = objects.length - listed.length;
  const title = (text: string, level: number): string => (format === 'markdown' ? `\n${'#'.repeat(level)} ${text}\n\n` : `\n${text}\n`);
  return [
    inventoryHead(inventory),
    title('What one operation allocates', 2),
    table(['operation', 'areas', 'bytes per CPU', 'footprint', 'creates'], operations.map(operationRow)),
    ...listed.map((object) => title(objectTitle(object), 3) + objectText(object, table)),
    others === 0 ? '' : `\n${others} more functions create two or more areas together that are part of none of these objects: --format json lists them.\n`,
  ].join('');
}

export function inventoryHead({ kernel, machine, cpus, memory_nodes: nodes, kconfig, modules }: Inventory): string {
  const loaded = modules.length === 0 ? 'No module is counted as loaded but an object\'s own (--modules NAME,…).' : `Counted as loaded: ${modules.join(', ')}.`;
  return `Linux ${kernel}, ${machine}: ${cpus.possible} possible CPUs, ${cpus.online} online, ${nodes} memory ${nodes === 1 ? 'node' : 'nodes'}\n`
    + `As configured by ${kconfig}. ${loaded}\n`;
}

function operationRow({ name, total, objects }: InventoryOperation): string[] {
  return [name, String(total.areas), bytesText(total), footprintText(total), joined(objects)];
}

/** `veth network device ×2`. */
function joined(names: readonly string[]): string {
  return [...new Set(names)].map((name) => {
    const count = names.filter((other) => other === name).length;
    return count === 1 ? name : `${name} ×${count}`;
  }).join(' + ');
}

export function areasText({ areas }: InventoryTotal): string {
  return areas === 1 ? '1 area' : `${areas} areas`;
}

function footprintText(total: InventoryTotal): string {
  return isUnknownTotal(total) ? 'unknown' : formatBytes(total.footprint);
}

/** Exact bytes: people compare them with a recording. */
export function bytesText(total: InventoryTotal): string {
  const { bytes_per_cpu: bytes, unknown_sizes: unknown } = total;
  if (isUnknownTotal(total)) return 'unknown';
  return `${bytes.toLocaleString('en-US')}${unknown === 0 ? '' : ` + ${unknown} unknown`}`;
}

function objectTitle({ name, frequency_class: trigger, total, areas }: InventoryObject): string {
  return `${name} (${trigger}): ${amountText(total, areas)}`;
}

function amountText(total: InventoryTotal, areas: readonly InventoryArea[]): string {
  if (total.areas === 0 && total.left_out > 0) return `unknown, as none of ${total.left_out === 1 ? '1 site' : `${total.left_out} sites`} is certain`;
  if (areas.length > 0 && areas.every(isNotBuilt)) return 'nothing, as it is not built with this configuration';
  return `${areasText(total)}, ${bytesText(total)} bytes per CPU, ${footprintText(total)}`;
}

function objectText(object: InventoryObject, table: typeof alignedTable): string {
  const counted = object.areas.filter((area) => area.counted);
  const rows = counted.map((area) => [perCpu(area), area.allocates, `${area.file}:${area.line}`, callsText(area.chain), notesOf(area)]);
  const open = object.areas.filter((area) => !area.counted && !isNotBuilt(area));
  const notBuilt = object.areas.filter(isNotBuilt).length;
  return [
    costLines(object).map((line) => `${line}\n`).join(''),
    rows.length === 0 ? '' : table(['per CPU', 'allocates', 'place', 'called by', 'how often, and assumed'], rows),
    open.length === 0 ? '' : table(['not counted', 'allocates', 'place', 'called by', 'because'], open.map((area) =>
      [perCpu(area), area.allocates, `${area.file}:${area.line}`, callsText(area.chain), whyNot(area)])),
    notBuilt === 0 ? '' : `not built with this configuration: ${notBuilt} more ${notBuilt === 1 ? 'site' : 'sites'}\n`,
    ...object.creates.map((child) => `creates ${child.object}${child.counted ? '' : `, not counted: ${whyNot(child)}`} by ${callsText(child.chain)}\n`),
  ].join('');
}

function costLines({ locks, create, destroy }: InventoryObject): readonly string[] {
  const taken = Object.entries(locks ?? {}).map(([name, { create: first, destroy: last }]) => `${name} ${first} + ${last}`);
  const times = create?.ns == null || destroy?.ns == null ? [] : [`create ${formatDurations(create.ns)}, destroy ${formatDurations(destroy.ns)}`];
  return [...(taken.length === 0 ? [] : [`locks, create + destroy: ${taken.join(', ')}`]), ...times];
}

function perCpu({ bytes_per_cpu: bytes, times }: InventoryArea): string {
  const size = bytes === null ? 'unknown' : bytes.toLocaleString('en-US');
  return times === null || times === 1 ? size : `${times} × ${size}`;
}

export function callsText(chain: readonly string[]): string {
  return chain.join(' → ');
}

function notesOf({ times_reason: times, assumed }: InventoryArea): string {
  return [...(times === '' ? [] : [times]), ...assumed].join('; ');
}

/** Why an area or a child is not counted. */
export function whyNot({ excluded, when, modules, times, times_reason: reason }: InventoryArea | InventoryChild): string {
  if (excluded !== null) return excluded;
  const parts = [
    ...when.map((condition) => `if ${condition}`),
    ...(modules.length === 0 ? [] : [`with ${modules.join(', ')} loaded`]),
    ...(times === null ? [`a number of times not known: ${reason}`] : []),
  ];
  return parts.join('; ');
}
