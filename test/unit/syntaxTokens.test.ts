import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, readDirective } from '../../server/src/syntax/directives';
import { TokenKind, tokenize, type Tokens } from '../../server/src/syntax/tokens';
import { pieceOfC } from './cPieces';

function words(tokens: Tokens): string[] {
  return Array.from({ length: tokens.count }, (_, at) => tokens.text.slice(tokens.starts[at], tokens.ends[at]));
}

const spanOfToken = (tokens: Tokens, at: number): [number, number] => [tokens.starts[at] ?? 0, tokens.ends[at] ?? 0];

describe('the lexical pass', () => {
  it('drops white space, comments and line continuations', () => {
    expect(words(tokenize('a /* b\n c */ + // d \\\n e\n\\\n"f//" \'"\' 1.5e3'))).toEqual(['a', '+', '"f//"', "'\"'", '1.5e3']);
  });

  it('keeps a directive as one token with its continuation lines and comments', () => {
    const tokens = tokenize('x\n  # define A(b) \\\n  b /* c\n d */ e\ny # z');
    expect(words(tokens)).toEqual(['x', '# define A(b) \\\n  b /* c\n d */ e', 'y', '#', 'z']);
    expect(tokens.kinds[1]).toBe(TokenKind.directive);
  });

  it('ends an unterminated literal with its line and notes an unterminated comment', () => {
    expect(words(tokenize('a "b c\nd \'e\nf'))).toEqual(['a', '"b c', 'd', "'e", 'f']);
    expect(tokenize('a /* b').openComment).toBe(2);
    expect(tokenize('a /*/').openComment).toBe(2);
    expect(tokenize('a /**/').openComment).toBe(-1);
  });

  it('reads a stretch of the text alone, where # is punctuation', () => {
    expect(words(tokenize('#define A b ## c\nd', 10, 16, false))).toEqual(['b', '#', '#', 'c']);
  });

  it('covers any text: tokens are in order, apart, and between them is nothing but white space and comments', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieceOfC, fc.string()), { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const tokens = tokenize(text);
        let end = 0;
        for (let at = 0; at < tokens.count; at++) {
          const [start, next] = spanOfToken(tokens, at);
          expect(start).toBeGreaterThanOrEqual(end);
          expect(next).toBeGreaterThan(start);
          expect(foldText(text.slice(end, start))).toMatch(/^[^\S\n\r]*$|^[\0-\x20\x7f\ufeff\\]*$/);
          end = next;
        }
      }),
    );
  });
});

describe('folding', () => {
  it('turns white space, comments and continuations into single spaces and leaves literals alone', () => {
    expect(foldText(' a\t/* x */ \\\n b  "c  /* d */"\n// e\n f ')).toBe('a b "c  /* d */" f');
  });

  it('changes nothing the second time, where every literal is closed on its line', () => {
    const closed = pieceOfC.filter((piece) => piece !== '"' && piece !== "'" && piece !== '\\');
    fc.assert(fc.property(fc.array(closed, { maxLength: 30 }), (pieces) => {
      const once = foldText(pieces.join(''));
      expect(foldText(once)).toBe(once);
    }));
  });
});

describe('a directive', () => {
  it('is its word and its operand', () => {
    const text = '#  /* a */ ifdef \\\n B';
    const directive = readDirective(text, 0);
    expect([directive.word, text.slice(directive.operand)]).toEqual(['ifdef', 'B']);
    expect(readDirective('#', 0)).toEqual({ word: '', operand: 1 });
  });
});
