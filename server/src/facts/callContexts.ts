import { pairBrackets, partnerOf, type Brackets } from '../syntax/brackets';
import { Code } from '../syntax/characters';
import { isIdentifier, kindAt, nextToken, wordAt } from '../syntax/tokenAccess';
import { TokenKind, tokenize, type Tokens } from '../syntax/tokens';
import { isCallable } from '../syntax/words';
import { textOf } from './siteArguments';
import { isLoopMacro } from './siteContext';
import { successGuards } from './successGuards';

/** Where in its function a call stands: what must hold for it to run, and the loops around it, outermost first. */
export interface CallContext {
  readonly callee: string;
  /** Offset of the callee's name in the function's text. */
  readonly offset: number;
  /**
   * Conditions as written, negated ones as `!(…)`, those of a `switch` as `event == NETDEV_REGISTER`. That the steps
   * before succeeded is none; nor are preprocessor conditions.
   */
  readonly guards: readonly string[];
  /** `for (i = 0; i < SB_FREEZE_LEVELS; i++)`, `for_each_node(node)`. */
  readonly loops: readonly string[];
}

/** The contexts of all calls in a function, given its text from the return type to the closing brace. */
export function callContexts(text: string): readonly CallContext[] {
  const tokens = tokenize(text);
  const brackets = pairBrackets(tokens, 0, tokens.count);
  const body = bodyOf(tokens);
  if (body === -1) return [];
  const walk: Walk = { tokens, brackets, found: [], isSuccess: successGuards(text) };
  const end = partnerOf(brackets, body);
  statements(walk, body + 1, end === -1 ? tokens.count : end, { guards: [], loops: [] });
  return walk.found;
}

function bodyOf(tokens: Tokens): number {
  for (let at = 0; at < tokens.count; at++) if (kindAt(tokens, at) === Code.openBrace) return at;
  return -1;
}

interface Walk {
  readonly tokens: Tokens;
  readonly brackets: Brackets;
  readonly found: CallContext[];
  readonly isSuccess: (guard: string) => boolean;
}

interface Around {
  readonly guards: readonly string[];
  readonly loops: readonly string[];
}

function guarded(walk: Walk, around: Around, guard: string): Around {
  return guard === '' || walk.isSuccess(guard) ? around : { ...around, guards: [...around.guards, guard] };
}

/** Statements from `at` to `end`. An early way out that is no failure guards what comes after it. */
function statements(walk: Walk, from: number, end: number, around: Around): void {
  let here = around;
  let at = skipDirectives(walk, from, end);
  while (at < end) {
    const leaves = earlyWayOut(walk, at, end);
    at = skipDirectives(walk, statement(walk, at, end, here), end);
    if (leaves !== '') here = guarded(walk, here, negated(leaves));
  }
}

function skipDirectives({ tokens }: Walk, at: number, end: number): number {
  while (at < end && kindAt(tokens, at) === TokenKind.directive) at++;
  return at;
}

/** Walks one statement; the result is where the next starts. */
function statement(walk: Walk, at: number, end: number, around: Around): number {
  const { tokens, brackets } = walk;
  if (at >= end) return end;
  if (kindAt(tokens, at) === Code.openBrace) {
    const close = partnerOf(brackets, at);
    const last = close === -1 ? end : close;
    statements(walk, at + 1, last, around);
    return last + 1;
  }
  switch (wordAt(tokens, at)) {
    case 'if':
      return ifStatement(walk, at, end, around);
    case 'switch':
      return switchStatement(walk, at, end, around);
    case 'for':
    case 'while':
      return loopStatement(walk, at, end, around);
    case 'do':
      return doStatement(walk, at, end, around);
    default:
      return isLoopMacroAt(walk, at) ? loopStatement(walk, at, end, around) : expression(walk, at, end, around);
  }
}

function isLoopMacroAt({ tokens }: Walk, at: number): boolean {
  return isIdentifier(tokens, at) && kindAt(tokens, at + 1) === Code.open && isLoopMacro(wordAt(tokens, at));
}

/** The parenthesis after a keyword: its inside, and where it ends. */
function condition(walk: Walk, at: number, end: number): { readonly text: string; readonly open: number; readonly close: number } {
  const open = nextToken(walk.tokens, at, end);
  const partner = open === -1 ? -1 : partnerOf(walk.brackets, open);
  const close = partner === -1 ? Math.max(at, open) : partner;
  return { text: textOf(walk.tokens, open + 1, close), open, close };
}

function ifStatement(walk: Walk, at: number, end: number, around: Around): number {
  const { text, open, close } = condition(walk, at, end);
  calls(walk, open, close, around);
  const next = skipDirectives(walk, statement(walk, skipDirectives(walk, close + 1, end), end, guarded(walk, around, text)), end);
  if (wordAt(walk.tokens, next) !== 'else') return next;
  return statement(walk, skipDirectives(walk, next + 1, end), end, guarded(walk, around, negated(text)));
}

function loopStatement(walk: Walk, at: number, end: number, around: Around): number {
  const { open, close } = condition(walk, at, end);
  const inside = { ...around, loops: [...around.loops, textOf(walk.tokens, at, close + 1)] };
  calls(walk, open, close, inside);
  return statement(walk, skipDirectives(walk, close + 1, end), end, inside);
}

/** `do { … } while (0)` runs once. */
function doStatement(walk: Walk, at: number, end: number, around: Around): number {
  const body = skipDirectives(walk, at + 1, end);
  const close = kindAt(walk.tokens, body) === Code.openBrace ? partnerOf(walk.brackets, body) : -1;
  const tail = close === -1 ? '' : condition(walk, close + 1, end).text;
  const inside = tail === '0' ? around : { ...around, loops: [...around.loops, `do … while (${tail})`] };
  const next = statement(walk, body, end, inside);
  return wordAt(walk.tokens, next) === 'while' ? expression(walk, next, end, inside) : next;
}

function switchStatement(walk: Walk, at: number, end: number, around: Around): number {
  const { text, open, close } = condition(walk, at, end);
  calls(walk, open, close, around);
  const body = skipDirectives(walk, close + 1, end);
  const last = partnerOf(walk.brackets, body);
  if (kindAt(walk.tokens, body) !== Code.openBrace || last === -1) return statement(walk, body, end, around);
  let labels: string[] = [];
  let from = body + 1;
  while (from < last) {
    const label = labelAt(walk, from, last);
    if (label !== null) {
      labels.push(label.text);
      from = skipDirectives(walk, label.next, last);
      if (labelAt(walk, from, last) !== null) continue;
    }
    const to = nextLabel(walk, from, last);
    statements(walk, from, to, guarded(walk, around, labels.length === 0 ? '' : `${text} == ${labels.join(' | ')}`));
    if (leavesCase(walk, from, to)) labels = [];
    from = to;
  }
  return last + 1;
}

/** `case X:` or `default:` at a token. */
function labelAt({ tokens }: Walk, at: number, end: number): { readonly text: string; readonly next: number } | null {
  const word = wordAt(tokens, at);
  if (word !== 'case' && word !== 'default') return null;
  let colon = at + 1;
  while (colon < end && kindAt(tokens, colon) !== Code.colon) colon++;
  return { text: word === 'default' ? 'default' : textOf(tokens, at + 1, colon), next: colon + 1 };
}

function nextLabel(walk: Walk, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (labelAt(walk, at, end) !== null) return at;
    const partner = kindAt(walk.tokens, at) === Code.openBrace ? partnerOf(walk.brackets, at) : -1;
    if (partner > at) at = partner;
  }
  return end;
}

/** False where the case falls through to the next. */
function leavesCase({ tokens }: Walk, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (/^(break|return|goto|continue)$/.test(wordAt(tokens, at))) return true;
  return false;
}

const harmlessWayOut = /^(break|continue|return( 0| false| true| NOTIFY_(DONE|OK))?)$/;

/** The condition of `if (…) return 0;` and its kind at `at`, or of a block that ends so; empty where the statement is none. */
function earlyWayOut(walk: Walk, at: number, end: number): string {
  const { tokens, brackets } = walk;
  if (wordAt(tokens, at) !== 'if') return '';
  const { text, close } = condition(walk, at, end);
  const block = kindAt(tokens, close + 1) === Code.openBrace ? partnerOf(brackets, close + 1) : -1;
  const semicolon = block === -1 ? nextSemicolon(tokens, close + 1, end) : block - 1;
  const start = block === -1 ? close + 1 : lastStatement(tokens, semicolon, close + 1);
  const after = block === -1 ? semicolon + 1 : block + 1;
  return harmlessWayOut.test(textOf(tokens, start, semicolon)) && wordAt(tokens, after) !== 'else' ? text : '';
}

function nextSemicolon(tokens: Tokens, from: number, end: number): number {
  let at = from;
  while (at < end && kindAt(tokens, at) !== Code.semicolon) at++;
  return at;
}

/** Where the statement that ends at a semicolon starts. */
function lastStatement(tokens: Tokens, semicolon: number, open: number): number {
  let at = semicolon - 1;
  while (at > open && kindAt(tokens, at) !== Code.semicolon && kindAt(tokens, at) !== Code.closeBrace) at--;
  return at + 1;
}

function negated(text: string): string {
  const inner = /^!\s*([\w.>-]+|\(.*\))$/.exec(text)?.[1];
  return inner !== undefined && balanced(inner) ? inner.replace(/^\((.*)\)$/, '$1') : `!(${text})`;
}

function balanced(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0 && at < text.length - 1) return false;
  }
  return depth === 0;
}

function expression(walk: Walk, at: number, end: number, around: Around): number {
  const { tokens, brackets } = walk;
  let to = at;
  while (to < end && kindAt(tokens, to) !== Code.semicolon) {
    // A label, and the statement after it.
    if (kindAt(tokens, to) === Code.colon && to === at + 1 && isIdentifier(tokens, at)) return to + 1;
    to = Math.max(to, partnerOf(brackets, to)) + 1;
  }
  calls(walk, at, to, around);
  return to + 1;
}

const and = '&&';

function calls(walk: Walk, from: number, to: number, around: Around): void {
  const { tokens } = walk;
  for (let at = from; at < to; at++) {
    if (!isIdentifier(tokens, at) || kindAt(tokens, at + 1) !== Code.open) continue;
    const before = kindAt(tokens, at - 1);
    const isMember = before === Code.dot || (before === Code.greater && kindAt(tokens, at - 2) === Code.minus);
    const callee = wordAt(tokens, at);
    if (isMember || !isCallable(callee)) continue;
    const left = leftOperand(walk, from, at);
    walk.found.push({ callee, offset: tokens.starts[at] ?? 0, guards: guarded(walk, around, left).guards, loops: around.loops });
  }
}

/** `cond` of `cond && call()` with nothing but negation or a comparison around the call. */
function leftOperand({ tokens, brackets }: Walk, from: number, call: number): string {
  let at = call - 1;
  while (at >= from && (kindAt(tokens, at) === 33 || kindAt(tokens, at) === Code.open)) at--;
  if (tokens.text.slice(tokens.starts[at - 1] ?? 0, tokens.ends[at] ?? 0) !== and) return '';
  let start = at - 2;
  while (start >= from) {
    const partner = kindAt(tokens, start) === Code.close ? partnerOf(brackets, start) : -1;
    if (partner !== -1) start = partner;
    else if (kindAt(tokens, start) === Code.open || kindAt(tokens, start) === Code.equals || kindAt(tokens, start) === Code.comma) break;
    start--;
  }
  return textOf(tokens, Math.max(from, start + 1), at - 1);
}
