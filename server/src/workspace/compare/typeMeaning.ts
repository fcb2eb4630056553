import { outlineOf } from '../../facts/outline';

/**
 * What a file says that types can depend on: its directives, definitions, declarations and macros called at file scope,
 * without comments, white space and the bodies of functions. Equal for two texts of a header, no size differs by it.
 */
export function typeMeaning(text: string): string {
  return outlineOf(text, true)
    .map(({ kind, start, end, body }) => folded(text.slice(start, kind === 'function' ? Math.max(start, body) : end)))
    .join('\n');
}

function folded(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ').replace(/\s+/g, ' ').trim();
}
