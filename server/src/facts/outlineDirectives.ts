import { commentEnd, copiedPart, identifierEnd, isIdentifierStart, literalEnd } from './cTokens';
import type { ItemKind } from './outline';
import { beginBranches, endBranches, endLoneWord, nextBranch, type Scan } from './outlineScan';

const directives: ReadonlyMap<string, ItemKind> = new Map<string, ItemKind>([
  ['if', 'if'], ['ifdef', 'ifdef'], ['ifndef', 'ifndef'], ['elif', 'elif'], ['else', 'else'], ['endif', 'endif'],
  ['define', 'define'], ['undef', 'undef'], ['include', 'include'], ['pragma', 'pragma'],
]);

/** Reads the directive whose `#` is at `scan.at`, with its continuation lines. */
export function directiveAt(scan: Scan): void {
  const { text } = scan;
  const word = skipBlanks(text, scan.at + 1);
  const wordEnd = isIdentifierStart(text.charCodeAt(word)) ? identifierEnd(text, word) : word;
  const end = directiveEnd(text, wordEnd);
  const kind = directives.get(text.slice(word, wordEnd));
  if (kind !== undefined) {
    emit(scan, kind, skipBlanks(text, wordEnd), end);
    branch(scan, kind);
  }
  scan.at = end;
}

function branch(scan: Scan, kind: ItemKind): void {
  if (kind === 'if' || kind === 'ifdef' || kind === 'ifndef') beginBranches(scan);
  else if (kind === 'elif' || kind === 'else') nextBranch(scan);
  else if (kind === 'endif') endBranches(scan);
  else if (kind === 'define' || kind === 'undef') endLoneWord(scan);
}

function emit(scan: Scan, kind: ItemKind, start: number, end: number): void {
  const named = kind === 'define' || kind === 'undef' || kind === 'ifdef' || kind === 'ifndef';
  const nameEnd = named && isIdentifierStart(scan.text.charCodeAt(start)) ? identifierEnd(scan.text, start) : start;
  const whole = kind === 'if' || kind === 'elif' || kind === 'include' || kind === 'pragma';
  const name = whole ? copiedPart(scan.text, start, end).trim() : copiedPart(scan.text, start, nameEnd);
  scan.items.push({ kind, name, start, end, names: [], body: nameEnd, local: false });
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 47 && text.charCodeAt(at + 1) === 42) at = commentEnd(text, at);
    else if (code === 92 && text.charCodeAt(at + 1) === 10) at += 2;
    else if (code === 32 || code === 9 || code === 13) at += 1;
    else return at;
  }
}

/** End of a directive's last line; a comment may span lines, a backslash continues one. */
function directiveEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      if (!continued(text, at)) return at;
      at += 1;
    } else if (code === 47 && commentEnd(text, at) > at) at = commentEnd(text, at);
    else if (code === 34 || (code === 39 && !isIdentifierStart(text.charCodeAt(at - 1)))) at = Math.max(literalEnd(text, at), at + 1);
    else at += 1;
  }
  return text.length;
}

function continued(text: string, newline: number): boolean {
  const before = text.charCodeAt(newline - 1);
  return before === 92 || (before === 13 && text.charCodeAt(newline - 2) === 92);
}
