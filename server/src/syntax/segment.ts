import type { Span } from '../util/text';
import type { ConditionStack } from './conditions';
import type { Tokens } from './tokens';

/**
 * function: a definition with its body, also by macro (`SYSCALL_DEFINE1(…) {…}`) ·
 * record: a struct, union or enum with its members, also inside a typedef or before declarators ·
 * initialiser: a declaration with `=` · declaration: any other that ends with `;` ·
 * invocation: `NAME(…)` alone at file scope, with or without `;` · define, include: one directive ·
 * fragment: text that is none of them, such as a half-typed header or the rest of a cut function.
 */
export type SegmentKind =
  | 'function'
  | 'record'
  | 'initialiser'
  | 'declaration'
  | 'invocation'
  | 'define'
  | 'include'
  | 'fragment';

/**
 * A top-level piece of a file. Segments come in the order in which their ends are found. Two overlaps exist: a `define` inside a
 * function or record is a segment of its own, and its directive is no part of the outer segment's C; and where each
 * branch of an `#if` inside a function ends it, each end makes a segment that starts with the same header.
 */
export interface Segment {
  readonly kind: SegmentKind;
  readonly span: Span;
  /** Tokens of it: `first` inclusive, `last` exclusive. */
  readonly first: number;
  readonly last: number;
  /**
   * Token before the first one of the body: the `{` of a function or record, or the `#else` from which on another
   * branch goes on with it; -1 where there is none.
   */
  readonly body: number;
  /** Token that names a function (in a macro-made one the macro's name) or an invocation; -1 where none does. */
  readonly name: number;
  /** The `#if`s open at its start. */
  readonly conditions: ConditionStack;
}

/** The `#if`s from an offset on. */
export interface ConditionMark {
  readonly offset: number;
  readonly conditions: ConditionStack;
}

/** The lexical view of a file: tokens, and the pieces between which nothing else depends on each other. */
export interface Scan {
  readonly text: string;
  readonly tokens: Tokens;
  readonly segments: readonly Segment[];
  readonly marks: readonly ConditionMark[];
  readonly problems: readonly ScanProblem[];
}

export interface ScanProblem {
  readonly span: Span;
  readonly reason: string;
}
