import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { unfinishedName } from './cacheFolder';

/** Hexadecimal digits of the checksum that a file starts with. */
const checksumLength = 40;

function checksum(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** What was written; null where there is nothing, or what is there is damaged. Marks the file as used. */
export function readChecked(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(checksumLength);
    if (bytes.toString('latin1', 0, checksumLength) !== checksum(body)) return null;
    const now = new Date();
    utimesSync(file, now, now);
    return deserialize(body);
  } catch {
    return null;
  }
}

/** Writes whole or not at all; where that fails nothing is kept. Of two processes the later one's holds. */
export function writeChecked(file: string, value: unknown): void {
  const unfinished = unfinishedName(file);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const body = serialize(value);
    const descriptor = openSync(unfinished, 'w');
    try {
      writeSync(descriptor, checksum(body), null, 'latin1');
      writeFileSync(descriptor, body);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, file);
  } catch {
    rmSync(unfinished, { force: true });
  }
}
