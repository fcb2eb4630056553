import type { CallFact, FileFacts } from '../facts/fileFacts';
import type { Span } from '../util/text';
import type { IndexedFacts } from './factsMessages';

/**
 * What the index keeps of a file's facts: each caller and callee once, macros by name, no type definitions, and no
 * calls that only unwind after a failure: they are no part of what an event normally does.
 */
export function indexedFacts(facts: FileFacts): IndexedFacts {
  return {
    functions: facts.functions,
    sites: facts.sites,
    calls: distinctCalls(normalCalls(facts.calls, facts.unwinding)),
    mentions: facts.mentions,
    tables: facts.tables,
    registrations: facts.registrations,
    macros: facts.macros.map(({ name, parameters }) => ({ name, parameters })),
    problems: facts.problems,
  };
}

/** What is kept of a file that only calls what the index holds: nothing but what links functions. */
export function linkFacts(facts: FileFacts): IndexedFacts {
  const linked = indexedFacts(facts);
  return { ...linked, functions: linked.functions.map((fact) => ({ ...fact, parameters: [] })), sites: [], problems: [] };
}

function distinctCalls(calls: readonly CallFact[]): readonly CallFact[] {
  const seen = new Set<string>();
  return calls.filter(({ caller, callee }) => {
    const edge = `${caller ?? ''}\0${callee}`;
    return seen.size < seen.add(edge).size;
  });
}

function normalCalls(calls: readonly CallFact[], unwinding: readonly Span[]): readonly CallFact[] {
  return calls.filter(({ offset }) => !isWithin(offset, unwinding));
}

/** `spans` do not overlap and come in the order of the text. */
function isWithin(offset: number, spans: readonly Span[]): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span !== undefined && span.start <= offset;
}
