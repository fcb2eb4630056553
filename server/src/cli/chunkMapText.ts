import type { PageView } from '../allocator/chunkMap';
import type { withFragmentation } from '../allocator/whatIf';
import { formatBytes } from '../util/format';
import { alignedTable } from './table';

type Chunks = ReturnType<typeof withFragmentation>;

const pagesPerLine = 64;

/** Chunks as a table, then the pages of each: `·` not populated, `_` empty, `1` to `9` tenths used, `#` full. */
export function chunkMapText(chunks: Chunks): string {
  const rows = chunks.map((chunk) => [
    chunk.base, chunk.role, chunk.place, `${chunk.populatedPages} of ${chunk.pages.length}`, formatBytes(chunk.usedBytes), formatBytes(chunk.freeBytes),
    formatBytes(chunk.largestHole), String(chunk.areas), `${Math.round(chunk.fragmentation.unusableForPage * 100)} %`, formatBytes(chunk.memoryBytes),
  ]);
  const table = alignedTable(['chunk', 'role', 'on', 'populated', 'used', 'free', 'largest hole', 'areas', 'too small for a page', 'memory'], rows);
  const maps = chunks.map((chunk) => `${chunk.base}\n${pageLines(chunk.pages)}`);
  return `\nChunks, bytes of a unit:\n${table}\nPages of a unit: · not populated, _ empty, 1-9 tenths used, # full\n${maps.join('')}`;
}

function pageLines(pages: readonly PageView[]): string {
  const largest = Math.max(1, ...pages.map((page) => page.usedBytes + page.largestHole));
  const marks = pages.map((page) => markOf(page, largest)).join('');
  return (marks.match(new RegExp(`.{1,${pagesPerLine}}`, 'gu')) ?? []).map((line) => `  ${line}\n`).join('');
}

/** `full`: bytes of a page, or the most that one is seen to hold. */
function markOf({ populated, usedBytes, largestHole }: PageView, full: number): string {
  if (!populated) return '·';
  if (usedBytes === 0) return '_';
  return largestHole === 0 ? '#' : String(Math.min(9, Math.max(1, Math.round((usedBytes * 10) / full))));
}

/** Chunks for JSON: a number for each page, -1 where it is not populated, else its allocated bytes. */
export function chunkRows(chunks: Chunks): object[] {
  return chunks.map(({ pages, fragmentation, ...chunk }) => ({
    base: chunk.base,
    role: chunk.role,
    place: chunk.place,
    isolated: chunk.isolated,
    areas: chunk.areas,
    used_bytes: chunk.usedBytes,
    free_bytes: chunk.freeBytes,
    largest_hole: chunk.largestHole,
    hinted_hole: chunk.hintedHole,
    populated_pages: chunk.populatedPages,
    empty_populated_pages: chunk.emptyPopulatedPages,
    memory_bytes: chunk.memoryBytes,
    sum_of_holes: fragmentation.sumOfHoles,
    unusable_for_page: fragmentation.unusableForPage,
    pages: pages.map(({ populated, usedBytes }) => (populated ? usedBytes : -1)),
  }));
}
