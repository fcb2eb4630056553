import type { InventoryArea, InventoryObject } from './inventory';

/** What stands side by side: of the tree compared with, and of the tree at hand; undefined where only the other has it. */
export type Pair<T> = readonly [before: T | undefined, after: T | undefined];

/** Operations or objects by their names, in the order of the tree at hand, then what only the other has. */
export function namedPairs<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): readonly Pair<T>[] {
  const names = new Set([...after, ...before].map(({ name }) => name));
  const [old, own] = [before, after].map((list) => new Map(list.map((one) => [one.name, one])));
  return [...names].map((name) => [old?.get(name), own?.get(name)]);
}

/** Counted areas of an object in two trees: an area is known by its file, function, API, what it allocates, and which of several such it is. */
export function areaPairs(before: InventoryObject | undefined, after: InventoryObject | undefined): readonly Pair<InventoryArea>[] {
  return namedPairs(named(before), named(after)).map(([old, own]) => [old?.area, own?.area]);
}

function named(object: InventoryObject | undefined): readonly { readonly name: string; readonly area: InventoryArea }[] {
  const seen = new Map<string, number>();
  return (object?.areas ?? []).filter(({ counted }) => counted).map((area) => {
    const key = [area.file, area.function ?? '', area.api, area.allocates].join(' ');
    const ordinal = (seen.get(key) ?? 0) + 1;
    seen.set(key, ordinal);
    return { name: `${key} ${String(ordinal)}`, area };
  });
}
