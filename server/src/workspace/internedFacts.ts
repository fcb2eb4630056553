import type { IndexedFacts } from './factsMessages';

/** Keeps one copy of each name: what comes from other processes has its own copy of `kfree` for every file. */
export type Interning = (facts: IndexedFacts) => IndexedFacts;

export function interning(): Interning {
  const known = new Map<string, string>();
  const one = (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    known.set(text, text);
    return text;
  };
  return (facts) => ({
    ...facts,
    calls: facts.calls.map(({ callee, caller, offset }) => ({ callee: one(callee), caller: caller === null ? null : one(caller), offset })),
    macros: facts.macros.map(({ name, parameters }) => ({ name: one(name), parameters })),
  });
}
