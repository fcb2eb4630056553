import type { Span } from '../util/text';

/** Where in a `percpu.toml` a person is typing. */
export interface TomlCursor {
  /** Tables and keys that lead here; items of lists are written `[]`. */
  readonly path: readonly string[];
  readonly at: 'header' | 'key' | 'value' | 'comment';
  /** The word that is being typed, up to its end. */
  readonly word: Span;
  /** The word is text in quotes, with its quotes in the span. */
  readonly quoted: boolean;
  /** Where the statements of the table begin. */
  readonly tableStart: number;
}

interface Frame {
  readonly kind: 'statement' | 'inline' | 'list';
  /** Keys of the pair that is being written. */
  keys: string[];
  hasValue: boolean;
}

const headerLine = /^[ \t]*(\[{1,2})([^\]\n#]*)(\]{0,2})/;

/** Reads the text up to the cursor, whatever is wrong with it: the last header, then brackets and keys after it. */
export function cursorAt(text: string, offset: number): TomlCursor {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const header = headerLine.exec(text.slice(lineStart, offset));
  const statements = statementsBefore(text, offset);
  if (header !== null && header[3] === '' && statements.frames.length === 1) return inHeader(text, offset, header[2] ?? '', lineStart);
  const table = statements.header === null ? [] : pathOf(statements.header);
  return { ...insideTable(text, offset, statements, table), tableStart: statements.start };
}

function inHeader(text: string, offset: number, written: string, lineStart: number): TomlCursor {
  const start = lineStart + text.slice(lineStart, offset).search(/\S/);
  const end = offset + (/^[^\n#]*?\]{1,2}/.exec(text.slice(offset))?.[0].length ?? 0);
  return { path: written.split('.').slice(0, -1).map(bare), at: 'header', word: { start, end }, quoted: false, tableStart: start };
}

interface Statements {
  /** `[machines.x]` as it is written; null before the first. */
  readonly header: string | null;
  readonly start: number;
  readonly frames: Frame[];
  readonly comment: boolean;
  /** Start of text in quotes that is not closed before the cursor; -1 where there is none. */
  readonly openQuote: number;
}

function statementsBefore(text: string, offset: number): Statements {
  const headers = [...text.slice(0, offset).matchAll(/^[ \t]*(\[{1,2}[^\]\n#]+\]{1,2})[ \t]*(?:#[^\n]*)?\r?\n/gm)];
  const last = headers.at(-1);
  const start = last === undefined ? 0 : last.index + last[0].length;
  return { header: last?.[1] ?? null, start, ...scan(text, start, offset) };
}

function scan(text: string, start: number, offset: number): Pick<Statements, 'frames' | 'comment' | 'openQuote'> {
  let frames: Frame[] = [{ kind: 'statement', keys: [], hasValue: false }];
  for (let at = start; at < offset; ) {
    const rest = text.slice(at, offset);
    const token = /^(?:#[^\n]*|"""(?:[^\\]|\\[^])*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[\w.+:-]+|\s|[^])/.exec(rest)?.[0] ?? rest;
    const ends = at + token.length;
    if (token.startsWith('#') && ends === offset) return { frames, comment: true, openQuote: -1 };
    if (/^["']/.test(token) && ends === offset && !isClosed(token)) return { frames, comment: false, openQuote: at };
    frames = afterToken(frames, token);
    at = ends;
  }
  return { frames, comment: false, openQuote: -1 };
}

function isClosed(quoted: string): boolean {
  return quoted.length > 1 && quoted.endsWith(quoted.charAt(0)) && !/^("""|''')$/.test(quoted);
}

function afterToken(frames: Frame[], token: string): Frame[] {
  const top = frames.at(-1);
  if (top === undefined) return frames;
  switch (token) {
    case '=': top.hasValue = true; return frames;
    case '{': return [...frames, { kind: 'inline', keys: [], hasValue: false }];
    // At the start of a statement it opens a header, not a list.
    case '[': return top.kind === 'statement' && !top.hasValue ? frames : [...frames, { kind: 'list', keys: [], hasValue: true }];
    case '}': case ']': return frames.length > 1 ? frames.slice(0, -1) : frames;
    case ',': if (top.kind === 'inline') Object.assign(top, { keys: [], hasValue: false }); return frames;
    case '\n': if (top.kind === 'statement') Object.assign(top, { keys: [], hasValue: false }); return frames;
    default:
      if (!top.hasValue && !/^\s|^#/.test(token)) top.keys = [...top.keys, ...token.split('.').filter((part) => part !== '').map(bare)];
      return frames;
  }
}

function insideTable(text: string, offset: number, { frames, comment, openQuote }: Statements, table: readonly string[]): Omit<TomlCursor, 'tableStart'> {
  const top = frames.at(-1);
  const start = openQuote === -1 ? offset - (/[\w-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0) : openQuote;
  const closing = openQuote === -1 ? /^[\w-]*/ : text.charAt(openQuote) === '"' ? /^[^"\n,\]}#]*"?/ : /^[^'\n,\]}#]*'?/;
  const word = { start, end: offset + (closing.exec(text.slice(offset))?.[0].length ?? 0) };
  const inValue = top?.hasValue === true;
  const typed = text.slice(start, offset);
  const path = frames.flatMap((frame, index): string[] => {
    if (frame.kind === 'list') return ['[]'];
    // The word that is being typed is not yet a key that leads anywhere.
    return index === frames.length - 1 && !inValue && typed !== '' ? frame.keys.slice(0, -1) : frame.keys;
  });
  return { path: [...table, ...path], at: comment ? 'comment' : inValue ? 'value' : 'key', word, quoted: openQuote !== -1 };
}

function pathOf(header: string): string[] {
  const keys = header.replace(/^\[+|\]+$/g, '').split('.').map(bare);
  return header.startsWith('[[') ? [...keys, '[]'] : keys;
}

function bare(key: string): string {
  return key.trim().replace(/^["']|["']$/g, '');
}
