import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants, createGunzip } from 'node:zlib';

/** How far a file was read, in bytes of the file as it lies on disk. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

const BLOCK = 1 << 18;
/** A trace has shorter lines; a file without line ends is none. */
const LONGEST_LINE = 1 << 20;
const NEWLINE = 10;

/**
 * Reads a text file, plain or gzip, in blocks of whole lines (the last may lack its line end). A file that was cut off gives
 * what it holds. A block is valid until the next is asked for. Throws what the file system throws.
 */
export async function* textBlocks(path: string, onProgress?: (progress: ReadProgress) => void): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const block of isGzip(path) ? unzippedBlocks(path, onProgress) : plainBlocks(path, onProgress)) {
    // Only the line that two blocks share is copied.
    const head = rest.length === 0 ? 0 : block.indexOf(NEWLINE) + 1;
    const cut = block.lastIndexOf(NEWLINE) + 1;
    if (head > 0) yield Buffer.concat([rest, block.subarray(0, head)]);
    if (cut > head) yield block.subarray(head, cut);
    rest = cut > 0 ? Buffer.from(block.subarray(cut)) : Buffer.concat([rest, block]);
    if (rest.length > LONGEST_LINE) throw new Error('no line end within a megabyte: this is no trace text');
  }
  if (rest.length > 0) yield rest;
}

/** Reads the next block while the one before is worked on; two buffers take turns. */
async function* plainBlocks(path: string, onProgress?: (progress: ReadProgress) => void): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const { size: total } = await file.stat();
    let buffer = Buffer.allocUnsafe(BLOCK);
    let other = Buffer.allocUnsafe(BLOCK);
    let done = 0;
    for (let next = file.read(buffer, 0, BLOCK); ; ) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      next = file.read(other, 0, BLOCK);
      // Not awaited when the reader stops early.
      next.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
      [buffer, other] = [other, buffer];
      done += bytesRead;
      onProgress?.({ done, total });
    }
  } finally {
    await file.close();
  }
}

async function* unzippedBlocks(path: string, onProgress?: (progress: ReadProgress) => void): AsyncGenerator<Buffer> {
  const { size: total } = statSync(path);
  const file = createReadStream(path, { highWaterMark: BLOCK });
  const unzipped = file.pipe(createGunzip({ chunkSize: BLOCK, finishFlush: constants.Z_SYNC_FLUSH }));
  file.on('error', (error) => unzipped.destroy(error));
  try {
    for await (const block of unzipped) {
      yield block as Buffer;
      onProgress?.({ done: file.bytesRead, total });
    }
  } finally {
    file.destroy();
  }
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
