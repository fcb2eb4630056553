import type { Span } from '../util/text';
import type { Brackets } from './brackets';
import type { Segment } from './segment';
import { endAt, startAt } from './tokenAccess';
import type { Tokens } from './tokens';

/**
 * What the grammar does not know is replaced, character for character, by blanks or by a word that it does know,
 * so that every offset and every newline stays where it was. Masking a masked text changes nothing.
 */
export interface Mask {
  readonly span: Span;
  /** annotation: `__percpu`, `__aligned(8)` · directive · type: a type as a macro argument, or a typeof · loop: the
   *  name of a loop macro · header: a macro-made function header · range: the rest of a `case a ... b` ·
   *  string: a macro before another before a string. */
  readonly what: 'annotation' | 'directive' | 'type' | 'loop' | 'header' | 'range' | 'string';
  /** What stands there instead, at most as long as the span; the rest is blank. */
  readonly instead: string;
}

export interface Masked {
  /** As long as the segment, with its newlines. */
  readonly text: string;
  readonly masks: readonly Mask[];
  /** Those that made a loop macro a `while`, by where they start. */
  readonly loops: ReadonlyMap<number, Mask>;
  readonly brackets: Brackets;
}

export type MaskableSegment = Pick<Segment, 'kind' | 'first' | 'last' | 'body' | 'span'>;

export interface MaskContext {
  readonly tokens: Tokens;
  readonly segment: MaskableSegment;
  readonly brackets: Brackets;
  readonly masks: Mask[];
}

/** Replaces tokens `first` to `last` by blanks; answers `last`. */
export function blank(context: MaskContext, first: number, last: number, what: Mask['what'], instead = ''): number {
  context.masks.push({ span: { start: startAt(context.tokens, first), end: endAt(context.tokens, last) }, what, instead });
  return last;
}
