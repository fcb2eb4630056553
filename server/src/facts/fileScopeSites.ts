import { pairBrackets, partnerOf, type Brackets } from '../syntax/brackets';
import { Code as Character } from '../syntax/characters';
import { isIdentifier, kindAt, previousToken, wordAt } from '../syntax/tokenAccess';
import type { Tokens } from '../syntax/tokens';
import { statementWords } from '../syntax/words';
import type { PlacedSite } from './segmentFacts';
import { siteOf, type Candidate, type Code } from './siteFacts';

/**
 * The candidates outside any function body that are calls. `DEFINE_PER_CPU(…)` always is; of the others a
 * prototype names them after a type, while inside an initialiser or a macro's arguments they are called.
 */
export function fileScopeSites(code: Code, candidates: readonly Candidate[]): PlacedSite[] {
  const brackets = pairBrackets(code.tokens, code.first, code.last);
  return candidates
    .filter(({ mention, api }) => api.family === 'static' || isCalled(code, brackets, mention.at))
    .map(({ mention, api }) => siteOf(code, brackets, mention, api, undefined));
}

function isCalled({ tokens, first }: Code, brackets: Brackets, at: number): boolean {
  const before = previousToken(tokens, at, first);
  if (isIdentifier(tokens, before)) return statementWords.has(wordAt(tokens, before));
  if (kindAt(tokens, before) !== Character.star) return true;
  // `a * f(b)` can stand in brackets and after `=` only; elsewhere the star belongs to a return type.
  return isNested(tokens, brackets, first, at);
}

function isNested(tokens: Tokens, brackets: Brackets, first: number, at: number): boolean {
  for (let token = first; token < at; token++) {
    if (kindAt(tokens, token) === Character.equals) return true;
    const partner = partnerOf(brackets, token);
    if (partner > at) return true;
    if (partner > token) token = partner;
  }
  return false;
}
