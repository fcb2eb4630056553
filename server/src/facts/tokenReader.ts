import { closingBracket, type Token } from './cTokens';
import type { Condition } from './fileFacts';

/** Tokens with a reading position; conditions, where present, run parallel to the tokens. */
export interface TokenReader {
  readonly tokens: readonly Token[];
  readonly conditions: readonly Condition[] | undefined;
  /** `#pragma pack` in force. */
  readonly pack: number | null;
  /** Macros are expanded: a word that no macro removed means that its definition is missing. */
  readonly expanded: boolean;
  /** Brackets around. */
  readonly depth: number;
  at: number;
}

/** A reader of text as written. */
export function readerOf(tokens: readonly Token[], conditions?: readonly Condition[]): TokenReader {
  return { tokens, conditions, pack: null, expanded: false, depth: 0, at: 0 };
}

/** A reader of tokens whose macros are expanded, with the `#pragma pack` in force. */
export function expandedReaderOf(tokens: readonly Token[], pack: number | null): TokenReader {
  return { tokens, conditions: undefined, pack, expanded: true, depth: 0, at: 0 };
}

export function peek(reader: TokenReader, ahead = 0): string {
  return reader.tokens[reader.at + ahead]?.text ?? '';
}

/** Code that people write nests no deeper; a RangeError as for a stack that overflows. */
const deepestNesting = 200;

export function deeper({ depth }: TokenReader): number {
  if (depth >= deepestNesting) throw new RangeError('nested too deeply');
  return depth + 1;
}

export function peekKind(reader: TokenReader, ahead = 0): Token['kind'] | undefined {
  return reader.tokens[reader.at + ahead]?.kind;
}

/** Reads `(…)`, `[…]` or `{…}` and gives what is inside. */
export function bracketed(reader: TokenReader): readonly Token[] {
  const close = closingBracket(reader.tokens, reader.at);
  const inside = reader.tokens.slice(reader.at + 1, close);
  reader.at = close + 1;
  return inside;
}

/** Passes over one token, or over brackets with what is in them. */
export function skipOne(reader: TokenReader): void {
  if (peek(reader) === '(' || peek(reader) === '[' || peek(reader) === '{') bracketed(reader);
  else reader.at += 1;
}
