/** Answers whether a file's bytes or text contain one of some names as whole identifiers, comments included. */
export type MentionFilter = (data: Uint8Array | string) => boolean;

/** Names this short are never looked for: blocks have three characters, or four where names are many. */
const shortestBlock = 3;
const fewNames = 300;

interface Skips {
  readonly names: readonly Uint8Array[];
  readonly blockLength: number;
  /** Length of the table of shifts, less one: a power of two. */
  readonly mask: number;
  /** Length of the shortest name: the window that is moved over the text. */
  readonly window: number;
  /** By the hash of the last block in the window: how far the window may move on. */
  readonly shifts: Uint8Array;
  /** By the same hash: the names whose window ends with it. */
  readonly endings: ReadonlyMap<number, readonly number[]>;
}

/**
 * A filter for a whole tree: reads about every eighth byte, by the block-skip search of Wu and Manber (A fast
 * algorithm for multi-pattern searching, 1994). Names are ASCII; those shorter than three characters never match.
 */
export function mentionFilter(names: Iterable<string>): MentionFilter {
  const skips = prepare([...new Set(names)].filter((name) => name.length >= shortestBlock));
  return (data) => skips.names.length > 0 && search(skips, typeof data === 'string' ? Buffer.from(data, 'utf8') : data);
}

/**
 * The names that a file's bytes contain as whole identifiers, by the same search; the whole text is read. Slower the
 * shorter the shortest name is.
 */
export function mentionFinder(names: Iterable<string>): (data: Uint8Array) => readonly string[] {
  const distinct = [...new Set(names)];
  const shortest = distinct.length > fewNames ? shortestBlock + 1 : shortestBlock;
  const wanted = distinct.filter((name) => name.length >= shortest);
  const skips = prepare(wanted, shortest);
  return (data) => {
    const found = new Set<number>();
    if (wanted.length > 0) search(skips, data, (index) => void found.add(index));
    return [...found].map((index) => wanted[index] ?? '');
  };
}

/** Where the names stand in a file's bytes as whole identifiers: byte offsets, ascending. */
export function mentionPlaces(names: Iterable<string>): (data: Uint8Array) => readonly number[] {
  const skips = prepare([...new Set(names)].filter((name) => name.length >= shortestBlock));
  return (data) => {
    const places: number[] = [];
    if (skips.names.length > 0) search(skips, data, (_, start) => void places.push(start));
    return places;
  };
}

function prepare(names: readonly string[], blockLength = shortestBlock): Skips {
  const bytes = names.map((name) => Buffer.from(name, 'utf8'));
  const window = Math.min(255, ...bytes.map((name) => name.length));
  const mask = (1 << (blockLength === shortestBlock ? 15 : 18)) - 1;
  const shifts = new Uint8Array(mask + 1).fill(Math.max(1, window - blockLength + 1));
  const endings = new Map<number, number[]>();
  bytes.forEach((name, index) => {
    for (let end = blockLength; end <= window; end++) {
      const hash = hashAt(name, end - 1, blockLength) & mask;
      shifts[hash] = Math.min(shifts[hash] ?? 0, window - end);
      if (end === window) endings.set(hash, [...(endings.get(hash) ?? []), index]);
    }
  });
  return { names: bytes, blockLength, mask, window, shifts, endings };
}

function hashAt(data: Uint8Array, last: number, blockLength: number): number {
  if (blockLength === shortestBlock) return ((data[last] ?? 0) << 10) ^ ((data[last - 1] ?? 0) << 5) ^ (data[last - 2] ?? 0);
  return ((data[last] ?? 0) << 13) ^ ((data[last - 1] ?? 0) << 9) ^ ((data[last - 2] ?? 0) << 4) ^ (data[last - 3] ?? 0);
}

/** With `onMatch` goes on to the end and tells of every match; else stops at the first. */
function search(skips: Skips, data: Uint8Array, onMatch?: (index: number, start: number) => void): boolean {
  const { shifts, window, mask, blockLength } = skips;
  let last = window - 1;
  while (last < data.length) {
    const hash = hashAt(data, last, blockLength) & mask;
    const shift = shifts[hash] ?? 1;
    if (shift > 0) last += shift;
    else {
      const match = matchAt(skips, hash, data, last - window + 1);
      if (match !== undefined && onMatch === undefined) return true;
      if (match !== undefined) onMatch?.(match, last - window + 1);
      last++;
    }
  }
  return false;
}

/** Index of the name that stands at `start` as a whole identifier: there can be one only. */
function matchAt(skips: Skips, hash: number, data: Uint8Array, start: number): number | undefined {
  if (isIdentifierByte(data[start - 1])) return undefined;
  return skips.endings.get(hash)?.find((index) => {
    const name = skips.names[index];
    return name !== undefined && !isIdentifierByte(data[start + name.length]) && equalsAt(data, start, name);
  });
}

function equalsAt(data: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at++) if (data[start + at] !== name[at]) return false;
  return true;
}

/** Letters, digits, `_`, `$` and everything beyond ASCII: what the lexical pass takes for part of a name. */
function isIdentifierByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 95 || byte === 36 || byte >= 128;
}
