import type { Node } from './nodes';

/** A line of the treegrid. */
export interface Row {
  readonly node: Node;
  /** One-based. */
  readonly level: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** Place among its siblings, one-based, and how many there are. */
  readonly position: number;
  readonly siblings: number;
}

export interface RowChoice {
  readonly filter: string;
  readonly differing: boolean;
  readonly toggled: readonly string[];
}

/** The lines that are in sight: what matches the filter with what it is in, open as the person left it. */
export function rowsOf(sections: readonly Node[], { filter, differing, toggled }: RowChoice): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const turned = new Set(toggled);
  const lines = (nodes: readonly Node[], level: number): Row[] =>
    nodes.flatMap((node, index) => {
      const children = node.children();
      const expanded = children.length > 0 && node.open !== turned.has(node.id);
      const row: Row = { node, level, expandable: children.length > 0, expanded, position: index + 1, siblings: nodes.length };
      return expanded ? [row, ...lines(children, level + 1)] : [row];
    });
  const kept = sections.map((section) => filtered(section, (node) => (words.length === 0 || matches(node, words)) && (!differing || node.differs), words.length > 0));
  return lines(kept.flatMap((section) => section ?? []), 1);
}

/** How many lines of operations and objects the filter leaves, of how many. */
export function countShown(sections: readonly Node[], choice: RowChoice): { readonly shown: number; readonly all: number } {
  const rows = rowsOf(sections, { ...choice, toggled: sections.filter(({ open }) => !open).map(({ id }) => id) });
  return { shown: rows.filter(({ level }) => level === 2).length, all: sections.reduce((sum, section) => sum + section.children().length, 0) };
}

/**
 * A section with the entries that are wanted. A search looks into them: an entry that holds what is sought, and is not
 * named so itself, is open with that alone.
 */
function filtered(section: Node, wanted: (node: Node) => boolean, searching: boolean): Node | undefined {
  const entries = section.children().flatMap((entry) => {
    if (wanted(entry)) return [entry];
    if (!searching) return [];
    const inside = entry.children().filter(wanted);
    return inside.length === 0 ? [] : [{ ...entry, open: true, children: () => inside }];
  });
  return entries.length === 0 ? undefined : { ...section, open: section.open || searching, children: () => entries };
}

function matches({ title, remarks, place, object }: Node, words: readonly string[]): boolean {
  const text = [title, ...remarks, place?.file ?? '', object?.frequency_class ?? ''].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
