import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { reasonOf } from './sourceFiles';

export type SourceBytes =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'problem'; readonly reason: string };

/** Nothing a person wrote is larger; the largest generated header of a kernel tree has 24 MB. */
const largestFile = 64 * 1024 * 1024;
/** Binary data shows itself early: C text has no NUL. */
const binaryProbe = 8 * 1024;

/** Reads a file as bytes; the result is a reason where it cannot be read as C text. */
export function readSource(file: string): SourceBytes {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    return { kind: 'problem', reason: reasonOf(error) };
  }
  try {
    const { size } = fstatSync(descriptor);
    if (size > largestFile) return { kind: 'problem', reason: `larger than ${largestFile / 1024 / 1024} MiB` };
    const bytes = Buffer.allocUnsafe(size);
    return { kind: 'bytes', bytes: bytes.subarray(0, readFully(descriptor, bytes)) };
  } catch (error) {
    return { kind: 'problem', reason: reasonOf(error) };
  } finally {
    closeSync(descriptor);
  }
}

function readFully(descriptor: number, into: Buffer): number {
  let filled = 0;
  while (filled < into.length) {
    const count = readSync(descriptor, into, filled, into.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, binaryProbe).includes(0);
}
