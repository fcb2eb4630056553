import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { constants, createGunzip } from 'node:zlib';

/** How far a file was read, in bytes of the file as it lies on disk. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

const BLOCK = 1 << 18;
/** A trace has shorter lines; a file without line ends is none. */
const LONGEST_LINE = 1 << 20;

/**
 * Reads a text file, plain or gzip, in blocks of whole lines (the last may lack its line end). Each byte is one character,
 * so that offsets and speed do not depend on what task names hold. Throws what the file system throws.
 */
export async function* textBlocks(path: string, onProgress?: (progress: ReadProgress) => void): AsyncGenerator<string> {
  const { size: total } = statSync(path);
  const file = createReadStream(path, { highWaterMark: BLOCK });
  // A file that was cut off still gives what it holds.
  const bytes = isGzip(path) ? file.pipe(createGunzip({ chunkSize: BLOCK, finishFlush: constants.Z_SYNC_FLUSH })) : file;
  let rest = '';
  for await (const part of bytes) {
    const block = part as Buffer;
    const cut = block.lastIndexOf(10) + 1;
    if (cut === 0) {
      rest += block.toString('latin1');
      if (rest.length > LONGEST_LINE) throw new Error('no line end within a megabyte: this is no trace text');
      continue;
    }
    const text = rest + block.toString('latin1', 0, cut);
    rest = block.toString('latin1', cut);
    yield text;
    onProgress?.({ done: file.bytesRead, total });
  }
  if (rest !== '') yield rest;
}

function isGzip(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(2);
    readSync(file, magic, 0, 2, 0);
    return magic[0] === 0x1f && magic[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}
