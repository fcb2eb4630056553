import type { CallFact, FileFacts, FunctionFact } from '../facts/fileFacts';
import type { CallsFrom, LinkFunction } from '../resolve/callGraph';
import { type RuleFacts, ruleFactsOf } from '../resolve/ruleFacts';
import type { Span } from '../util/text';
import type { IndexedFacts } from './factsMessages';

/**
 * What the index keeps of a file's facts: each caller and callee once, macros by name, of places those of sites and
 * functions alone, and no calls that only unwind after a failure: they are no part of what an event normally does.
 */
export function indexedFacts(facts: FileFacts): IndexedFacts {
  const withSites = new Set(facts.sites.map((site) => site.function));
  return {
    functions: facts.functions.map((fact) => linkFunction(fact, withSites.has(fact.name))),
    sites: facts.sites,
    calls: distinctCalls(normalCalls(facts.calls, facts.unwinding)),
    mentions: facts.mentions.map(({ name, caller, callee, beside }) => ({ name, caller, callee, beside })),
    tables: facts.tables.map(({ type, name, fields }) => ({ type, name, fields })),
    registrations: facts.registrations.map(({ macro, argument }) => ({ macro, argument })),
    objectMemory: facts.objectMemory,
    flows: facts.flows,
    macros: facts.macros.map(({ name, parameters }) => ({ name, parameters })),
    problems: facts.problems.map(({ reason }) => ({ reason })),
    said: facts.said,
  };
}

/** What rules need of the files that have sites. */
export function ruleFactsOfTree(facts: ReadonlyMap<string, IndexedFacts>, files: readonly string[]): ReadonlyMap<string, RuleFacts> {
  return new Map(files.flatMap((file) => {
    const own = facts.get(file);
    return own === undefined ? [] : [[file, ruleFactsOf(own)] as const];
  }));
}

/** What is kept of a file that only calls what the index holds: nothing but what links functions. */
export function linkFacts(facts: FileFacts): IndexedFacts {
  const linked = indexedFacts({ ...facts, sites: [] });
  return { ...linked, objectMemory: [], problems: [] };
}

/** Parameters decide what a wrapper passes on, so only those of functions with a site are asked for. */
function linkFunction({ name, isStatic, annotations, parameters, span, condition }: FunctionFact, hasSites: boolean): LinkFunction {
  return { name, isStatic, annotations, parameters: hasSites ? parameters.map((parameter) => parameter.name ?? '') : [], condition, start: span.start, end: span.end };
}

/** Each edge once; calls of one caller, which follow each other, together. */
function distinctCalls(calls: readonly CallFact[]): readonly CallsFrom[] {
  const byCaller = new Map<string | null, Set<string>>();
  const groups: { readonly caller: string | null; readonly callees: string[] }[] = [];
  for (const { caller, callee } of calls) {
    const known = byCaller.get(caller) ?? new Set<string>();
    byCaller.set(caller, known);
    if (known.has(callee)) continue;
    known.add(callee);
    const last = groups.at(-1);
    if (last !== undefined && last.caller === caller) last.callees.push(callee);
    else groups.push({ caller, callees: [callee] });
  }
  return groups;
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
