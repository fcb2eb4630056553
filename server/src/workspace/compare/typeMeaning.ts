import { definesType, functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';
import { outlineOf } from '../../facts/outline';
import { boundsSource } from '../../resolve/unitReads';

/**
 * True where two texts of a file say the same that types can depend on: directives, definitions, declarations and macros called
 * at file scope, without comments, white space and the bodies of functions. No size differs then outside the functions whose
 * text differs. A function more or less whose name the other text nowhere has is nothing that one is taken from. A header is made
 * from what stands in the functions of one file. `placesBefore`: the functions of the text before.
 */
export function meansSameToTypes(file: string, before: string, after: string, placesBefore = (): readonly FunctionPlace[] => functionPlaces(before)): boolean {
  if (file === boundsSource) return folded(before) === folded(after);
  if (areInsideFunction(changedLines(before, after), before, placesBefore)) return true;
  const [was, is] = [partsOf(before), partsOf(after)];
  return said(was) === said(is) || said(without(was, after)) === said(without(is, before));
}

/** Whole lines in one stretch, outside of which two texts are alike. */
interface ChangedLines {
  readonly start: number;
  readonly before: string;
  readonly after: string;
}

function changedLines(before: string, after: string): ChangedLines {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before.charCodeAt(same) === after.charCodeAt(same)) same++;
  const start = same === 0 ? 0 : before.lastIndexOf('\n', same - 1) + 1;
  let alike = 0;
  while (alike < shorter - same && before.charCodeAt(before.length - 1 - alike) === after.charCodeAt(after.length - 1 - alike)) alike++;
  const rest = before.slice(before.length - alike);
  const last = rest.indexOf('\n');
  const left = last === -1 ? 0 : rest.length - last;
  return { start, before: before.slice(start, before.length - left), after: after.slice(start, after.length - left) };
}

/** What can change what the text behind it is: directives, comments, strings, blocks, lines that go on. */
const structural = /[#"'\\{}]|\/[*/]|\*\//;

/** Plain lines in the body of one function: they say nothing elsewhere, unless it defines a type or has branches of its head before. */
function areInsideFunction({ start, before, after }: ChangedLines, text: string, placesOf: () => readonly FunctionPlace[]): boolean {
  if (structural.test(before) || structural.test(after)) return false;
  return placesOf().some((place) => {
    if (start <= place.start || start + before.length > place.end) return false;
    const above = text.slice(place.start, start);
    const body = above.indexOf('{');
    return body !== -1 && !/#|\\\r?\n$/.test(above) && !definesType(text.slice(place.start + body + 1, place.end));
  });
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
