import { Code } from '../syntax/characters';
import { conditionAt } from '../syntax/conditionAt';
import { conditionText } from '../syntax/conditions';
import type { Scan, Segment } from '../syntax/segment';
import { endAt, nextToken, previousToken, startAt, wordAt } from '../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../syntax/tokens';
import type { Span } from '../util/text';
import type { FunctionFact, TableFact } from './fileFacts';

/** A function or operation table of the file, named in a function body without being called there. */
export interface MentionFact {
  readonly name: string;
  /** Enclosing function. */
  readonly caller: string;
  /** Callee whose argument it is (`kthread_run`); null where it is assigned or compared. */
  readonly callee: string | null;
  /** The argument before it where that is one name: `RTM_NEWROUTE`; else null. */
  readonly beside: string | null;
  readonly offset: number;
}

/** What the call graph needs beside calls. */
export interface Linkage {
  readonly mentions: readonly MentionFact[];
  /** Code behind a function's unconditional `return`: reached by `goto` alone, in the kernel's style to unwind. */
  readonly unwinding: readonly Span[];
}

/** Walks every function body once; only names that the file itself defines are mentions. */
export function linkageOf(file: Scan, functions: readonly FunctionFact[], tables: readonly TableFact[]): Linkage {
  const names = nameFilter([...functions, ...tables].map(({ name }) => name));
  const callers = new Map(functions.map((fact) => [fact.span.start, fact.name]));
  const mentions: MentionFact[] = [];
  const unwinding: Span[] = [];
  for (const segment of file.segments) {
    const caller = segment.kind === 'function' ? callers.get(segment.span.start) : undefined;
    if (caller === undefined) continue;
    collectMentions(file.tokens, segment, caller, names, mentions);
    const from = unwindsFrom(file, segment);
    if (from !== -1) unwinding.push({ start: from, end: segment.span.end });
  }
  return { mentions, unwinding };
}

function collectMentions(tokens: Tokens, segment: Segment, caller: string, names: NameFilter, mentions: MentionFact[]): void {
  const { kinds } = tokens;
  const open: number[] = [];
  for (let at = segment.body + 1; at < segment.last; at++) {
    const kind = kinds[at];
    if (kind === Code.open) open.push(at);
    else if (kind === Code.close) open.pop();
    else if (kind === TokenKind.identifier && kinds[at + 1] !== Code.open && names(tokens, at) && !isMember(tokens, at)) {
      const callee = wordAt(tokens, (open.at(-1) ?? 0) - 1);
      mentions.push({
        name: wordAt(tokens, at), caller, callee: callee === '' ? null : callee, beside: argumentBefore(tokens, at), offset: startAt(tokens, at),
      });
    }
  }
}

/** `x->name`, `x.name` and `.name =` are members, whatever else has that name; so is no label of `goto name`. */
function isMember(tokens: Tokens, at: number): boolean {
  const before = tokens.kinds[at - 1];
  if (before === Code.dot) return true;
  if (before === Code.greater) return tokens.kinds[at - 2] === Code.minus;
  return before === TokenKind.identifier && wordAt(tokens, at - 1) !== 'return';
}

function argumentBefore(tokens: Tokens, at: number): string | null {
  const comma = tokens.kinds[at - 1] === Code.ampersand ? at - 2 : at - 1;
  if (tokens.kinds[comma] !== Code.comma) return null;
  const start = tokens.kinds[comma - 2];
  const word = start === Code.comma || start === Code.open ? wordAt(tokens, comma - 1) : '';
  return word === '' ? null : word;
}

/** Offset behind the first `return` that every path to it takes, if more code follows; -1 where there is none. */
function unwindsFrom(file: Scan, segment: Segment): number {
  const { tokens } = file;
  const { kinds } = tokens;
  let depth = 1;
  for (let at = segment.body + 1; at < segment.last; at++) {
    const kind = kinds[at];
    if (kind === Code.openBrace) depth++;
    else if (kind === Code.closeBrace) depth--;
    else if (depth === 1 && kind === TokenKind.identifier && isReturn(tokens, at) && isUnconditional(file, segment, at)) {
      while (at < segment.last && kinds[at] !== Code.semicolon) at++;
      const next = nextToken(tokens, at, segment.last);
      return next === -1 || kinds[next] === Code.closeBrace ? -1 : endAt(tokens, at);
    }
  }
  return -1;
}

function isReturn(tokens: Tokens, at: number): boolean {
  return endAt(tokens, at) - startAt(tokens, at) === 6 && wordAt(tokens, at) === 'return';
}

/** Statements end before it, so no `if (…)` or `else` decides; and no `#if` inside the function does. */
function isUnconditional(file: Scan, segment: Segment, at: number): boolean {
  const before = file.tokens.kinds[previousToken(file.tokens, at, segment.body)];
  const follows = before === Code.semicolon || before === Code.closeBrace || before === Code.openBrace || before === Code.colon;
  return follows && conditionAt(file, startAt(file.tokens, at)) === conditionText(segment.conditions);
}

type NameFilter = (tokens: Tokens, at: number) => boolean;

/** Most words fall through a small table by length and outer letters; slicing each to look it up would cost more. */
function nameFilter(names: readonly string[]): NameFilter {
  const known = new Set(names);
  const possible = new Uint8Array(1 << 14);
  const hash = (length: number, first: number, last: number): number => (length * 977 + first * 31 + last * 7) & 0x3fff;
  for (const name of known) possible[hash(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1))] = 1;
  return (tokens, at) => {
    const start = startAt(tokens, at);
    const end = endAt(tokens, at);
    return possible[hash(end - start, tokens.text.charCodeAt(start), tokens.text.charCodeAt(end - 1))] === 1 && known.has(wordAt(tokens, at));
  };
}
