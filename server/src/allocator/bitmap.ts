/**
 * Bit ranges in maps of 32-bit words; bit `i` is bit `i & 31` of word `i >>> 5`, which is the byte order of a
 * little-endian kernel's maps. Positions and limits are absolute bit numbers, ranges are `[from, to)`.
 */
export type Bitmap = Uint32Array;

export function bitmapOf(bits: number): Bitmap {
  return new Uint32Array((bits + 31) >>> 5);
}

export function testBit(map: Bitmap, bit: number): boolean {
  return (((map[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) !== 0;
}

export function setBit(map: Bitmap, bit: number): void {
  map[bit >>> 5] = (map[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

export function setBits(map: Bitmap, from: number, to: number): void {
  if (from >= to) return;
  const first = from >>> 5;
  const last = (to - 1) >>> 5;
  const head = -1 << (from & 31);
  const tail = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    map[first] = (map[first] ?? 0) | (head & tail);
    return;
  }
  map[first] = (map[first] ?? 0) | head;
  map.fill(0xffffffff, first + 1, last);
  map[last] = (map[last] ?? 0) | tail;
}

export function clearBits(map: Bitmap, from: number, to: number): void {
  if (from >= to) return;
  const first = from >>> 5;
  const last = (to - 1) >>> 5;
  const head = -1 << (from & 31);
  const tail = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    map[first] = (map[first] ?? 0) & ~(head & tail);
    return;
  }
  map[first] = (map[first] ?? 0) & ~head;
  map.fill(0, first + 1, last);
  map[last] = (map[last] ?? 0) & ~tail;
}

/** Number of trailing zero bits; the argument is not 0. */
export function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}

/** First set bit in `[from, limit)`, or `limit` when there is none. */
export function nextSet(map: Bitmap, limit: number, from: number): number {
  return scan(map, limit, from, 0);
}

/** First clear bit in `[from, limit)`, or `limit` when there is none. */
export function nextClear(map: Bitmap, limit: number, from: number): number {
  return scan(map, limit, from, -1);
}

function scan(map: Bitmap, limit: number, from: number, flip: number): number {
  if (from >= limit) return limit;
  let index = from >>> 5;
  let word = ((map[index] ?? 0) ^ flip) & (-1 << (from & 31));
  const last = (limit - 1) >>> 5;
  while (word === 0) {
    index += 1;
    if (index > last) return limit;
    word = (map[index] ?? 0) ^ flip;
  }
  const found = (index << 5) + trailingZeros(word);
  return found < limit ? found : limit;
}

/** Last set bit in `[floor, before)`, or -1 when there is none. */
export function lastSet(map: Bitmap, floor: number, before: number): number {
  if (floor >= before) return -1;
  let index = (before - 1) >>> 5;
  const first = floor >>> 5;
  let word = (map[index] ?? 0) & (-1 >>> (31 - ((before - 1) & 31)));
  while (word === 0) {
    index -= 1;
    if (index < first) return -1;
    word = map[index] ?? 0;
  }
  const found = (index << 5) + 31 - Math.clz32(word);
  return found >= floor ? found : -1;
}

export function countSet(map: Bitmap, from: number, to: number): number {
  let count = 0;
  for (let bit = nextSet(map, to, from); bit < to; ) {
    const end = nextClear(map, to, bit);
    count += end - bit;
    bit = nextSet(map, to, end);
  }
  return count;
}
