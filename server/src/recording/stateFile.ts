import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bitmapOf, setBit, type Bitmap } from '../allocator/bitmap';
import type { Allocator } from '../allocator/allocator';
import { newChunk, type Chunk } from '../allocator/chunk';
import { CONTIG, CONTIG_START, FIRST, LEFT, RIGHT, ROW, SCAN, SCAN_START, SIZE } from '../allocator/hints';
import { moveToBack, newSlots } from '../allocator/slots';

/**
 * The allocator's state as read from a running kernel (docs/replay.md says how). Addresses are hex text, maps are
 * bytes in memory order in hex, rows of hints in the order of `struct pcpu_block_md`.
 */
export interface RecordedState {
  readonly kernel?: string;
  readonly label?: string;
  readonly globals: RecordedGlobals;
  /** Base addresses of the chunks in each slot, in list order. */
  readonly slots: readonly (readonly string[])[];
  readonly chunks: readonly RecordedChunk[];
}

export interface RecordedGlobals {
  readonly pcpu_unit_pages: number;
  readonly pcpu_unit_size: number;
  readonly pcpu_nr_units: number;
  readonly pcpu_nr_slots: number;
  readonly pcpu_free_slot: number;
  readonly pcpu_sidelined_slot: number;
  readonly pcpu_to_depopulate_slot: number;
  readonly pcpu_nr_empty_pop_pages: number;
  readonly pcpu_nr_populated: number;
  readonly pcpu_async_enabled: number;
  readonly pcpu_atomic_alloc_failed: number;
  /** Bit 0: the balance work is pending. */
  readonly pcpu_balance_work_data?: string;
  readonly pcpu_atom_size?: number;
  readonly pcpu_nr_groups?: number;
  readonly nr_cpu_ids?: number;
}

export interface RecordedChunk {
  readonly base_addr: string;
  readonly is_first: boolean;
  readonly is_reserved: boolean;
  readonly free_bytes: number;
  readonly chunk_md: Readonly<Record<HintName, number>>;
  readonly start_offset: number;
  readonly end_offset: number;
  readonly nr_pages: number;
  readonly nr_populated: number;
  readonly nr_empty_pop_pages: number;
  readonly isolated: number | boolean;
  readonly has_obj_exts: boolean;
  readonly populated: string;
  readonly md_blocks: readonly (readonly number[])[];
  readonly alloc_map_hex: string;
  readonly bound_map_hex: string;
}

/** Names of a row's numbers, in the order of the row. */
export const hintNames = [
  'scan_hint', 'scan_hint_start', 'contig_hint', 'contig_hint_start', 'left_free', 'right_free', 'first_free', 'nr_bits',
] as const;
export type HintName = (typeof hintNames)[number];
export const hintColumns = [SCAN, SCAN_START, CONTIG, CONTIG_START, LEFT, RIGHT, FIRST, SIZE] as const;

export type StateResult =
  | { readonly ok: true; readonly state: RecordedState }
  | { readonly ok: false; readonly error: string };

/** Reads a state, plain or gzip. Never throws: what is wrong with the file is said in one line. */
export function readStateFile(path: string): StateResult {
  try {
    const bytes = readFileSync(path);
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : bytes.toString();
    return checkState(JSON.parse(text));
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

const globalNumbers = [
  'pcpu_unit_pages', 'pcpu_unit_size', 'pcpu_nr_units', 'pcpu_nr_slots', 'pcpu_free_slot', 'pcpu_sidelined_slot',
  'pcpu_to_depopulate_slot', 'pcpu_nr_empty_pop_pages', 'pcpu_nr_populated', 'pcpu_async_enabled',
  'pcpu_atomic_alloc_failed',
] as const;

const chunkNumbers = [
  'free_bytes', 'start_offset', 'end_offset', 'nr_pages', 'nr_populated', 'nr_empty_pop_pages',
] as const;

/** Checks that a parsed file has the shape of a state and that its parts agree with each other. */
export function checkState(value: unknown): StateResult {
  const state = value as Partial<RecordedState> | null;
  if (state === null || typeof state !== 'object') return wrong('it is no JSON object');
  const { globals, slots, chunks } = state;
  if (globals === undefined || slots === undefined || chunks === undefined) {
    return wrong('it has no "globals", "slots" and "chunks": is it a state of the percpu allocator?');
  }
  for (const name of globalNumbers) {
    if (!isCount(globals[name])) return wrong(`globals.${name} is missing or no number`);
  }
  if (!Array.isArray(slots) || slots.length !== globals.pcpu_nr_slots) return wrong('the number of slots is not pcpu_nr_slots');
  if (!Array.isArray(chunks)) return wrong('"chunks" is no list');
  const pageSize = globals.pcpu_unit_size / globals.pcpu_unit_pages;
  if (pageSize !== 4096 && pageSize !== 65536 && pageSize !== 16384) return wrong(`a page would have ${pageSize} bytes`);
  for (const [index, chunk] of (chunks as unknown as Partial<RecordedChunk>[]).entries()) {
    const error = chunkError(chunk, pageSize);
    if (error !== null) return wrong(`chunks[${index}]: ${error}`);
  }
  return shapeError(state as RecordedState) ?? { ok: true, state: state as RecordedState };
}

function wrong(error: string): StateResult {
  return { ok: false, error };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

function chunkError(chunk: Partial<RecordedChunk>, pageSize: number): string | null {
  for (const name of chunkNumbers) if (!isCount(chunk[name])) return `${name} is missing or no number`;
  if (typeof chunk.base_addr !== 'string') return 'base_addr is missing';
  const { nr_pages: pages = 0, md_blocks: rows, chunk_md: own, populated, alloc_map_hex: map, bound_map_hex: bounds } = chunk;
  if (!Array.isArray(rows) || rows.length !== pages) return 'md_blocks has not one row a page';
  if (rows.some((row) => !Array.isArray(row) || row.length !== ROW || !row.every(isCount))) return 'a row of md_blocks is not 8 numbers';
  if (own === undefined || hintNames.some((name) => !isCount(own[name]))) return 'chunk_md is incomplete';
  if (typeof populated !== 'string' || populated.length !== pages) return 'populated has not one digit a page';
  const digits = (pages * pageSize) / 16;
  if (typeof map !== 'string' || map.length !== digits) return 'alloc_map_hex has the wrong length';
  if (typeof bounds !== 'string' || bounds.length < digits) return 'bound_map_hex is too short';
  return null;
}

/** Slots and chunks must be those that this unit size has, else the state is of a kernel that works otherwise. */
function shapeError(state: RecordedState): StateResult | null {
  const { globals, chunks, slots } = state;
  const expected = newSlots(globals.pcpu_unit_size);
  if (expected.heads.length !== globals.pcpu_nr_slots || expected.free !== globals.pcpu_free_slot ||
      expected.sidelined !== globals.pcpu_sidelined_slot || expected.toDepopulate !== globals.pcpu_to_depopulate_slot) {
    return wrong(`${globals.pcpu_nr_slots} slots for a unit of ${globals.pcpu_unit_size} bytes: not a kernel from 5.14 to 6.12`);
  }
  if (chunks.filter((chunk) => chunk.is_first).length !== 1) return wrong('there is not exactly one first chunk');
  const listed = slots.flat().sort();
  const present = chunks.filter((chunk) => !chunk.is_reserved).map((chunk) => chunk.base_addr).sort();
  if (listed.join() !== present.join()) return wrong('slots and chunks name different chunks');
  return null;
}

/** `0xffff…` as traces name it: lower case, no prefix. */
export function baseName(address: string): string {
  return address.toLowerCase().replace(/^0x/, '');
}

/** The model in the state recorded. */
export function allocatorFrom(state: RecordedState): Allocator {
  const { globals } = state;
  const pageSize = globals.pcpu_unit_size / globals.pcpu_unit_pages;
  const slots = newSlots(globals.pcpu_unit_size);
  const chunks = new Map(state.chunks.map((chunk) => [baseName(chunk.base_addr), chunkFrom(chunk, pageSize)]));
  state.slots.forEach((bases, slot) => {
    for (const base of bases) {
      const chunk = chunks.get(baseName(base));
      if (chunk !== undefined) moveToBack(slots, chunk, slot);
    }
  });
  const all = [...chunks.values()];
  const first = all.find((chunk) => chunk.role === 'first');
  if (first === undefined) throw new RangeError('a checked state has a first chunk');
  const dynamic = state.chunks.filter((chunk) => !chunk.is_first && !chunk.is_reserved);
  return {
    pageSize,
    unitPages: globals.pcpu_unit_pages,
    units: globals.pcpu_nr_units,
    slots,
    first,
    reserved: all.find((chunk) => chunk.role === 'reserved') ?? null,
    objectExtensions: dynamic.length === 0 || dynamic.some((chunk) => chunk.has_obj_exts),
    depopulation: true,
    emptyPopulatedPages: globals.pcpu_nr_empty_pop_pages,
    populatedPages: globals.pcpu_nr_populated,
    asyncEnabled: globals.pcpu_async_enabled !== 0,
    atomicFailed: globals.pcpu_atomic_alloc_failed !== 0,
    balanceScheduled: Number.parseInt((globals.pcpu_balance_work_data ?? '0').slice(-1), 16) % 2 === 1,
    changes: 0,
  };
}

function chunkFrom(recorded: RecordedChunk, pageSize: number): Chunk {
  const chunk = newChunk({
    base: baseName(recorded.base_addr),
    role: recorded.is_reserved ? 'reserved' : recorded.is_first ? 'first' : 'dynamic',
    pages: recorded.nr_pages,
    pageSize,
    startOffset: recorded.start_offset,
    endOffset: recorded.end_offset,
    hasObjectExtensions: recorded.has_obj_exts,
  });
  recorded.md_blocks.forEach((row, block) => chunk.hints.set(row, block * ROW));
  chunk.hints.set(hintNames.map((name) => recorded.chunk_md[name]), chunk.ownRow);
  chunk.allocated.set(bitsFromHex(recorded.alloc_map_hex, chunk.bits));
  chunk.boundaries.set(bitsFromHex(recorded.bound_map_hex, chunk.bits + 1));
  for (let page = 0; page < chunk.pages; page += 1) if (recorded.populated[page] === '1') setBit(chunk.populated, page);
  chunk.isolated = recorded.isolated === true || recorded.isolated === 1;
  chunk.freeBytes = recorded.free_bytes;
  chunk.populatedPages = recorded.nr_populated;
  chunk.emptyPopulatedPages = recorded.nr_empty_pop_pages;
  return chunk;
}

/** `bits` bits from hex bytes in memory order; what the text lacks is 0. */
export function bitsFromHex(hex: string, bits: number): Bitmap {
  const map = bitmapOf(bits);
  const bytes = Buffer.from(hex, 'hex');
  new Uint8Array(map.buffer).set(bytes.subarray(0, map.byteLength));
  return map;
}
