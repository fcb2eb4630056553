import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { reasonOf } from './sourceFiles';

export type SourceBytes =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'problem'; readonly reason: string };

/** Reads a file as bytes, which hold until the next is read; a reason where it cannot be read as C text. */
export type FileReader = (file: string) => SourceBytes;

/** Nothing a person wrote is larger; the largest generated header of a kernel tree has 24 MB. */
const largestFile = 64 * 1024 * 1024;
const usualFile = 1024 * 1024;
/** Binary data shows itself early: C text has no NUL. */
const binaryProbe = 8 * 1024;

/** A pipe in place of a file is not waited for; Windows has no such flag. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK || 0);

/** One buffer for all files: a new one for each costs more than reading it. */
export function fileReader(): FileReader {
  let buffer = Buffer.allocUnsafeSlow(usualFile);
  const fill = (descriptor: number): SourceBytes => {
    let filled = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, filled, buffer.length - filled, null);
      filled += count;
      if (count === 0 || filled < buffer.length) return { kind: 'bytes', bytes: buffer.subarray(0, filled) };
      if (filled > largestFile || fstatSync(descriptor).size > largestFile) return { kind: 'problem', reason: `larger than ${largestFile / 1024 / 1024} MiB` };
      const larger = Buffer.allocUnsafeSlow(buffer.length * 4);
      buffer.copy(larger);
      buffer = larger;
    }
  };
  return (file) => {
    let descriptor: number | null = null;
    try {
      descriptor = openSync(file, reading);
      return fill(descriptor);
    } catch (error) {
      return { kind: 'problem', reason: reasonOf(error) };
    } finally {
      if (descriptor !== null) closeSync(descriptor);
    }
  };
}

export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, binaryProbe).includes(0);
}
