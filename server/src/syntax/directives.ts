import { Code } from './characters';

/** What a preprocessor directive is: its word (`if`, `define`, …) and where its operand starts. */
export interface Directive {
  readonly word: string;
  readonly operand: number;
}

const pattern = /#(?:[ \t]|\/\*[^]*?\*\/|\\\r?\n)*([A-Za-z_]*)[ \t]*/y;

/** Reads the directive whose `#` is at `start`. */
export function readDirective(text: string, start: number): Directive {
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  return match === null ? { word: '', operand: start + 1 } : { word: match[1] ?? '', operand: pattern.lastIndex };
}

/** Text with comments, line continuations and runs of white space folded to single spaces; literals are kept. */
export function foldText(text: string): string {
  if (!needsFolding.test(text)) return text.trim();
  return text
    .replace(foldable, (piece) => (piece.charCodeAt(0) === Code.doubleQuote || piece.charCodeAt(0) === Code.singleQuote ? piece : ' '))
    .trim();
}

const needsFolding = /[\n\r\t\f\v\\]| {2}|\/[*/]/;
const foldable = /"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|(?:\s|\\\r?\n|\/\*[^]*?(?:\*\/|$)|\/\/(?:\\\r?\n|[^\n])*)+/g;
