import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../client/views/inventory/columns';
import { targetOf } from '../../client/views/inventory/gridKeys';
import { moduleNames } from '../../client/views/inventory/inventoryState';
import { sectionsOf, type Node } from '../../client/views/inventory/nodes';
import { countShown, rowsOf, type Row, type RowChoice } from '../../client/views/inventory/rows';
import type { Inventory, InventoryArea, InventoryObject, InventoryReply } from '../../server/src/protocol/inventory';
import { areaPairs } from '../../server/src/protocol/inventoryPairs';

function area(change: Partial<InventoryArea>): InventoryArea {
  return {
    site: 'mm/a.c#1', file: 'mm/a.c', line: 3, function: 'make', api: 'alloc_percpu', allocates: 'struct a', areas: 1, bytes_per_cpu: 8, size_reason: 'layout', counted: true,
    chain: ['outer', 'make'], times: 1, times_reason: '', when: [], assumed: [], modules: [], excluded: null, ...change,
  };
}

function object(name: string, areas: readonly InventoryArea[], change: Partial<InventoryObject> = {}): InventoryObject {
  const counted = areas.filter((one) => one.counted);
  const bytes = counted.reduce((sum, { bytes_per_cpu: size, times }) => sum + (size ?? 0) * (times ?? 0), 0);
  const total = { areas: counted.reduce((sum, one) => sum + one.areas * (one.times ?? 0), 0), bytes_per_cpu: bytes, footprint: bytes * 4, unknown_sizes: counted.filter((one) => one.bytes_per_cpu === null).length, left_out: areas.filter((one) => !one.counted).length };
  return { name, kind: 'mm', variant: null, frequency_class: 'fork-exec', total, areas, locks: { pcpu_lock: { create: 1, destroy: 2 } }, create: null, destroy: null, creates: [], ...change };
}

function inventory(kernel: string, objects: readonly InventoryObject[]): Inventory {
  const operations = objects.slice(0, 1).map(({ name, total }) => ({ name: 'fork', objects: [name, name], total }));
  return { kernel, kconfig: 'default', machine: 'm', cpus: { possible: 4, online: 4 }, memory_nodes: 1, modules: [], operations, objects };
}

function reply(own: readonly InventoryObject[], base: readonly InventoryObject[] | null): InventoryReply {
  const tree = (name: string, kernel: string, objects: readonly InventoryObject[]) => ({ name, root: 'file:///r', state: 'ready' as const, reason: null, progress: null, inventory: inventory(kernel, objects) });
  return { sites_revision: 1, own: tree('new', '6.12', own), base: base === null ? null : tree('old', '6.1', base), refused: null, offers: [] };
}

const open: RowChoice = { filter: '', differing: false, toggled: [] };
const titles = (rows: readonly Row[]): string[] => rows.map(({ node, level }) => `${'.'.repeat(level)}${node.title}`);
const opened = (...toggled: string[]): RowChoice => ({ ...open, toggled });

function cells(shown: InventoryReply, node: Node | undefined): string[] {
  if (node === undefined) throw new Error('there is no such line');
  return columnsOf(shown).map((column) => column.text(node));
}

const mm = object('mm', [
  area({}), area({ allocates: 'struct b', bytes_per_cpu: 24, times: 2, times_reason: 'each memory node' }),
  area({ allocates: 'struct c', counted: false, when: ['x > 1'] }), area({ allocates: 'struct d', counted: false, excluded: 'mm/d.c is not built with this configuration' }),
], { creates: [{ object: 'inner', counted: true, chain: ['outer', 'in'], times: 1, times_reason: '', when: [], modules: [], excluded: null }] });
const inner = object('inner', [area({ file: 'mm/in.c', allocates: 'struct in' })], { creates: [{ object: 'mm', counted: false, chain: ['in', 'mm_init'], times: 1, times_reason: '', when: ['deep'], modules: [], excluded: null }] });

describe('the figures of an object', () => {
  const certain = (one: InventoryObject): readonly string[] => {
    const shown = reply([one], null);
    const node = rowsOf(sectionsOf(shown), open).map((row) => row.node).find(({ title }) => title === one.name);
    return cells(shown, node).slice(0, 3);
  };

  it('are unknown where none of its sites is certain, and of what is certain elsewhere', () => {
    expect(certain(object('map', [area({ counted: false, when: ['percpu'] })]))).toEqual(['unknown', 'unknown', 'unknown']);
    expect(certain(object('map', [area({}), area({ counted: false, when: ['percpu'] })]))).toEqual(['1', '8', '32 B']);
  });
});

describe('the lines of the inventory', () => {
  const shown = reply([mm, inner], null);
  const sections = sectionsOf(shown);

  it('are operations and objects, their parts closed until they are opened', () => {
    expect(titles(rowsOf(sections, open))).toEqual(['.What one operation allocates', '..fork', '.What one object holds', '..mm', '..inner']);
    expect(titles(rowsOf(sections, opened('operation:fork')))).toContain('...mm ×2');
    const parts = titles(rowsOf(sections, opened('object:mm', 'objects', 'object:mm/open'))).filter((title) => title.startsWith('...'));
    expect(parts).toEqual([]);
    expect(titles(rowsOf(sections, opened('object:mm', 'object:mm/open'))).slice(3, -1)).toEqual([
      '..mm', '...alloc_percpu of struct a, in make', '...alloc_percpu of struct b, in make', '...creates inner', '...1 more, not counted', '....alloc_percpu of struct c, in make',
      '...1 more, not built with this configuration',
    ]);
  });

  it('say why something is not counted, and end where an object would be within itself', () => {
    const rows = rowsOf(sections, opened('object:mm', 'object:mm/open', 'object:mm/child:0'));
    expect(rows.find(({ node }) => node.title.includes('struct c'))?.node.remarks).toEqual(['outer → make', 'not counted: if x > 1']);
    const back = rows.find(({ node, level }) => node.title === 'creates mm' && level === 4);
    expect(back).toMatchObject({ expandable: false, node: { remarks: ['by in → mm_init', 'not counted: if deep'] } });
  });

  it('are found by words in any part, with the rest of the object left out', () => {
    const found = { ...open, filter: 'struct B' };
    expect(titles(rowsOf(sections, found))).toEqual(['.What one object holds', '..mm', '...alloc_percpu of struct b, in make']);
    expect(countShown(sections, found)).toEqual({ shown: 1, all: 3 });
    expect(rowsOf(sections, { ...open, filter: 'nothing of the kind' })).toEqual([]);
  });

  it('have exact bytes, and never 0 for what is not known', () => {
    const unknown = object('dark', [area({ bytes_per_cpu: null, size_reason: 'an incomplete type' })]);
    const partly = object('half', [area({}), area({ bytes_per_cpu: null, allocates: 'struct z' })]);
    const mixed = reply([mm, unknown, partly], null);
    const rows = rowsOf(sectionsOf(mixed), open).map(({ node }) => node);
    const figures = (title: string): string[] => cells(mixed, rows.find((node) => node.title === title && node.object !== null)).slice(0, 3);
    expect(figures('mm')).toEqual(['3', '56', '224 B']);
    expect(figures('dark')).toEqual(['1', 'unknown', 'unknown']);
    expect(figures('half')).toEqual(['2', '8 + 1 unknown', '≥ 32 B']);
  });
});

describe('two inventories side by side', () => {
  const old = object('mm', [area({ bytes_per_cpu: 4 }), area({ allocates: 'struct gone' })]);
  const shown = reply([mm, inner], [old, inner]);
  const sections = sectionsOf(shown);

  it('have each figure of both, and what only one has', () => {
    const rows = rowsOf(sections, opened('object:mm')).map(({ node }) => node);
    expect(columnsOf(shown).map(({ title }) => title).slice(0, 5)).toEqual(['Areas, 6.1', 'Areas, 6.12', 'Bytes per CPU, 6.1', 'Bytes per CPU, 6.12', 'Difference']);
    const figures = (title: string): string[] => cells(shown, rows.find((node) => node.title === title)).slice(0, 5);
    expect(figures('mm')).toEqual(['2', '3', '12', '56', '+44']);
    expect(figures('inner')).toEqual(['1', '1', '8', '8', 'same']);
    expect(figures('alloc_percpu of struct a, in make')).toEqual(['1', '1', '4', '8', '+4']);
    expect(figures('alloc_percpu of struct b, in make')).toEqual(['none', '2', 'none', '48', '+48']);
    expect(figures('alloc_percpu of struct gone, in make')).toEqual(['1', 'none', '8', 'none', '−8']);
    expect(figures('What one object holds')).toEqual(['', '', '', '', '']);
    expect(rows.find(({ title }) => title.includes('gone'))?.place).toMatchObject({ side: 'base' });
  });

  it('can show only what differs', () => {
    expect(titles(rowsOf(sections, { ...open, differing: true }))).toEqual(['.What one operation allocates', '..fork', '.What one object holds', '..mm']);
  });

  it('pair the second of two equal calls of a function with the second', () => {
    const twice = object('mm', [area({ line: 3 }), area({ line: 4, bytes_per_cpu: 16 })]);
    const once = object('mm', [area({ line: 9 })]);
    expect(areaPairs(once, twice).map(([before, after]) => [before?.line, after?.line])).toEqual([[9, 3], [undefined, 4]]);
  });
});

describe('the keys of the inventory', () => {
  const rows = rowsOf(sectionsOf(reply([mm, inner], null)), opened('object:mm'));
  const at = (title: string): number => rows.findIndex(({ node }) => node.title.startsWith(title));

  it('go in and out of what is open, and never beyond the ends', () => {
    const [object, first] = [at('mm'), at('alloc_percpu of struct a')];
    expect(targetOf('ArrowRight', object, rows)).toBe(first);
    expect(targetOf('ArrowLeft', first, rows)).toBe(object);
    expect(targetOf('ArrowLeft', object, rows)).toBe('fold');
    expect(targetOf('ArrowRight', at('inner'), rows)).toBe('fold');
    expect(targetOf('ArrowRight', first, rows)).toBeUndefined();
    expect(targetOf('ArrowUp', 0, rows)).toBe(0);
    expect(targetOf('ArrowDown', -1, rows)).toBe(0);
    for (const key of ['End', 'PageDown']) expect(targetOf(key, rows.length - 1, rows)).toBe(rows.length - 1);
    expect(targetOf('x', first, rows)).toBeUndefined();
  });
});

describe('modules as typed', () => {
  it('are names, each once', () => {
    expect(moduleNames(' nf_conntrack,tls  tls ')).toEqual(['nf_conntrack', 'tls']);
    expect(moduleNames(' ')).toEqual([]);
  });
});
