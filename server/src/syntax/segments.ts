import { Code } from './characters';
import { alternated, closed, conditionOf, firstWord, opened, outsideConditions, type ConditionStack } from './conditions';
import { readDirective, type Directive } from './directives';
import { openingOf } from './header';
import { beginsDeclaration, fileScopeFollows, isExtraClose, strandedHeader } from './resynchronise';
import type { ConditionMark, Scan, ScanProblem, Segment, SegmentKind } from './segment';
import { atLineStart, endAt, isIdentifier, kindAt, nextToken, previousToken, startAt, wordAt } from './tokenAccess';
import { TokenKind, tokenize, type Tokens } from './tokens';

/** The segment being read; `first` is -1 between segments. */
export interface Open {
  first: number;
  kind: SegmentKind;
  body: number;
  name: number;
  /** Depth of braces, and of parentheses where no brace is open. */
  depth: number;
  parentheses: number;
  conditions: ConditionStack;
}

interface Cutter {
  readonly tokens: Tokens;
  readonly segments: Segment[];
  readonly marks: ConditionMark[];
  readonly problems: ScanProblem[];
  /** What was open at each `#if` that is open now: its `#else` starts from there again. */
  readonly saved: { readonly open: Readonly<Open>; readonly at: number }[];
  open: Open;
  conditions: ConditionStack;
}

/**
 * Cuts a C text of any kind into its top-level pieces, with the `#if`s around each. Braces are counted per
 * preprocessor branch (an `#else` starts from the depth at its `#if`); where they do not balance, a brace or a
 * function header in the first column starts afresh, so that one broken function does not swallow the rest.
 */
export function scan(text: string): Scan {
  const tokens = tokenize(text);
  const cutter: Cutter = {
    tokens, segments: [], marks: [], problems: [], saved: [], open: between(outsideConditions), conditions: outsideConditions,
  };
  for (let at = 0; at < tokens.count; at++) {
    const kind = tokens.kinds[at] ?? 0;
    if (kind === TokenKind.directive) onDirective(cutter, at);
    else if (kind === Code.openBrace) onOpenBrace(cutter, at);
    else if (kind === Code.closeBrace) onCloseBrace(cutter, at);
    else if (cutter.open.depth === 0) onFileScope(cutter, at, kind);
  }
  finish(cutter);
  return { text, tokens, segments: cutter.segments, marks: cutter.marks, problems: cutter.problems };
}

function between(conditions: ConditionStack): Open {
  return { first: -1, kind: 'declaration', body: -1, name: -1, depth: 0, parentheses: 0, conditions };
}

function begin(cutter: Cutter, at: number): void {
  if (cutter.open.first !== -1) return;
  cutter.open.first = at;
  cutter.open.conditions = cutter.conditions;
}

/** Ends the open segment before token `last`; directives after its last code are not part of it. */
function end(cutter: Cutter, last: number, kind: SegmentKind): void {
  const { open, tokens } = cutter;
  const final = open.first === -1 ? -1 : previousToken(tokens, last, open.first);
  if (final !== -1) {
    cutter.segments.push({
      kind,
      span: { start: startAt(tokens, open.first), end: endAt(tokens, final) },
      first: open.first,
      last: final + 1,
      body: open.body,
      name: open.name,
      conditions: open.conditions,
    });
  }
  cutter.open = between(cutter.conditions);
}

/** Ends a segment that its own text does not end: a record keeps its kind, anything without a body is a fragment. */
function breakOff(cutter: Cutter, last: number): void {
  end(cutter, last, cutter.open.body === -1 ? 'fragment' : cutter.open.kind);
}

function onFileScope(cutter: Cutter, at: number, kind: number): void {
  const { open, tokens } = cutter;
  if (kind === TokenKind.identifier && open.first !== -1 && atLineStart(tokens, at) && beginsDeclaration(tokens, open, at)) {
    breakOff(cutter, at);
  }
  if (kind === Code.semicolon && cutter.open.first === -1) return;
  begin(cutter, at);
  if (kind === Code.open) cutter.open.parentheses++;
  else if (kind === Code.close) onCloseParenthesis(cutter, at);
  else if (cutter.open.parentheses === 0) {
    if (kind === Code.semicolon) end(cutter, at + 1, declarationKind(cutter, at));
    else if (kind === Code.equals && cutter.open.body === -1) cutter.open.kind = 'initialiser';
  }
}

function declarationKind(cutter: Cutter, semicolon: number): SegmentKind {
  const { open, tokens } = cutter;
  if (open.kind !== 'declaration') return open.kind;
  const { first } = open;
  const alone = isIdentifier(tokens, first) && kindAt(tokens, first + 1) === Code.open && kindAt(tokens, semicolon - 1) === Code.close;
  if (alone) open.name = first;
  return alone ? 'invocation' : 'declaration';
}

/** `NAME(…)` whose next code starts in the first column is an invocation without `;` (`EXPORT_SYMBOL(f)`). */
function onCloseParenthesis(cutter: Cutter, at: number): void {
  const { open, tokens } = cutter;
  open.parentheses = Math.max(0, open.parentheses - 1);
  if (open.parentheses > 0 || open.kind !== 'declaration') return;
  if (!isIdentifier(tokens, open.first) || kindAt(tokens, open.first + 1) !== Code.open) return;
  const next = nextToken(tokens, at, tokens.count);
  if (next !== -1 && !(isIdentifier(tokens, next) && atLineStart(tokens, next))) return;
  if (next !== -1 && wordAt(tokens, next).startsWith('__') && kindAt(tokens, next + 1) === Code.open) return;
  open.name = open.first;
  end(cutter, at + 1, 'invocation');
}

function onOpenBrace(cutter: Cutter, at: number): void {
  const { tokens } = cutter;
  if ((cutter.open.depth > 0 || cutter.open.parentheses > 0) && atLineStart(tokens, at)) {
    const header = strandedHeader(tokens, cutter.open.first, at);
    if (header !== -1) {
      report(cutter, cutter.open.body === -1 ? cutter.open.first : cutter.open.body, 'bracket is not closed before the next function');
      breakOff(cutter, header);
      begin(cutter, header);
    }
  }
  begin(cutter, at);
  const { open } = cutter;
  if (open.depth === 0 && open.parentheses === 0 && open.body === -1 && open.kind === 'declaration') {
    const opening = openingOf(tokens, open.first, at);
    if (opening.kind === 'linkage') {
      cutter.open = between(cutter.conditions);
      return;
    }
    open.kind = opening.kind;
    open.body = at;
    if (opening.kind === 'function') open.name = opening.name;
  }
  open.depth++;
}

function onCloseBrace(cutter: Cutter, at: number): void {
  const { open, tokens } = cutter;
  if (open.depth === 0) {
    // The end of `extern "C" {`, or one brace too many.
    if (open.first !== -1) breakOff(cutter, at);
    return;
  }
  const outermost = open.depth === 1;
  if (outermost && isExtraClose(tokens, open, at)) {
    report(cutter, at, 'closing brace without an opening one');
    return;
  }
  if (!outermost && open.body !== -1 && atLineStart(tokens, at) && fileScopeFollows(tokens, at)) {
    report(cutter, open.body, 'braces do not balance up to the closing brace in the first column');
    open.depth = 1;
  }
  open.depth--;
  if (open.depth === 0 && (open.kind === 'function' || open.kind === 'fragment')) end(cutter, at + 1, open.kind);
}

function onDirective(cutter: Cutter, at: number): void {
  const { tokens } = cutter;
  const directive = readDirective(tokens.text, startAt(tokens, at));
  switch (directive.word) {
    case 'if':
    case 'ifdef':
    case 'ifndef': {
      cutter.saved.push({ open: { ...cutter.open }, at });
      const condition = isGuard(cutter, at, directive) ? null : conditionOf(directive, tokens.text, endAt(tokens, at));
      return mark(cutter, at, opened(cutter.conditions, condition));
    }
    case 'elif':
    case 'elifdef':
    case 'elifndef':
      restore(cutter, at);
      return mark(cutter, at, alternated(cutter.conditions, conditionOf(directive, tokens.text, endAt(tokens, at))));
    case 'else':
      restore(cutter, at);
      return mark(cutter, at, alternated(cutter.conditions, null));
    case 'endif':
      if (cutter.conditions.current === '0') restore(cutter, at);
      if (cutter.saved.pop() === undefined) report(cutter, at, '#endif without #if');
      return mark(cutter, at, closed(cutter.conditions));
    case 'define':
    case 'include':
      return directiveSegment(cutter, at, directive.word);
    default:
  }
}

function mark(cutter: Cutter, at: number, conditions: ConditionStack): void {
  cutter.conditions = conditions;
  cutter.marks.push({ offset: startAt(cutter.tokens, at), conditions });
}

/** The brackets as they were at the `#if`: what its branches open or close, each does for itself. */
function restore(cutter: Cutter, at: number): void {
  const before = cutter.saved.at(-1)?.open;
  if (before === undefined) return;
  if (cutter.open.first !== before.first && cutter.open.first !== -1) breakOff(cutter, at);
  // Where the branch ended the segment that was open at the `#if`, the next branch is another end of the same: its
  // segment starts with the same header, and what it adds is its body.
  const again = before.first !== -1 && cutter.open.first === -1 && before.body !== -1;
  cutter.open = again ? { ...before, body: at } : { ...before };
}

/** `#ifndef X` + `#define X` before anything else says nothing about when the file's text holds. */
function isGuard(cutter: Cutter, at: number, directive: Directive): boolean {
  const { tokens } = cutter;
  if (directive.word !== 'ifndef' || at + 1 >= tokens.count || cutter.segments.length > 0 || cutter.open.first !== -1) return false;
  if (kindAt(tokens, at + 1) !== TokenKind.directive) return false;
  const next = readDirective(tokens.text, startAt(tokens, at + 1));
  const guard = firstWord(tokens.text.slice(directive.operand, endAt(tokens, at)));
  return next.word === 'define' && tokens.text.slice(next.operand, endAt(tokens, at + 1)).trim() === guard;
}

function directiveSegment(cutter: Cutter, at: number, kind: 'define' | 'include'): void {
  const { tokens } = cutter;
  cutter.segments.push({
    kind, span: { start: startAt(tokens, at), end: endAt(tokens, at) }, first: at, last: at + 1, body: -1, name: -1,
    conditions: cutter.conditions,
  });
}

/** Problems named in one file; more say nothing more. */
const mostProblems = 100;

function report(cutter: Cutter, at: number, reason: string): void {
  if (cutter.problems.length >= mostProblems) return;
  cutter.problems.push({ span: { start: startAt(cutter.tokens, at), end: endAt(cutter.tokens, at) }, reason });
}

function finish(cutter: Cutter): void {
  const { tokens, open } = cutter;
  if (open.first !== -1) {
    if (open.depth > 0) report(cutter, open.body === -1 ? open.first : open.body, 'bracket is never closed');
    breakOff(cutter, tokens.count);
  }
  for (const { at } of cutter.saved) report(cutter, at, '#if without #endif');
  const conflict = tokens.text.search(/^<{7} .*$/m);
  if (conflict !== -1 && /^>{7} /m.test(tokens.text)) {
    cutter.problems.push({ span: { start: conflict, end: conflict + 7 }, reason: 'conflict of a merge is not resolved' });
  }
  if (tokens.openComment !== -1) {
    cutter.problems.push({ span: { start: tokens.openComment, end: tokens.text.length }, reason: 'comment is never closed' });
  }
}
