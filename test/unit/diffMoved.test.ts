import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treeDifference } from '../../server/src/features/diff/treeDifference';
import { renamedFiles } from '../../server/src/workspace/compare/renamedFiles';
import type { DiffReport } from '../../server/src/protocol/diff';
import type { Snapshot } from '../../server/src/workspace/snapshot';
import { snapshotOfTexts } from './memoryWorkspace';

type Texts = Readonly<Record<string, string>>;

const snapshots = new WeakMap<Texts, Snapshot>();

function difference(before: Texts, after: Texts): DiffReport {
  const tree = (name: string, texts: Texts) => {
    const snapshot = snapshots.get(texts) ?? snapshotOfTexts(texts);
    snapshots.set(texts, snapshot);
    return { name, snapshot };
  };
  const renamed = renamedFiles({
    removed: Object.keys(before).filter((file) => !(file in after)),
    added: Object.keys(after).filter((file) => !(file in before)),
    readBefore: (file) => before[file],
    readAfter: (file) => after[file],
  });
  return treeDifference(tree('a', before), tree('b', after), { limits: [], renamed, notes: [], readAfter: (file) => after[file] });
}

/** A piece of code that stands for itself, with sites of one sort. */
const sorts: readonly ((n: number) => string)[] = [
  (n) => `static int make_room_${n}(struct room *room)\n{\n\troom->counts_${n} = alloc_percpu_gfp(struct counts, GFP_KERNEL);\n\tif (!room->counts_${n})\n\t\treturn -ENOMEM;\n\treturn 0;\n}\n`,
  (n) => `int open_books_${n}(struct books *books)\n{\n\tint err;\n\n\terr = percpu_counter_init(&books->pages_${n}, 0, GFP_KERNEL);\n\tif (err)\n\t\treturn err;\n\treturn percpu_counter_init(&books->lines_${n}, 0, GFP_KERNEL);\n}\n`,
  (n) => `void open_shelves_${n}(struct shelf *shelf)\n{\n\tint i;\n\n\tfor (i = 0; i < ${n + 2}; i++)\n\t\tpercpu_counter_init(&shelf->books_${n}[i], 0, GFP_KERNEL);\n}\n`,
  (n) => `void close_room_${n}(struct room *room)\n{\n\tfree_percpu(room->counts_${n});\n\tfree_percpu(room->counts_${n});\n}\n`,
  (n) => `s64 pages_in_book_${n}(struct books *books)\n{\n\treturn percpu_counter_sum(&books->pages_${n});\n}\n`,
  (n) => `int start_cleaning_${n}(struct room *room)\n{\n\troom->queue = alloc_workqueue("cleaning_${n}", WQ_MEM_RECLAIM, 1);\n\treturn 0;\n}\n`,
  (n) => `static struct kmem_cache *book_cachep_${n};\nint book_cache_init_${n}(void)\n{\n\tbook_cachep_${n} = kmem_cache_create("book_${n}", sizeof(struct counts), 0, 0, NULL);\n\treturn 0;\n}\n`,
  (n) => `static DEFINE_PER_CPU(struct counts, visitors_today_${n});\n`,
];
const pieces = [...sorts, ...sorts].map((sort, n) => sort(n));
/** All files are modules: what is static percpu data in one is of no other trigger in another. */
const head = '#include <linux/counts.h>\n\nstatic int part_init(void)\n{\n\treturn 0;\n}\nmodule_init(part_init);\n\n';
const header = { 'include/linux/counts.h': 'struct counts { long in; long out; };\n' };
const places = ['fs/library/rooms.c', 'fs/library/books.c', 'drivers/house/hall.c'];

/** The pieces in their order, each in the file that is named for it. */
function treeOf(order: readonly number[], fileOf: readonly number[], names: readonly string[], written: (piece: string) => string): Texts {
  const files = names.map((name, file) => [name, head + order.filter((piece) => fileOf[piece] === file).map((piece) => written(pieces[piece] ?? '')).join('\n')] as const);
  return { ...header, ...Object.fromEntries(files) };
}

/** What an editor, a formatter or a commenter does: the code says the same. */
const restyles: readonly ((piece: string) => string)[] = [
  (piece) => piece,
  (piece) => piece.replaceAll('\t', '    '),
  (piece) => piece.replace(/\{\n/g, '{ /* a comment, with (brackets) */\n'),
  (piece) => piece.replace(/(\w+)\(([^()]*), ([^()]*)\);/g, '$1($2,\n\t\t\t$3);'),
  (piece) => `\n\n/* alloc_percpu(int) was here */\n${piece}`,
  (piece) => piece.replace(/^int (\w+)\((.*)\)$/gm, 'int\n$1(\n\t$2)'),
];

const order = fc.shuffledSubarray([...pieces.keys()], { minLength: pieces.length });
const fileOf = fc.array(fc.nat(places.length - 1), { minLength: pieces.length, maxLength: pieces.length });
const names = fc.subarray([...places.keys()]).map((renamed) => places.map((name, at) => (renamed.includes(at) ? name.replace('.c', '_core.c') : name)));
const restyle = fc.constantFrom(...restyles);
const before = treeOf([...pieces.keys()], pieces.map((_, piece) => piece % places.length), places, (piece) => piece);

describe('a site that only moved is no change', () => {
  it('whatever the order, the file, the name of the file and the layout', () => {
    fc.assert(
      fc.property(order, fileOf, names, restyle, (pieceOrder, files, fileNames, written) => {
        const { changes, moved } = difference(before, treeOf(pieceOrder, files, fileNames, written));
        expect(changes.map(({ change, aspects, before: was, after: is }) => [change, aspects.join(), was?.id, is?.id])).toEqual([]);
        const elsewhere = pieces.filter((_, piece) => fileNames[files[piece] ?? 0] !== places[piece % places.length]);
        expect(moved).toBe(elsewhere.reduce((sum, piece) => sum + sitesIn(piece), 0));
      }),
      { numRuns: 25 },
    );
  });

  it('and one that moved and changed is one change', () => {
    fc.assert(
      fc.property(order, fileOf, names, fc.constantFrom(0, 8), (pieceOrder, files, fileNames, grown) => {
        const after = treeOf(pieceOrder, files, fileNames, (piece) => (piece === pieces[grown] ? piece.replace('struct counts, GFP_KERNEL', 'struct counts[2], GFP_KERNEL') : piece));
        expect(difference(before, after).changes).toMatchObject([{ change: 'changed', aspects: ['size'], before: { size: 16 }, after: { size: 32 } }]);
      }),
      { numRuns: 8 },
    );
  });

  it('while one that came with others is told', () => {
    fc.assert(
      fc.property(order, fileOf, restyle, fc.nat(pieces.length - 1), (pieceOrder, files, written, fresh) => {
        const without = treeOf([...pieces.keys()].filter((piece) => piece !== fresh), pieces.map((_, piece) => piece % places.length), places, (piece) => piece);
        const { changes } = difference(without, treeOf(pieceOrder, files, places, written));
        expect(changes.map(({ change }) => change)).toEqual(Array.from({ length: sitesIn(pieces[fresh] ?? '') }, () => 'added'));
      }),
      { numRuns: 8 },
    );
  });
});

/** Calls and definitions of the catalogue in a piece. */
function sitesIn(piece: string): number {
  return piece.match(/\b(alloc_percpu_gfp|percpu_counter_\w+|free_percpu|alloc_workqueue|kmem_cache_create|DEFINE_PER_CPU)\(/g)?.length ?? 0;
}
