/** Offsets are UTF-16 code units, as JavaScript strings and LSP count them; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Zero-based line and UTF-16 character, as LSP counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Start offset of every line; lines end at `\n` alone (`\r` stays in its line, as compilers count). */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: offset - (starts[low] ?? 0) };
}

export function offsetAt(starts: readonly number[], length: number, position: Position): number {
  if (position.line < 0) return 0;
  const start = starts[position.line];
  if (start === undefined) return length;
  const next = starts[position.line + 1];
  const lineEnd = next === undefined ? length : next - 1;
  return Math.min(start + Math.max(0, position.character), lineEnd);
}

/** One-based column in UTF-8 bytes, as compilers and grep count. */
export function byteColumn(text: string, starts: readonly number[], offset: number): number {
  const { line } = positionAt(starts, offset);
  return Buffer.byteLength(text.slice(starts[line] ?? 0, offset), 'utf8') + 1;
}
