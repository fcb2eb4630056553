import type { Span } from '../util/text';
import { isAnnotationWord, isAttributeHead } from './annotations';
import { pairBrackets, partnerOf } from './brackets';
import { Code } from './characters';
import { blank, type Mask, type MaskableSegment, type MaskContext, type Masked } from './maskContext';
import { maskHeader } from './maskHeader';
import { maskLoopMacro } from './maskStatement';
import { maskTypeArguments } from './maskTypeArgument';
import { endAt, kindAt, nextToken, previousToken, startAt, wordAt } from './tokenAccess';
import { TokenKind, type Tokens } from './tokens';
import { isCallable, tagKeywords, typeKeywords } from './words';

export function maskSegment(tokens: Tokens, segment: MaskableSegment): Masked {
  const brackets = pairBrackets(tokens, segment.first, segment.last);
  const context: MaskContext = { tokens, segment, brackets, masks: [] };
  let at = maskHeader(context);
  for (; at < segment.last; at++) at = Math.max(at, maskToken(context, at));
  return masked(context);
}

function masked({ tokens, segment, masks, brackets }: MaskContext): Masked {
  const loops = new Map(masks.filter(({ what }) => what === 'loop').map((mask) => [mask.span.start, mask]));
  return { text: applyMasks(tokens.text, segment.span, masks), masks, loops, brackets };
}

/** Masks what starts at token `at`; the last token that is done with. */
function maskToken(context: MaskContext, at: number): number {
  const { tokens } = context;
  const kind = kindAt(tokens, at);
  if (kind === TokenKind.directive) return blank(context, at, at, 'directive');
  if (kind !== TokenKind.identifier) return at;
  const word = wordAt(tokens, at);
  const close = kindAt(tokens, at + 1) === Code.open ? partnerOf(context.brackets, at + 1) : -1;
  if (isAnnotation(context, at, word)) return blank(context, at, at, 'annotation');
  if (close !== -1) return maskGroup(context, at, word, close);
  if (word === 'case') maskCaseRange(context, at);
  else if (isStringPrefix(tokens, at)) blank(context, at, at, 'string');
  return at;
}

/** Masks a word and the parentheses after it, which end at `close`. */
function maskGroup(context: MaskContext, at: number, word: string, close: number): number {
  const { segment } = context;
  if (isAttributeHead(word) || isAttributePosition(context, at, word)) return blank(context, at, close, 'annotation');
  if (typeofWord.test(word)) return maskTypeof(context, at, close);
  // The grammar knows the alignment of types only, and a plain member after `offsetof(type,` only.
  if (alignofWord.test(word)) blank(context, at, at, 'type', 'sizeof');
  const expression = argumentOperators.has(word);
  if (word === 'offsetof') blank(context, at, at, 'type', '_'.repeat(word.length));
  if (!expression && !isCallable(word)) return at;
  const inBody = at > segment.body;
  if (segment.kind === 'function' && inBody && !expression) maskLoopMacro(context, at, close);
  if (segment.kind !== 'function' || inBody) maskTypeArguments(context, at + 1, close);
  return at;
}

const typeofWord = /^(?:__)?typeof(?:__)?(?:_unqual(?:__)?)?$/;
const alignofWord = /^(?:_Alignof|__alignof(?:__)?)$/;
const argumentOperators: ReadonlySet<string> = new Set(['va_arg', 'offsetof']);

function isAnnotation(context: MaskContext, at: number, word: string): boolean {
  if (isAnnotationWord(word) || (word.startsWith('__') && isAnnotationPosition(context, at))) return true;
  // `static DEFINE_MUTEX(m);` in a body reads as a call without the `static`.
  const { tokens, segment } = context;
  return word === 'static' && segment.kind === 'function' && at > segment.body && kindAt(tokens, at + 2) === Code.open;
}

/** `__name(…)` after the parameters of a function header or declaration is an attribute. */
function isAttributePosition({ tokens, segment }: MaskContext, at: number, word: string): boolean {
  if (!word.startsWith('__') || (segment.body !== -1 && at > segment.body) || segment.kind === 'initialiser') return false;
  const before = previousToken(tokens, at, segment.first);
  return before !== -1 && kindAt(tokens, before) === Code.close;
}

/** `__name` between a type and a declarator: `void __name *p`, `int __name f(void)`, `static __name struct x y`. */
function isAnnotationPosition({ tokens, segment }: MaskContext, at: number): boolean {
  const after = nextToken(tokens, at, segment.last);
  const before = previousToken(tokens, at, segment.first);
  if (after === -1 || before === -1) return false;
  const left = wordAt(tokens, before);
  const right = wordAt(tokens, after);
  if (tagKeywords.has(right) || typeKeywords.has(right)) return !tagKeywords.has(left) && left !== '' && !typeKeywords.has(left);
  if (right === '' && kindAt(tokens, after) !== Code.star) return false;
  return left === '' ? kindAt(tokens, before) === Code.star && right !== '' : typeKeywords.has(left) || isTagged(tokens, before);
}

function isTagged(tokens: Tokens, at: number): boolean {
  return tagKeywords.has(wordAt(tokens, at - 1));
}

/** The first of two macros before a string, `KERN_ERR PREFIX "…"`; the grammar knows one. */
function isStringPrefix(tokens: Tokens, at: number): boolean {
  if (kindAt(tokens, at + 2) !== TokenKind.string || kindAt(tokens, at + 1) !== TokenKind.identifier) return false;
  const before = kindAt(tokens, at - 1);
  return before === Code.open || before === Code.comma;
}

/** Tokens of a `case` label; more are none. */
const longestCase = 64;

/** `case 1 ... 3:` keeps its first value. */
function maskCaseRange(context: MaskContext, at: number): void {
  const { tokens, segment } = context;
  let dots = -1;
  for (let next = at + 1; next < Math.min(segment.last, at + longestCase); next++) {
    const kind = kindAt(tokens, next);
    if (kind === Code.dot && dots === -1 && kindAt(tokens, next + 1) === Code.dot) dots = next;
    if (kind === Code.colon && dots !== -1) blank(context, dots, next - 1, 'range');
    if (kind === Code.colon) break;
    if (kind === Code.semicolon || kind === Code.openBrace || kind === Code.closeBrace) break;
  }
}

/** `typeof(x)` stands for a type: a name of the same length does too, and the grammar knows it. */
function maskTypeof(context: MaskContext, at: number, close: number): number {
  const text = context.tokens.text.slice(startAt(context.tokens, at), endAt(context.tokens, close));
  return blank(context, at, close, 'type', '_'.repeat(text.split('\n', 1)[0]?.length ?? 0));
}

/** The segment's text with all masks applied. */
export function applyMasks(text: string, span: Span, masks: readonly Mask[]): string {
  const ordered = [...masks].sort((a, b) => a.span.start - b.span.start);
  const parts: string[] = [];
  let from = span.start;
  for (const { span: hidden, instead } of ordered) {
    if (hidden.start < from) continue;
    parts.push(text.slice(from, hidden.start), instead, blanks(text.slice(hidden.start + instead.length, hidden.end)));
    from = hidden.end;
  }
  parts.push(text.slice(from, span.end));
  return parts.join('');
}

function blanks(text: string): string {
  return text.includes('\n') ? text.replace(/[^\n]/g, ' ') : ' '.repeat(text.length);
}

/** A `#define` body reads as a function body does: tokens of it alone, `#` and `##` blanked. */
export function maskPiece(tokens: Tokens, span: Span): Masked {
  const brackets = pairBrackets(tokens, 0, tokens.count);
  const segment: MaskableSegment = { kind: 'function', first: 0, last: tokens.count, body: -1, span };
  const context: MaskContext = { tokens, segment, brackets, masks: [] };
  for (let at = 0; at < tokens.count; at++) {
    at = Math.max(at, kindAt(tokens, at) === Code.hash ? blank(context, at, at, 'directive') : maskToken(context, at));
  }
  return masked(context);
}
