import { costOf } from '../estimate/cost';
import { formatKernelVersion } from '../kernel/version';
import type { Inventory, InventoryChild, InventoryObject, InventoryOperation } from '../protocol/inventory';
import { objectName, type FormedObject } from '../resolve/objects/formObjects';
import type { ObjectKindId } from '../resolve/objects/membership';
import { operations, type Operation } from '../resolve/objects/operations';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { priceOptions } from './evaluation';
import { formedObjects } from './formedObjects';
import { addTotals, areaOf, isCounted, totalOf, wireNesting, type Counting } from './objectAreas';
import { locksTaken, objectLife } from './objectLife';
import { wireCost } from './wire';

/** What the kernel's objects hold per CPU, as configured and with some modules loaded. */
export function inventoryOf(snapshot: Snapshot, modules: readonly string[]): Inventory {
  const making = inventoryInTurns(snapshot, modules);
  for (;;) {
    const turn = making.next();
    if (turn.done === true) return turn.value;
  }
}

/** The same, object by object, so that a server can answer others in between. */
export function* inventoryInTurns(snapshot: Snapshot, modules: readonly string[]): Generator<void, Inventory> {
  const counting: Counting = { snapshot, loaded: new Set(modules) };
  const formed = formedObjects(snapshot).filter(({ kind, members }) => kind !== 'creator' || members.length > 1);
  const objects: InventoryObject[] = [];
  for (const object of formed) {
    objects.push(inventoryObject(object, formed, counting));
    yield;
  }
  const { topology, name } = snapshot.machine;
  return {
    kernel: formatKernelVersion(snapshot.kernel),
    kconfig: snapshot.kconfigOrigin,
    machine: name,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    memory_nodes: topology.nodes,
    modules,
    operations: operations.flatMap((operation) => operationsOf(operation, objects)),
    objects,
  };
}

type Formed = FormedObject<SnapshotSite>;

function inventoryObject(object: Formed, formed: readonly Formed[], counting: Counting): InventoryObject {
  const { snapshot } = counting;
  const areas = object.members.map((member) => areaOf(member, counting));
  const life = objectLife(object, counting);
  const cost = life === null ? null : costOf(life, snapshot.machine, priceOptions(snapshot));
  return {
    name: object.name,
    kind: object.kind,
    variant: object.variant,
    frequency_class: object.frequencyClass,
    total: totalOf(areas, snapshot.machine.topology.possibleCpus),
    areas,
    locks: life === null ? null : lockCounts(locksTaken(life.create), locksTaken(life.destroy)),
    create: cost === null ? null : wireCost(cost.create),
    destroy: cost === null ? null : wireCost(cost.destroy),
    creates: childrenOf(object, formed, counting),
  };
}

function lockCounts(create: ReadonlyMap<string, number>, destroy: ReadonlyMap<string, number>): NonNullable<InventoryObject['locks']> {
  const names = [...new Set([...create.keys(), ...destroy.keys()])];
  return Object.fromEntries(names.map((name) => [name, { create: create.get(name) ?? 0, destroy: destroy.get(name) ?? 0 }]));
}

/** The objects that are made in the course of making one: by the sites that make them. */
function childrenOf({ kind, variant }: Formed, formed: readonly Formed[], { snapshot, loaded }: Counting): readonly InventoryChild[] {
  const children = formed.filter((inner) => inner.variant === null).flatMap((inner) => inner.members.flatMap(({ membership }) =>
    membership.within.filter((outer) => outer.kind === kind && outer.variant === variant).map((nesting) => {
      const { chain, times, times_reason, when, modules, excluded } = wireNesting(nesting, snapshot);
      const part = { chain, times, times_reason, when, modules, excluded };
      return { ...part, object: objectName(inner.kind, nesting.inner), counted: isCounted(part, loaded) };
    })));
  // Several sites of the function that makes one say the same.
  return [...new Map(children.map((child) => [`${child.object} ${child.chain.join()}`, child])).values()];
}

function operationsOf(operation: Operation, objects: readonly InventoryObject[]): readonly InventoryOperation[] {
  const find = (kind: ObjectKindId, variant: string | null): InventoryObject[] => objects.filter((one) => one.kind === kind && one.variant === variant);
  const common = operation.parts.flatMap(({ kind, variant }) => find(kind, variant ?? null));
  if (common.length < operation.parts.length) return [];
  if (operation.each === undefined) return [operationOf(operation.name, common, objects)];
  return objects.filter(({ kind, variant }) => kind === operation.each && variant !== null && !common.some((one) => one.variant === variant)).map((object) =>
    operationOf(operation.name.replace('NAME', object.variant ?? ''), [...common, object], objects));
}

function operationOf(name: string, parts: readonly InventoryObject[], objects: readonly InventoryObject[]): InventoryOperation {
  const made = parts.flatMap((part) => withChildren(part, objects, 0));
  return { name, objects: made.map((object) => object.name), total: addTotals(made.map(({ total }) => total)) };
}

const deepest = 3;

/** An object and what is made with it; one of the same kind inside (a veth's peer) makes no further one. */
function withChildren(object: InventoryObject, objects: readonly InventoryObject[], depth: number): readonly InventoryObject[] {
  const inside = object.creates.filter(({ counted }) => counted).flatMap((child) => {
    const made = objects.find(({ name }) => name === child.object);
    if (made === undefined || depth >= deepest) return [];
    const one = made === object ? [made] : withChildren(made, objects, depth + 1);
    return Array.from({ length: child.times ?? 0 }, () => one).flat();
  });
  return [object, ...inside];
}

