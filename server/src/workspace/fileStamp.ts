import { statSync, type Stats } from 'node:fs';

/**
 * What tells that a file was not written to since (equal stamps, equal bytes): size, times of modification and of
 * change in milliseconds with the fraction that the file system keeps, inode. Rows of a table of numbers.
 */
export const stampWidth = 4;

/** In place of a stamp: whatever the file is, it is to be read. */
export const unknownStamp: readonly number[] = [NaN, NaN, NaN, NaN];

export function stampOf({ size, mtimeMs, ctimeMs, ino }: Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>): readonly number[] {
  return [size, mtimeMs, ctimeMs, ino];
}

/** A row for each file as it is now; NaN where it cannot be looked at. */
export function stampsBelow(root: string, files: readonly string[]): Float64Array {
  const stamps = new Float64Array(files.length * stampWidth).fill(NaN);
  files.forEach((file, row) => {
    const stats = statOrNone(`${root}/${file}`);
    if (stats !== undefined) stamps.set(stampOf(stats), row * stampWidth);
  });
  return stamps;
}

function statOrNone(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** True where the row says the same in both tables; NaN equals nothing. */
export function isSameRow(a: Float64Array, rowOfA: number, b: Float64Array, rowOfB: number): boolean {
  const [atA, atB] = [rowOfA * stampWidth, rowOfB * stampWidth];
  for (let column = 0; column < stampWidth; column++) if (a[atA + column] !== b[atB + column]) return false;
  return true;
}

/** The stamp of a file that is known by its content's id (40 hexadecimal digits): as many bits as a row holds exactly. */
export function contentStamp(id: string): Float64Array {
  const stamp = new Float64Array(stampWidth);
  for (let column = 0; column < stampWidth; column++) stamp[column] = hexadecimal(id, column * digits, (column + 1) * digits);
  return stamp;
}

const digits = 10;

/** As `parseInt` has it, at a tenth of the time: there are as many as a tree has files. NaN where the id is shorter. */
function hexadecimal(id: string, from: number, to: number): number {
  let value = id.length < to ? NaN : 0;
  for (let at = from; at < to; at++) {
    const code = id.charCodeAt(at);
    value = value * 16 + (code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57);
  }
  return value;
}

/** Clocks of file systems tick this slowly at worst: a file written to so shortly before may be again within the same tick, ms. */
const coarsestTick = 2_000;

/** A stamp that a later write may not change says nothing. */
export function isSettled(stamp: Float64Array, now: number): boolean {
  const [, modified = NaN, changed = NaN] = stamp;
  return modified < now - coarsestTick && changed < now - coarsestTick;
}
