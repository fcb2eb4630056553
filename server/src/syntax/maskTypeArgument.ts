import { isAnnotationWord } from './annotations';
import { partnerOf } from './brackets';
import { Code } from './characters';
import { blank, type MaskContext } from './maskContext';
import { endAt, kindAt, startAt, wordAt } from './tokenAccess';
import { TokenKind } from './tokens';
import { qualifiers, tagKeywords, typeKeywords } from './words';

/** `alloc_percpu(struct x *)`, `va_arg(p, unsigned long)`: an argument that is a type keeps one word of it, as a name. */
export function maskTypeArguments(context: MaskContext, open: number, close: number): void {
  let from = open + 1;
  while (from < close) {
    const to = argumentEnd(context, from, close);
    if (isType(context, from, to)) maskType(context, from, to);
    from = to + 1;
  }
}

/** The comma or parenthesis that ends the argument starting at `from`. */
function argumentEnd({ tokens, brackets }: MaskContext, from: number, close: number): number {
  let at = from;
  while (at < close && kindAt(tokens, at) !== Code.comma) at = Math.max(at, partnerOf(brackets, at)) + 1;
  return Math.min(at, close);
}

/** True where the tokens can only be a type: words of which one is a type keyword or the last is a `*`, then `[…]`. */
function isType({ tokens, brackets }: MaskContext, from: number, to: number): boolean {
  let typed = false;
  let names = 0;
  let at = from;
  for (; at < to && kindAt(tokens, at) === TokenKind.identifier; at++) {
    const word = wordAt(tokens, at);
    if (tagKeywords.has(word) || typeKeywords.has(word) || qualifiers.has(word)) typed = true;
    else if (!isAnnotationWord(word)) names++;
  }
  const words = at > from;
  for (; at < to && (kindAt(tokens, at) === Code.star || isPointerWord(wordAt(tokens, at))); at++) typed = true;
  while (at < to && kindAt(tokens, at) === Code.openSquare) at = Math.max(at, partnerOf(brackets, at)) + 1;
  return words && typed && names <= 1 && at === to;
}

function isPointerWord(word: string): boolean {
  return word !== '' && (qualifiers.has(word) || isAnnotationWord(word));
}

function maskType(context: MaskContext, from: number, to: number): void {
  const { tokens } = context;
  let named = hasName(context, from, to);
  for (let at = from; at < to && kindAt(tokens, at) !== Code.openSquare; at++) {
    const word = wordAt(tokens, at);
    const removable = word === '' || tagKeywords.has(word) || qualifiers.has(word) || isAnnotationWord(word);
    if (removable) blank(context, at, at, 'type');
    else if (typeKeywords.has(word)) {
      // `unsigned long` keeps underscores in the place of its first word: a name, and no keyword any more.
      blank(context, at, at, 'type', named ? '' : '_'.repeat(endAt(tokens, at) - startAt(tokens, at)));
      named = true;
    }
  }
}

function hasName({ tokens }: MaskContext, from: number, to: number): boolean {
  for (let at = from; at < to && kindAt(tokens, at) === TokenKind.identifier; at++) {
    const word = wordAt(tokens, at);
    if (!tagKeywords.has(word) && !typeKeywords.has(word) && !qualifiers.has(word) && !isAnnotationWord(word)) return true;
  }
  return false;
}
