import { closingBracket, type Token, textOf } from './cTokens';
import type { TypeExpression } from './fileFacts';

/** An array declared without a length has that of its initialiser. */
export function completed(type: TypeExpression, value: readonly Token[]): TypeExpression {
  if (type.kind !== 'array' || type.length !== null) return type;
  if (value[0]?.text === '{') return { ...type, length: elementCount(value.slice(1, closingBracket(value, 0))) };
  return value.every((token) => token.kind === 'string') ? { ...type, length: `sizeof ( ${textOf(value)} )` } : type;
}

/** `{ a, [5] = b, c }` as the expression that counts it: the index of each designated element, -1 for the others. */
function elementCount(tokens: readonly Token[]): string {
  const elements: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const close = tokens[at]?.text === '[' ? closingBracket(tokens, at) : undefined;
    const index = close === undefined ? [] : tokens.slice(at + 1, close);
    const dots = index.findIndex((token) => token.text === '...');
    elements.push(index.length === 0 ? '-1' : textOf(index.slice(dots + 1)));
    while (at < tokens.length && tokens[at]?.text !== ',') at = '([{'.includes(tokens[at]?.text ?? ' ') ? closingBracket(tokens, at) + 1 : at + 1;
  }
  return `${initializerLength} ( ${elements.join(' , ')} )`;
}

/** Names the count of an initialiser's elements in a length; no name that C code can have. */
export const initializerLength = '$initializer_length';
