import type { OutlineItem } from './outline';

export type TagKeyword = 'struct' | 'union' | 'enum';

/** A tag keyword was read, its `{` may follow. */
interface PendingTag {
  readonly kind: TagKeyword;
  readonly start: number;
  name: string;
  /** The first word after the keyword. */
  first: string;
}

interface Brace {
  readonly kind: TagKeyword | 'function' | 'other';
  readonly name: string;
  readonly start: number;
  readonly body: number;
  /** State of the enumeration around, given back at the closing brace. */
  readonly enumerators: string[] | undefined;
  readonly parens: number;
}

/** What a branch of an `#if` starts from. */
interface Branch {
  readonly braces: readonly Brace[];
  readonly state: StatementState;
  /** State after the first branch, once there is an `#else`. */
  after: { readonly braces: readonly Brace[]; readonly state: StatementState } | undefined;
}

export interface StatementState {
  parens: number;
  functionDepth: number;
  statementStart: number;
  startsWithCall: boolean;
  typedef: boolean;
  sawEquals: boolean;
  sawParen: boolean;
  /** Identifiers so far. */
  words: number;
  callee: string;
  lastName: string;
  declared: string[];
  pending: PendingTag | undefined;
  /** Set while a statement at file scope is `struct name word`. */
  braceless: PendingTag | undefined;
  enumerators: string[] | undefined;
  expectsEnumerator: boolean;
}

/** The state of the outline's one pass over a file. */
export interface Scan extends StatementState {
  readonly text: string;
  readonly declarations: boolean;
  readonly items: OutlineItem[];
  /** Hashes of the words outside all braces, as often as they stand there; where they are wanted. */
  readonly outerWords: number[] | undefined;
  at: number;
  /** The last significant character; a letter for any identifier. */
  previous: number;
  braces: Brace[];
  branches: Branch[];
}

const freshStatement = {
  statementStart: -1,
  startsWithCall: false,
  typedef: false,
  sawEquals: false,
  sawParen: false,
  words: 0,
  callee: '',
  lastName: '',
};

export function newScan(text: string, declarations: boolean, outerWords?: number[]): Scan {
  return {
    ...freshStatement,
    text,
    declarations,
    items: [],
    outerWords,
    at: 0,
    previous: 0,
    braces: [],
    branches: [],
    parens: 0,
    functionDepth: 0,
    declared: [],
    pending: undefined,
    braceless: undefined,
    enumerators: undefined,
    expectsEnumerator: false,
  };
}

export function isTagKeyword(name: string): name is TagKeyword {
  return name === 'struct' || name === 'union' || name === 'enum';
}

/** FNV-1a, 32 bits. */
export function wordHash(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash;
}

/** An identifier at file scope, outside all braces. */
export function declare(scan: Scan, name: string, at: number): void {
  scan.outerWords?.push(wordHash(name));
  if (scan.statementStart === -1) {
    scan.statementStart = at;
    scan.startsWithCall = followedByParen(scan);
  }
  if (name === 'typedef' && scan.parens === 0) scan.typedef = true;
  else if (scan.typedef) noteInTypedef(scan, name);
  scan.lastName = name;
  scan.words += 1;
}

function followedByParen(scan: Scan): boolean {
  let at = scan.at;
  while (scan.text.charCodeAt(at) === 32 || scan.text.charCodeAt(at) === 9) at += 1;
  return scan.text.charCodeAt(at) === 40;
}

/** A typedef's attributes may follow its name, and a function pointer's name stands in parentheses: take all names. */
function noteInTypedef(scan: Scan, name: string): void {
  if (scan.parens <= 1 && !scan.declared.includes(name)) scan.declared.push(name);
}

/** At `,`, `=`, `[`, `:` or `(` outside parentheses: the name before it may be the one declared. */
export function noteDeclarator(scan: Scan): void {
  if (!scan.declarations || scan.typedef || scan.sawEquals || scan.previous !== 97) return;
  if (scan.lastName !== '') scan.declared.push(scan.lastName);
}

/** The `;` of a statement at file scope, or what ends it without one. */
export function endStatement(scan: Scan): void {
  if (scan.braceless !== undefined && scan.text.charCodeAt(scan.at - 1) === 59) emitBraceless(scan, scan.braceless);
  scan.braceless = undefined;
  if (scan.typedef) emitStatement(scan, 'typedef');
  else if (scan.declarations && scan.statementStart !== -1) {
    noteDeclarator(scan);
    if (scan.declared.length > 0) emitStatement(scan, 'declaration');
  }
  if (scan.declared.length > 0) scan.declared = [];
  scan.parens = 0;
  scan.statementStart = -1;
  scan.startsWithCall = false;
  scan.typedef = false;
  scan.sawEquals = false;
  scan.sawParen = false;
  scan.words = 0;
  scan.callee = '';
  scan.lastName = '';
}

/** `struct name BODY;`: the braces may come from a macro. */
function emitBraceless(scan: Scan, tag: PendingTag): void {
  scan.items.push({ kind: tag.kind, name: tag.name, start: tag.start, end: scan.at, names: [], body: 0, local: false });
}

function emitStatement(scan: Scan, kind: 'typedef' | 'declaration'): void {
  scan.items.push({
    kind,
    name: scan.lastName,
    start: scan.statementStart,
    end: scan.at,
    names: scan.declared,
    body: 0,
    local: false,
  });
}

export function openBrace(scan: Scan): void {
  const { pending, enumerators, parens } = scan;
  const start = scan.at - 1;
  scan.pending = undefined;
  if (pending !== undefined) {
    scan.braces.push({ kind: pending.kind, name: pending.name, start: pending.start, body: start, enumerators, parens });
    scan.enumerators = pending.kind === 'enum' ? [] : undefined;
    scan.expectsEnumerator = pending.kind === 'enum';
  } else {
    const isFunction = scan.braces.length === 0 && scan.parens === 0 && scan.sawParen && !scan.sawEquals;
    if (isFunction || scan.functionDepth > 0) scan.functionDepth += 1;
    const kind = isFunction ? 'function' : 'other';
    scan.braces.push({ kind, name: scan.callee, start: scan.statementStart, body: start, enumerators, parens });
    scan.enumerators = undefined;
  }
  scan.parens = 0;
}

export function closeBrace(scan: Scan): void {
  scan.pending = undefined;
  const brace = scan.braces.pop();
  if (brace === undefined) return;
  if (brace.kind === 'other' || brace.kind === 'function') {
    if (scan.functionDepth > 0) scan.functionDepth -= 1;
  }
  const named = brace.name !== '' || brace.kind === 'enum';
  if (brace.kind !== 'other' && named) emitBrace(scan, brace);
  scan.enumerators = brace.enumerators;
  scan.expectsEnumerator = false;
  scan.parens = brace.parens;
  if (brace.kind === 'function' && scan.braces.length === 0) endStatement(scan);
}

function emitBrace(scan: Scan, brace: Brace): void {
  scan.items.push({
    kind: brace.kind === 'other' ? 'function' : brace.kind,
    name: brace.name,
    start: brace.start,
    end: scan.at,
    names: brace.kind === 'enum' ? (scan.enumerators ?? []) : [],
    body: brace.body,
    local: scan.functionDepth > 0,
  });
}

function saved(scan: Scan): { braces: readonly Brace[]; state: StatementState } {
  const { parens, functionDepth, statementStart, startsWithCall, typedef, sawEquals, sawParen, words, callee, lastName } = scan;
  const { declared, pending, braceless, enumerators, expectsEnumerator } = scan;
  return {
    braces: scan.braces.slice(),
    state: {
      parens, functionDepth, statementStart, startsWithCall, typedef, sawEquals, sawParen, words, callee, lastName,
      declared, pending, braceless, enumerators, expectsEnumerator,
    },
  };
}

function restore(scan: Scan, from: { readonly braces: readonly Brace[]; readonly state: StatementState }): void {
  Object.assign(scan, from.state);
  scan.braces = from.braces.slice();
}

/** A lone word before a `#define` or `#undef` is a macro that makes whole statements: the statement ends there. */
export function endLoneWord(scan: Scan): void {
  if (scan.braces.length === 0 && scan.words === 1 && !scan.sawParen && scan.pending === undefined) endStatement(scan);
}

/** Every branch of an `#if` starts with the braces open at the `#if`; after it the first branch's count. */
export function beginBranches(scan: Scan): void {
  scan.branches.push({ ...saved(scan), after: undefined });
}

export function nextBranch(scan: Scan): void {
  const branch = scan.branches[scan.branches.length - 1];
  if (branch === undefined) return;
  branch.after ??= saved(scan);
  restore(scan, branch);
}

export function endBranches(scan: Scan): void {
  const branch = scan.branches.pop();
  if (branch?.after !== undefined) restore(scan, branch.after);
}
