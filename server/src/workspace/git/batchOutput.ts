/**
 * Cuts the output of `git cat-file --batch` into objects: `<id> blob <length>\n<bytes>\n` for each that is there,
 * `<id> missing\n` for each that is not.
 */
export interface BatchOutput {
  /** Takes what has come; gives the objects that are complete, null for one that is missing. */
  take(chunk: Buffer): readonly (Buffer | null)[];
}

export function batchOutput(): BatchOutput {
  let pending: Buffer = Buffer.alloc(0);
  return {
    take: (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const objects: (Buffer | null)[] = [];
      for (let next = firstObject(pending); next !== null; next = firstObject(pending)) {
        objects.push(next.object);
        pending = pending.subarray(next.length);
      }
      return objects;
    },
  };
}

function firstObject(bytes: Buffer): { readonly object: Buffer | null; readonly length: number } | null {
  const end = bytes.indexOf(10);
  if (end === -1) return null;
  const header = bytes.toString('latin1', 0, end);
  const length = Number(/ (\d+)$/.exec(header)?.[1] ?? NaN);
  if (Number.isNaN(length)) return { object: null, length: end + 1 };
  const start = end + 1;
  // A copy: the buffer under it is used again.
  return bytes.length < start + length + 1 ? null : { object: Buffer.from(bytes.subarray(start, start + length)), length: start + length + 1 };
}
