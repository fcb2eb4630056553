import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readBtf, type Btf } from '../kernel/btf';
import { NoConfiguration } from './kernelConfiguration';

/**
 * Debug information that sizes are taken from: the file that was named, `auto` for a vmlinux at the root of a built
 * tree, null for none. A named file that holds none is refused; one found by itself is then left alone.
 */
export function kernelBtf(root: string, named: string | null): Btf | undefined {
  if (named === null) return undefined;
  const file = named === 'auto' ? path.join(root, 'vmlinux') : named;
  const bytes = readBytes(file);
  const btf = bytes === undefined ? { problem: 'it cannot be read' } : readBtf(bytes);
  if (!('problem' in btf)) return btf;
  if (named === 'auto') return undefined;
  throw new NoConfiguration(`${file}: ${btf.problem}`);
}

/** Which debug information `kernelBtf` reads, and its state. */
export function btfIdentity(root: string, named: string | null): string {
  if (named === null) return 'none';
  const file = named === 'auto' ? path.join(root, 'vmlinux') : path.resolve(named);
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${file} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
}

function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
