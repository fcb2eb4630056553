import { createHash } from 'node:crypto';

/** The name that git gives to a file of these bytes: equal for equal content, in a work tree and in every commit. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
