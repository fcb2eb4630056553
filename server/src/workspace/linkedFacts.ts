import type { IndexedFacts } from './factsMessages';

/** Keeps one copy of each name: what comes from other processes has its own copy of `kfree` for every file. */
export type Interning = (facts: IndexedFacts) => IndexedFacts;

const none: readonly string[] = [];

/** Most lists are empty: one stands for all of them. */
function shared(list: readonly string[]): readonly string[] {
  return list.length === 0 ? none : list;
}

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
    functions: facts.functions.map((fact) => ({
      ...fact,
      name: one(fact.name),
      annotations: shared(fact.annotations),
      parameters: shared(fact.parameters),
      condition: fact.condition === null ? null : one(fact.condition),
    })),
    calls: facts.calls.map(({ caller, callees }) => ({ caller: caller === null ? null : one(caller), callees: callees.map(one) })),
    macros: facts.macros.map(({ name, parameters }) => ({ name: one(name), parameters })),
  });
}

/** True where the edited facts link as before, so that nothing in other files is to be resolved anew. */
export function linksAlike(before: IndexedFacts, after: IndexedFacts): boolean {
  return linkKey(before) === linkKey(after);
}

/** With the lines of sites: they are named where other sites are counted there. */
function linkKey(facts: IndexedFacts): string {
  const sites = facts.sites.map(({ api, kind, function: name, line, arguments: given, assignedTo }) => [api, kind, name, line, given, assignedTo]);
  return JSON.stringify([linkedParts(facts), sites]);
}

/** All that linking takes from a file beside its sites, without offsets. */
export function linkedParts({ functions, calls, mentions, tables, registrations, macros }: IndexedFacts): readonly unknown[] {
  return [
    functions.map(({ name, isStatic, annotations, parameters }) => [name, isStatic, annotations, parameters]),
    calls.map(({ caller, callees }) => [caller, callees]),
    mentions.map(({ name, caller, callee, beside }) => [name, caller, callee, beside]),
    tables.map(({ type, name, fields }) => [type, name, fields]),
    registrations.map(({ macro, argument }) => [macro, argument]),
    macros,
  ];
}
