import { outlineOf } from '../../facts/outline';
import { boundsSource } from '../../resolve/unitReads';

/**
 * True where two texts of a file say the same that types can depend on: directives, definitions, declarations and macros called
 * at file scope, without comments, white space and the bodies of functions. No size differs then outside the functions whose
 * text differs. A function more or less whose name the other text nowhere has is nothing that one is taken from. A header is made
 * from what stands in the functions of one file.
 */
export function meansSameToTypes(file: string, before: string, after: string): boolean {
  if (file === boundsSource) return folded(before) === folded(after);
  const [was, is] = [partsOf(before), partsOf(after)];
  return said(was) === said(is) || said(without(was, after)) === said(without(is, before));
}

interface Part {
  /** Null for what is no function. */
  readonly function: string | null;
  readonly text: string;
}

function partsOf(text: string): readonly Part[] {
  const items = outlineOf(text, true);
  const bodies = new Set(items.flatMap(({ kind, start }) => (kind === 'function' ? [start] : [])));
  return items
    .filter(({ kind, start }) => kind !== 'declaration' || !bodies.has(start))
    .map(({ kind, name, start, end, body }) => ({ function: kind === 'function' ? name : null, text: folded(text.slice(start, kind === 'function' ? Math.max(start, body) : end)) }));
}

function without(parts: readonly Part[], other: string): readonly Part[] {
  const words = new Set(other.match(/\w+/g));
  return parts.filter(({ function: name }) => name === null || !/^\w+$/.test(name) || words.has(name));
}

function said(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join('\n');
}

/** Strings and characters, which may hold what looks like a comment; else comments and white space. */
const quotedOrBlank = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s)+/g;

/** With comments and white space as one blank, and lines that go on as one line, as the compiler joins them first. */
export function folded(text: string): string {
  return text.replace(/\\\r?\n/g, '').replace(quotedOrBlank, (_, quoted: string | undefined) => quoted ?? ' ').trim();
}
