/**
 * Line (one-based) on which kernel code defines a function, macro or structure of this name: it stands in a line that
 * starts in the first column and is no prototype. Undefined where there is none.
 */
export function definitionLine(text: string, name: string | null): number | undefined {
  if (name === null || !/^\w+$/.test(name)) return undefined;
  const named = new RegExp(`^(?:#\\s*define\\s+${name}\\b|[a-z_].*\\b${name}\\b)`, 'i');
  const lines = text.split('\n');
  const at = lines.findIndex((line, index) => named.test(line) && !isPrototype(lines, index));
  return at === -1 ? undefined : at + 1;
}

/** The declaration ends in a semicolon before a body opens. */
function isPrototype(lines: readonly string[], from: number): boolean {
  if (/^#\s*define/.test(lines[from] ?? '')) return false;
  const end = lines.slice(from, from + 12).join('\n');
  const body = end.indexOf('{');
  const semicolon = end.indexOf(';');
  return semicolon !== -1 && (body === -1 || semicolon < body);
}
