import { partnerOf, type Brackets } from '../../syntax/brackets';
import { Code } from '../../syntax/characters';
import { isIdentifier, kindAt, wordAt } from '../../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { isLoopMacro } from '../siteContext';

/** Tokens `first` to `last`, exclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** A statement of a function body. Ranges are without keywords, brackets around conditions and the final `;`. */
export type Statement =
  | { readonly kind: 'simple' | 'return'; readonly range: Range }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly condition: Range; readonly then: Statement; readonly otherwise: Statement | null }
  | { readonly kind: 'loop' | 'switch' | 'guarded'; readonly head: Range; readonly body: Statement }
  | { readonly kind: 'goto' | 'label'; readonly label: string }
  | { readonly kind: 'case'; readonly isDefault: boolean }
  | { readonly kind: 'break' | 'continue' };

const nothing: Statement = { kind: 'block', body: [] };

interface Reader {
  readonly tokens: Tokens;
  readonly brackets: Brackets;
  at: number;
  depth: number;
  /** Something was met that cannot be read for sure. */
  broken: boolean;
}

/** Nobody nests statements as deeply; hostile text would exhaust the stack. */
const deepest = 100;

/**
 * The statements between the brace at token `open` and its partner. Null where they cannot be read for sure: brackets
 * without partners, and directives in between, whose branches are alternatives and no sequence.
 */
export function statementsOf(tokens: Tokens, brackets: Brackets, open: number): readonly Statement[] | null {
  const close = partnerOf(brackets, open);
  if (close <= open) return null;
  const reader: Reader = { tokens, brackets, at: open + 1, depth: 0, broken: false };
  const body = readUntil(reader, close);
  return reader.broken ? null : body;
}

function readUntil(reader: Reader, close: number): Statement[] {
  const body: Statement[] = [];
  while (reader.at < close && !reader.broken) body.push(readStatement(reader, close));
  reader.at = close + 1;
  return body;
}

function readStatement(reader: Reader, limit: number): Statement {
  const { tokens, at } = reader;
  if (at >= limit) return fail(reader);
  reader.depth += 1;
  if (reader.depth > deepest) return fail(reader);
  const statement = readByKind(reader, limit, kindAt(tokens, at));
  reader.depth -= 1;
  return statement;
}

function readByKind(reader: Reader, limit: number, kind: number): Statement {
  if (kind === TokenKind.directive) return fail(reader);
  if (kind === Code.openBrace) {
    const close = partnerOf(reader.brackets, reader.at);
    if (close === -1) return fail(reader);
    reader.at += 1;
    return { kind: 'block', body: readUntil(reader, close) };
  }
  return kind === TokenKind.identifier ? readByWord(reader, limit, wordAt(reader.tokens, reader.at)) : readSimple(reader, limit, 'simple', reader.at);
}

function readByWord(reader: Reader, limit: number, word: string): Statement {
  switch (word) {
    case 'if':
      return readIf(reader, limit);
    case 'while':
    case 'for':
      return readHeaded(reader, limit, 'loop');
    case 'switch':
      return readHeaded(reader, limit, 'switch');
    case 'scoped_guard':
      return readHeaded(reader, limit, 'guarded');
    case 'do':
      return readDo(reader, limit);
    case 'return':
      return readSimple(reader, limit, 'return', reader.at + 1);
    case 'goto':
      return readGoto(reader, limit);
    case 'break':
    case 'continue':
      readSimple(reader, limit, 'simple', reader.at);
      return { kind: word };
    case 'case':
    case 'default':
      return readCase(reader, limit, word === 'default');
    default:
      return readNamed(reader, limit, word);
  }
}

/** A label, a loop by macro (`for_each_possible_cpu(cpu) …`), or any other statement that starts with a name. */
function readNamed(reader: Reader, limit: number, word: string): Statement {
  const { tokens, at } = reader;
  const next = kindAt(tokens, at + 1);
  if (next === Code.colon) {
    reader.at += 2;
    return { kind: 'label', label: word };
  }
  if (next === Code.open && isLoopMacro(word)) {
    const after = partnerOf(reader.brackets, at + 1) + 1;
    if (after > at + 1 && kindAt(tokens, after) !== Code.semicolon) return readHeaded(reader, limit, 'loop');
  }
  return readSimple(reader, limit, 'simple', at);
}

function readIf(reader: Reader, limit: number): Statement {
  const condition = readHead(reader, limit);
  if (condition === null) return fail(reader);
  const then = readStatement(reader, limit);
  if (reader.at >= limit || wordAt(reader.tokens, reader.at) !== 'else') return { kind: 'if', condition, then, otherwise: null };
  reader.at += 1;
  return { kind: 'if', condition, then, otherwise: readStatement(reader, limit) };
}

function readHeaded(reader: Reader, limit: number, kind: 'loop' | 'switch' | 'guarded'): Statement {
  const head = readHead(reader, limit);
  if (head === null) return fail(reader);
  return { kind, head, body: readStatement(reader, limit) };
}

/** The parenthesis after the word at hand. */
function readHead(reader: Reader, limit: number): Range | null {
  const open = reader.at + 1;
  const close = kindAt(reader.tokens, open) === Code.open ? partnerOf(reader.brackets, open) : -1;
  if (close <= open || close >= limit) return null;
  reader.at = close + 1;
  return { first: open + 1, last: close };
}

function readDo(reader: Reader, limit: number): Statement {
  reader.at += 1;
  const body = readStatement(reader, limit);
  if (wordAt(reader.tokens, reader.at) !== 'while') return fail(reader);
  const head = readHead(reader, limit);
  if (head === null) return fail(reader);
  if (kindAt(reader.tokens, reader.at) === Code.semicolon) reader.at += 1;
  return { kind: 'loop', head, body };
}

function readGoto(reader: Reader, limit: number): Statement {
  const label = wordAt(reader.tokens, reader.at + 1);
  readSimple(reader, limit, 'simple', reader.at);
  return label === '' ? fail(reader) : { kind: 'goto', label };
}

function readCase(reader: Reader, limit: number, isDefault: boolean): Statement {
  let at = reader.at + 1;
  while (at < limit && kindAt(reader.tokens, at) !== Code.colon) at = Math.max(at, partnerOf(reader.brackets, at)) + 1;
  reader.at = at + 1;
  return { kind: 'case', isDefault };
}

/** Up to the `;` outside brackets. */
function readSimple(reader: Reader, limit: number, kind: 'simple' | 'return', first: number): Statement {
  const { tokens, brackets } = reader;
  let at = first;
  for (; at < limit && kindAt(tokens, at) !== Code.semicolon; at += 1) {
    if (kindAt(tokens, at) === TokenKind.directive) return fail(reader);
    at = Math.max(at, partnerOf(brackets, at));
  }
  reader.at = at + 1;
  return kind === 'simple' && at === first ? nothing : { kind, range: { first, last: Math.min(at, limit) } };
}

function fail(reader: Reader): Statement {
  reader.broken = true;
  return nothing;
}

/** Names that the statements declare, `static` ones left out: what only this call of the function can name. */
export function declaredIn(tokens: Tokens, brackets: Brackets, statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === 'block') for (const name of declaredIn(tokens, brackets, statement.body)) names.add(name);
    if (statement.kind === 'simple' && declares(tokens, statement.range)) collectNames(tokens, brackets, statement.range, names);
  }
  return names;
}

/** Two names, or a name and a star, in a row: no expression starts so. */
function declares(tokens: Tokens, { first }: Range): boolean {
  return wordAt(tokens, first) !== 'static' && isIdentifier(tokens, first) && (isIdentifier(tokens, first + 1) || kindAt(tokens, first + 1) === Code.star);
}

function collectNames(tokens: Tokens, brackets: Brackets, { first, last }: Range, names: Set<string>): void {
  for (let at = first + 1; at < last; at = Math.max(at, partnerOf(brackets, at)) + 1) {
    const next = at + 1 < last ? kindAt(tokens, at + 1) : Code.comma;
    if (isIdentifier(tokens, at) && (next === Code.equals || next === Code.comma)) names.add(wordAt(tokens, at));
  }
}
