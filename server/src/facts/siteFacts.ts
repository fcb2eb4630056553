import type { Api } from '../kernel/api';
import { pairBrackets, type Brackets } from '../syntax/brackets';
import type { SegmentTree } from '../syntax/parse';
import { endAt, startAt } from '../syntax/tokenAccess';
import type { Tokens } from '../syntax/tokens';
import { verdictOf, type Mention } from './callTokens';
import type { Condition, SiteFact } from './fileFacts';
import type { PlacedSite } from './segmentFacts';
import { argumentsOf, closeOf } from './siteArguments';
import { treeContext, type TreeContext } from './siteContext';
import { assignedByTokens, loopsByTokens, type LoopAt } from './tokenContext';

/** A stretch of code that sites are looked for in: the body of a function or of a macro, or a file-scope segment. */
export interface Code {
  readonly tokens: Tokens;
  readonly first: number;
  readonly last: number;
  /** Where its segment starts in the file. */
  readonly base: number;
  readonly function: string | null;
  readonly inMacro: boolean;
  readonly conditionAt: (offset: number) => Condition;
}

export interface Candidate {
  readonly mention: Mention;
  readonly api: Api;
}

/** More sites in one body than anybody writes: for them the neighbouring tokens must do. */
const mostByTree = 1_000;

/**
 * The candidates in a function or macro body that are calls. The tree decides where tokens alone cannot, and says
 * what surrounds each call; where it is broken or there is none (too large a body), the neighbouring tokens do.
 */
export function bodySites(
  code: Code, candidates: readonly Candidate[], parse: (places: readonly number[]) => SegmentTree | undefined,
): PlacedSite[] {
  const places = candidates.map(({ mention }) => startAt(code.tokens, mention.at));
  const tree = candidates.length > mostByTree ? undefined : parse(places);
  const brackets = tree?.masked.brackets ?? pairBrackets(code.tokens, code.first, code.last);
  let loopAt: LoopAt | undefined;
  return candidates.flatMap(({ mention, api }) => {
    const context = tree === undefined ? undefined : treeContext(tree, code.tokens.text, startAt(code.tokens, mention.at));
    if (!isCall(code, mention, api, context)) return [];
    if (context?.verdict === 'call' && !context.broken) return [siteOf(code, brackets, mention, api, context)];
    loopAt ??= loopsByTokens(code.tokens, brackets);
    const surroundings = {
      assignedTo: context?.assignedTo ?? assignedByTokens(code.tokens, brackets, mention.at, brackets.first),
      loop: context?.loop ?? loopAt(mention.at),
    };
    return [siteOf(code, brackets, mention, api, surroundings)];
  });
}

function isCall(code: Code, mention: Mention, api: Api, context: TreeContext | undefined): boolean {
  // Nothing is declared by the name of a defining macro.
  if (api.family === 'static') return true;
  const verdict = verdictOf(code.tokens, mention.at, code.first);
  return verdict === 'unclear' ? context?.verdict !== 'none' : verdict === 'call';
}

type Surroundings = Pick<SiteFact, 'assignedTo' | 'loop'>;

/** The site at a mention that is known to be a call. */
export function siteOf(code: Code, brackets: Brackets, mention: Mention, api: Api, around: Surroundings | undefined): PlacedSite {
  const { tokens, base } = code;
  const start = startAt(tokens, mention.at);
  const close = closeOf(tokens, brackets, mention.at + 1, code.last);
  return {
    api: api.name,
    family: api.family,
    kind: api.kind,
    span: { start: start - base, end: endAt(tokens, Math.min(close, code.last - 1)) - base },
    nameSpan: { start: start - base, end: endAt(tokens, mention.at) - base },
    function: code.function,
    inMacro: code.inMacro,
    arguments: argumentsOf(tokens, brackets, mention.at + 1, code.last),
    assignedTo: around?.assignedTo ?? null,
    loop: around?.loop ?? null,
    condition: code.conditionAt(start),
  };
}
