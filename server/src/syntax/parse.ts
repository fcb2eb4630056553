/**
 * How to read C here:
 *
 *   const file = scan(text);                              // tokens, top-level segments, conditions: one lexical pass
 *   for (const segment of file.segments) …                // kind: function, record, declaration, define, …
 *   const tree = parseSegment(file, segment);             // masked, parsed; undefined if too large to parse
 *   tree.root                                             // plain nodes, offsets of the file (syntaxNode.ts)
 *   text.slice(node.start, node.end)                      // always the original text: a node's own may be masked
 *   tree.masked.masks                                     // what was masked: `__aligned(8)`, a typeof, directives …
 *   conditionAt(file, offset)                             // the `#if`s around a place, e.g. a member of a record
 *
 * A segment's facts must depend on its text and its `conditions` alone, so that an edit elsewhere keeps them.
 */
import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import { maskPiece, maskSegment } from './mask';
import type { Masked } from './maskContext';
import type { Scan, Segment } from './segment';
import { plainTree, type SyntaxNode } from './syntaxNode';
import type { Tokens } from './tokens';
import type { Span } from '../util/text';

/** The syntax tree of one segment; offsets are those of the file, node texts are to be taken from the file's text. */
export interface SegmentTree {
  readonly masked: Masked;
  readonly root: SyntaxNode;
}

/** Segments beyond it are tables of data or hostile: their facts come from tokens alone. */
export const longestParsed = 1 << 17;
const deepestParsed = 500;

let shared: Parser | undefined;

function parser(): Parser {
  if (shared === undefined) {
    shared = new Parser();
    shared.setLanguage(C as unknown as Parser.Language);
  }
  return shared;
}

/**
 * Parses one segment; undefined where it is too long or nested too deeply to be parsed in bounded time. With
 * `places` the tree has what is around these offsets (ascending) only.
 */
export function parseSegment(scan: Scan, segment: Segment, places?: readonly number[]): SegmentTree | undefined {
  const { start, end } = segment.span;
  if (end - start > longestParsed) return undefined;
  const masked = maskSegment(scan.tokens, segment);
  if (masked.brackets.deepest > deepestParsed) return undefined;
  return { masked, root: parseText(masked.text, start, places) };
}

const before = 'void f(){';

/** Parses the body of a macro as that of a function; undefined as for a segment. `tokens` are those of the body. */
export function parsePiece(tokens: Tokens, span: Span, places?: readonly number[]): SegmentTree | undefined {
  if (span.end - span.start > longestParsed) return undefined;
  const masked = maskPiece(tokens, span);
  if (masked.brackets.deepest > deepestParsed) return undefined;
  return { masked, root: parseText(`${before}${masked.text};}`, span.start - before.length, places) };
}

/** Parses any C text; `base` is added to all offsets. */
export function parseText(text: string, base = 0, places?: readonly number[]): SyntaxNode {
  return plainTree(parser().parse(text), base, places);
}
