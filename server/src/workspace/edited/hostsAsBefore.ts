import { partOf } from '../../resolve/unitReads';
import { includersOf } from '../compare/includeTable';
import type { Basis } from './basis';
import type { Changes } from './changes';
import { lastPart } from './lastPart';

const inQuotes = /"([^"/\n]+\.c)"/g;

/**
 * True where each C file is still compiled as it was: a file whose object no Makefile names is compiled as a part of one
 * that includes it, with the macros that are defined there.
 */
export function hostsAsBefore({ edited, came, went }: Changes, { includes, signatures }: Basis, textOf: (file: string) => string | undefined): boolean {
  const changed = [...edited, ...came, ...went].filter((file) => file.endsWith('.c'));
  let known: ReadonlySet<string> | null = null;
  return changed.every((file) => {
    const parts = includersOf(includes, new Set([partOf(file)]));
    const named = cFilesNamedIn(textOf(file) ?? '');
    if (named.size > 0) {
      known ??= new Set([...signatures.keys(), ...Object.keys(includes.rows)]);
      if ([...known].some((other) => other !== file && named.has(lastPart(other)) && !parts.has(other))) return false;
    }
    return [...parts].every((other) => named.has(lastPart(other)));
  });
}

/** Names of C files that a text has in quotes, as one that includes them does. */
export function cFilesNamedIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(inQuotes)].map(([, name = '']) => name));
}
