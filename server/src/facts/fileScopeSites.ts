import { pairBrackets, partnerOf, type Brackets } from '../syntax/brackets';
import { Code as Character } from '../syntax/characters';
import { isIdentifier, kindAt, previousToken, wordAt } from '../syntax/tokenAccess';
import { statementWords } from '../syntax/words';
import type { PlacedSite } from './segmentFacts';
import { siteOf, type Candidate, type Code } from './siteFacts';

/**
 * The candidates outside any function body that are calls. `DEFINE_PER_CPU(…)` always is; of the others a
 * prototype names them after a type, while inside an initialiser or a macro's arguments they are called.
 */
export function fileScopeSites(code: Code, candidates: readonly Candidate[]): PlacedSite[] {
  const brackets = pairBrackets(code.tokens, code.first, code.last);
  const nested = nesting(code, brackets);
  return candidates
    .filter(({ mention, api }) => api.family === 'static' || isCalled(code, nested, mention.at))
    .map(({ mention, api }) => siteOf(code, brackets, mention, api, undefined));
}

function isCalled({ tokens, first }: Code, nested: Uint8Array, at: number): boolean {
  const before = previousToken(tokens, at, first);
  if (isIdentifier(tokens, before)) return statementWords.has(wordAt(tokens, before));
  // `a * f(b)` can stand in brackets and after `=` only; elsewhere the star belongs to a return type.
  return kindAt(tokens, before) !== Character.star || nested[at - first] === 1;
}

/** For each token of the segment 1 where it is in brackets or after a `=`. */
function nesting({ tokens, first, last }: Code, brackets: Brackets): Uint8Array {
  const nested = new Uint8Array(Math.max(0, last - first));
  let until = -1;
  for (let at = first; at < last; at++) {
    if (kindAt(tokens, at) === Character.equals) until = last;
    nested[at - first] = at < until ? 1 : 0;
    until = Math.max(until, partnerOf(brackets, at));
  }
  return nested;
}
