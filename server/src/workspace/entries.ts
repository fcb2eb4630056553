import path from 'node:path';

/** A script of a process or thread, bundled beside another. */
export function entryBeside(entry: string, name: string): string {
  return path.join(path.dirname(entry), `${name}.cjs`);
}
