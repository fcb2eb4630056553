import type { Inventory, InventoryArea, InventoryChild, InventoryObject, InventoryOperation, InventoryReply } from '../../../server/src/protocol/inventory';
import { isNotBuilt } from '../../../server/src/protocol/inventoryAreas';
import { areaPairs, namedPairs, type Pair } from '../../../server/src/protocol/inventoryPairs';
import { count } from '../format';
import { t } from '../l10n';
import { areaText, callsText, childText, locksTaken, notesOf, whyNot } from './words';

export type Side = 'own' | 'base';

/** Where a row's source is. */
export interface NodePlace {
  readonly side: Side;
  readonly file: string;
  readonly line: number;
}

/** Areas and bytes of a row in one tree; `bytes` null: not known. */
export interface Amount {
  readonly areas: number;
  readonly bytes: number | null;
  /** Areas whose size is not in the bytes. */
  readonly unknown: number;
  /** Sites that may be a part of it and are not counted. */
  readonly leftOut: number;
}

/** A row of the tree of who allocates what, with what is below it. */
export interface Node {
  readonly id: string;
  readonly title: string;
  /** Lines below the title, and those that only an open row has. */
  readonly remarks: readonly string[];
  readonly whenOpen: readonly string[];
  readonly place: NodePlace | null;
  readonly amount: Amount | null;
  /** In the tree beside. */
  readonly base: Amount | null;
  readonly object: InventoryObject | null;
  /** Shown open until it is closed. */
  readonly open: boolean;
  /** Set: not the same in the two trees. */
  readonly differs: boolean;
  readonly children: () => readonly Node[];
}

const none: readonly Node[] = [];
const leaf = (): readonly Node[] => none;

/** Operations, objects and other creators, each as a section. */
export function sectionsOf({ own, base }: InventoryReply): readonly Node[] {
  if (own === null) return none;
  const trees: Trees = { own: own.inventory, base: base?.inventory ?? null };
  const objects = namedPairs(trees.base?.objects ?? [], trees.own.objects);
  const isCreator = ([before, after]: Pair<InventoryObject>): boolean => (after ?? before)?.kind === 'creator';
  const listed = objects.filter((pair) => !isCreator(pair));
  const others = objects.filter(isCreator);
  return [
    section('operations', t('What one operation allocates'), [], true, () => namedPairs(trees.base?.operations ?? [], trees.own.operations).map((pair) => operationNode(pair, trees))),
    section('objects', t('What one object holds'), [], true, () => listed.map((pair) => objectNode(`object:${nameOf(pair)}`, pair, trees, []))),
    ...(others.length === 0 ? [] : [section('others', t('{0} other functions that create two or more areas together', count(others.length)), [], false, () => others.map((pair) => objectNode(`other:${nameOf(pair)}`, pair, trees, [])))]),
  ];
}

interface Trees {
  readonly own: Inventory;
  readonly base: Inventory | null;
}

function nameOf<T extends { readonly name: string }>([before, after]: Pair<T>): string {
  return (after ?? before)?.name ?? '';
}

function section(id: string, title: string, remarks: readonly string[], open: boolean, children: () => readonly Node[]): Node {
  return { id, title, remarks, whenOpen: [], place: null, amount: null, base: null, object: null, open, differs: false, children };
}

function amountOf(one: Pick<InventoryObject | InventoryOperation, 'total'> | undefined): Amount | null {
  return one === undefined ? null : { areas: one.total.areas, bytes: one.total.bytes_per_cpu, unknown: one.total.unknown_sizes, leftOut: one.total.left_out };
}

function differ(one: Amount | null, other: Amount | null, trees: Trees): boolean {
  return trees.base !== null && (one?.areas !== other?.areas || one?.bytes !== other?.bytes || one?.unknown !== other?.unknown);
}

function operationNode(pair: Pair<InventoryOperation>, trees: Trees): Node {
  const [before, after] = pair;
  const id = `operation:${nameOf(pair)}`;
  const names = [...new Set([...(after?.objects ?? []), ...(before?.objects ?? [])])];
  const [base, amount] = [amountOf(before), amountOf(after)];
  return {
    ...section(id, nameOf(pair), [], false, () => names.map((name) => ({ ...objectNode(`${id}/${name}`, pairOf(name, trees), trees, [name]), title: timesText(name, after ?? before) }))),
    amount, base, differs: differ(amount, base, trees),
  };
}

/** `veth network device ×2`. */
function timesText(name: string, operation: InventoryOperation | undefined): string {
  const times = operation?.objects.filter((other) => other === name).length ?? 1;
  return times < 2 ? name : `${name} ×${String(times)}`;
}

function pairOf(name: string, { own, base }: Trees): Pair<InventoryObject> {
  return [base?.objects.find((one) => one.name === name), own.objects.find((one) => one.name === name)];
}

/** `above`: names of the objects that it is within, which are not opened again inside. */
function objectNode(id: string, pair: Pair<InventoryObject>, trees: Trees, above: readonly string[]): Node {
  const [before, after] = pair;
  const [base, amount] = [amountOf(before), amountOf(after)];
  const shown = after ?? before;
  return {
    ...section(id, nameOf(pair), [], false, () => partsOf(id, pair, trees, [...above, nameOf(pair)])),
    whenOpen: shown === undefined ? [] : locksTaken(shown), amount, base, object: shown ?? null, differs: differ(amount, base, trees),
  };
}

function partsOf(id: string, [before, after]: Pair<InventoryObject>, trees: Trees, above: readonly string[]): readonly Node[] {
  const shown = after ?? before;
  const side: Side = after === undefined ? 'base' : 'own';
  const areas = shown?.areas ?? [];
  const open = areas.filter((area) => !area.counted && !isNotBuilt(area));
  const notBuilt = areas.filter(isNotBuilt);
  const counted = trees.base === null ? areas.filter((area) => area.counted).map((area): Pair<InventoryArea> => [undefined, area]) : areaPairs(before, after);
  return [
    ...counted.map((pair, index) => areaNode(`${id}/area:${String(index)}`, pair, trees)),
    ...(shown?.creates ?? []).map((child, index) => childNode(`${id}/child:${String(index)}`, child, trees, above)),
    ...(open.length === 0 ? [] : [section(`${id}/open`, t('{0} more, not counted', count(open.length)), [], false, () => open.map((area, index) => leftOut(`${id}/open:${String(index)}`, area, side)))]),
    ...(notBuilt.length === 0 ? [] : [section(`${id}/notBuilt`, t('{0} more, not built with this configuration', count(notBuilt.length)), [], false, () => notBuilt.map((area, index) => leftOut(`${id}/notBuilt:${String(index)}`, area, side)))]),
  ];
}

function childNode(id: string, child: InventoryChild, trees: Trees, above: readonly string[]): Node {
  const pair = pairOf(child.object, trees);
  const known = pair.some((one) => one !== undefined) && !above.includes(child.object);
  return {
    ...(known ? objectNode(id, pair, trees, above) : section(id, child.object, [], false, leaf)),
    title: childText(child),
    remarks: [t('by {0}', callsText(child.chain)), ...(child.counted ? [] : [t('not counted: {0}', whyNot(child))])],
  };
}

function areaAmount(area: InventoryArea | undefined): Amount | null {
  if (area === undefined) return null;
  const times = area.times ?? 1;
  return { areas: area.areas * times, bytes: area.bytes_per_cpu === null ? null : area.bytes_per_cpu * times, unknown: area.bytes_per_cpu === null ? 1 : 0, leftOut: 0 };
}

function areaNode(id: string, [before, after]: Pair<InventoryArea>, trees: Trees): Node {
  const shown = after ?? before;
  const [base, amount] = [areaAmount(before), areaAmount(after)];
  const place: NodePlace | null = shown === undefined ? null : { side: after === undefined ? 'base' : 'own', file: shown.file, line: shown.line };
  const remarks = shown === undefined ? [] : [callsText(shown.chain), ...notesOf(shown)];
  return { ...section(id, shown === undefined ? '' : areaText(shown), remarks, false, leaf), place, amount, base, differs: differ(amount, base, trees) };
}

/** An area that is not in the total, with the reason. */
function leftOut(id: string, area: InventoryArea, side: Side): Node {
  const { bytes_per_cpu: bytes, areas } = area;
  const amount = { areas, bytes, unknown: bytes === null ? 1 : 0, leftOut: 0 };
  const remarks = [callsText(area.chain), t('not counted: {0}', whyNot(area))];
  return { ...section(id, areaText(area), remarks, false, leaf), place: { side, file: area.file, line: area.line }, ...(side === 'own' ? { amount } : { base: amount }) };
}
