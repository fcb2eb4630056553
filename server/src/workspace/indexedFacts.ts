import type { CallFact, FileFacts } from '../facts/fileFacts';
import type { IndexedFacts } from './factsMessages';

/** What the index keeps of a file's facts: each caller and callee once, macros by name, no type definitions. */
export function indexedFacts(facts: FileFacts): IndexedFacts {
  return {
    functions: facts.functions,
    sites: facts.sites,
    calls: distinctCalls(facts.calls),
    tables: facts.tables,
    registrations: facts.registrations,
    macros: facts.macros.map(({ name }) => ({ name })),
    problems: facts.problems,
  };
}

function distinctCalls(calls: readonly CallFact[]): readonly CallFact[] {
  const seen = new Set<string>();
  return calls.filter(({ caller, callee }) => {
    const edge = `${caller ?? ''}\0${callee}`;
    return seen.size < seen.add(edge).size;
  });
}
