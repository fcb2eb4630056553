import { allChunks, type Allocator } from '../allocator/allocator';
import type { Bitmap } from '../allocator/bitmap';
import type { Chunk } from '../allocator/chunk';
import { ROW } from '../allocator/hints';
import { chunksIn } from '../allocator/slots';
import { baseName, bitsFromHex, hintColumns, hintNames, type RecordedChunk, type RecordedState } from './stateFile';

/** One thing in which the model's state is not the kernel's. */
export interface Difference {
  /** Chunk's address, or null for what belongs to the whole allocator. */
  readonly chunk: string | null;
  readonly what: string;
  readonly model: string | number | boolean;
  readonly kernel: string | number | boolean;
}

/**
 * Compares a model with a recorded state in everything: counters, order of the chunks in their slots, maps, all hints,
 * populated pages. An empty list means equal.
 */
export function compareState(allocator: Allocator, state: RecordedState): Difference[] {
  const differences: Difference[] = [];
  const note = (what: string, model: Difference['model'], kernel: Difference['kernel']): void => {
    if (model !== kernel) differences.push({ chunk: null, what, model, kernel });
  };
  const { globals } = state;
  note('pcpu_unit_size', allocator.slots.unitSize, globals.pcpu_unit_size);
  note('pcpu_nr_units', allocator.units, globals.pcpu_nr_units);
  note('pcpu_nr_empty_pop_pages', allocator.emptyPopulatedPages, globals.pcpu_nr_empty_pop_pages);
  note('pcpu_nr_populated', allocator.populatedPages, globals.pcpu_nr_populated);
  note('pcpu_atomic_alloc_failed', allocator.atomicFailed, globals.pcpu_atomic_alloc_failed !== 0);
  state.slots.forEach((bases, slot) => {
    const model = slot < allocator.slots.heads.length ? chunksIn(allocator.slots, slot).map((chunk) => chunk.base) : [];
    note(`slot ${slot}`, model.join(' '), bases.map(baseName).join(' '));
  });
  const models = new Map(allChunks(allocator).map((chunk) => [chunk.base, chunk]));
  const recorded = new Map(state.chunks.map((chunk) => [baseName(chunk.base_addr), chunk]));
  for (const base of new Set([...models.keys(), ...recorded.keys()])) {
    const model = models.get(base);
    const kernel = recorded.get(base);
    if (model === undefined || kernel === undefined) {
      differences.push({ chunk: base, what: 'exists', model: model !== undefined, kernel: kernel !== undefined });
    } else {
      compareChunk(model, kernel, differences);
    }
  }
  return differences;
}

function compareChunk(chunk: Chunk, kernel: RecordedChunk, differences: Difference[]): void {
  const note = (what: string, model: Difference['model'], other: Difference['model']): void => {
    if (model !== other) differences.push({ chunk: chunk.base, what, model, kernel: other });
  };
  note('nr_pages', chunk.pages, kernel.nr_pages);
  if (chunk.pages !== kernel.nr_pages) return;
  note('free_bytes', chunk.freeBytes, kernel.free_bytes);
  note('start_offset', chunk.startOffset, kernel.start_offset);
  note('end_offset', chunk.endOffset, kernel.end_offset);
  note('isolated', chunk.isolated, kernel.isolated === true || kernel.isolated === 1);
  note('has_obj_exts', chunk.hasObjectExtensions, kernel.has_obj_exts);
  note('nr_populated', chunk.populatedPages, kernel.nr_populated);
  note('nr_empty_pop_pages', chunk.emptyPopulatedPages, kernel.nr_empty_pop_pages);
  note('populated', digits(chunk.populated, chunk.pages), kernel.populated);
  hintNames.forEach((name, column) => {
    note(name, chunk.hints[chunk.ownRow + (hintColumns[column] ?? 0)] ?? 0, kernel.chunk_md[name]);
  });
  kernel.md_blocks.forEach((row, block) => {
    note(`block ${block}`, chunk.hints.slice(block * ROW, block * ROW + ROW).join(), row.join());
  });
  noteMaps('alloc_map', chunk.allocated, bitsFromHex(kernel.alloc_map_hex, chunk.bits), note);
  noteMaps('bound_map', chunk.boundaries, bitsFromHex(kernel.bound_map_hex, chunk.bits + 1), note);
}

function noteMaps(what: string, model: Bitmap, kernel: Bitmap, note: (what: string, model: string, kernel: string) => void): void {
  const word = model.findIndex((value, index) => value !== kernel[index]);
  if (word === -1) return;
  note(`${what} from bit ${word * 32}`, hex(model[word] ?? 0), hex(kernel[word] ?? 0));
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

function digits(map: Bitmap, length: number): string {
  return Array.from({ length }, (_, bit) => ((map[bit >>> 5] ?? 0) >>> (bit & 31)) & 1).join('');
}
