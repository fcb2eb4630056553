import type { ChunkMapHead, ChunkMapSource, WireArea, WireChunk } from '../../../server/src/protocol/chunkMap';

/** What the panel shows. */
export interface MapState {
  readonly source: ChunkMapSource | null;
  readonly phase: 'idle' | 'opening' | 'open' | 'refused';
  readonly reason: string;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly head: ChunkMapHead | null;
  readonly frame: number;
  readonly chunks: readonly WireChunk[];
  /** Base of the chunk that was chosen; its areas where they have come. */
  readonly chunk: string | null;
  readonly areas: readonly WireArea[] | null;
  /** Page pointed at in the chosen chunk. */
  readonly page: number | null;
}

export const initialMap: MapState = {
  source: null, phase: 'idle', reason: '', progress: null, head: null, frame: 0, chunks: [], chunk: null, areas: null, page: null,
};

/** Areas that lie in a page, in part or whole. */
export function areasInPage(areas: readonly WireArea[], page: number, pageSize: number): WireArea[] {
  const [from, to] = [page * pageSize, (page + 1) * pageSize];
  return areas.filter(({ offset, size }) => offset < to && offset + size > from);
}

export interface Hole {
  readonly offset: number;
  readonly size: number;
}

/** The largest run of a unit that no area lies in, the first of equal ones; null where there is none. */
export function largestHole(areas: readonly WireArea[], unitBytes: number): Hole | null {
  let end = 0;
  let largest: Hole | null = null;
  for (const { offset, size } of [...areas, { offset: unitBytes, size: 0 }]) {
    if (offset - end > (largest?.size ?? 0)) largest = { offset: end, size: offset - end };
    end = offset + size;
  }
  return largest;
}

export interface OwnerTotal {
  readonly owner: string | null;
  readonly areas: number;
  readonly bytes: number;
}

/** Areas by who allocated them, most bytes first. */
export function byOwner(areas: readonly WireArea[]): OwnerTotal[] {
  const totals = new Map<string | null, { areas: number; bytes: number }>();
  for (const { owner, size } of areas) {
    const total = totals.get(owner) ?? { areas: 0, bytes: 0 };
    totals.set(owner, { areas: total.areas + 1, bytes: total.bytes + size });
  }
  return [...totals].map(([owner, total]) => ({ owner, ...total })).sort((a, b) => b.bytes - a.bytes);
}
