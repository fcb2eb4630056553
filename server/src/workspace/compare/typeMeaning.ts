import { outlineOf } from '../../facts/outline';
import { boundsSource } from '../../resolve/unitReads';

/**
 * What a file says that types can depend on: its directives, definitions, declarations and macros called at file scope,
 * without comments, white space and the bodies of functions. Equal for two texts of a file, no size differs by it outside
 * the functions whose text differs. A header is made from what stands in the functions of one file.
 */
export function typeMeaning(file: string, text: string): string {
  if (file === boundsSource) return folded(text);
  const items = outlineOf(text, true);
  const bodies = new Set(items.flatMap(({ kind, start }) => (kind === 'function' ? [start] : [])));
  return items
    .filter(({ kind, start }) => kind !== 'declaration' || !bodies.has(start))
    .map(({ kind, start, end, body }) => folded(text.slice(start, kind === 'function' ? Math.max(start, body) : end)))
    .join('\n');
}

/** Strings and characters, which may hold what looks like a comment; else comments and white space. */
const quotedOrBlank = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s)+/g;

/** With comments and white space as one blank, and lines that go on as one line, as the compiler joins them first. */
export function folded(text: string): string {
  return text.replace(/\\\r?\n/g, '').replace(quotedOrBlank, (_, quoted: string | undefined) => quoted ?? ' ').trim();
}
