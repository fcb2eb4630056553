import { createHash } from 'node:crypto';
import type { AskedTexts } from '../../resolve/askedTexts';
import { isMakerName } from '../../resolve/reachMarks';
import type { CallsFrom } from '../../resolve/callGraph';
import type { IndexedFacts } from '../factsMessages';

/**
 * Digest of all that linking takes from a file and of what its sites say, without places: equal for two texts of a
 * file, whatever leads to a site and belongs to an object is the same, but for the lines that it is said of. Functions that
 * nothing was looked for by are left out, and calls of those whose callers were not: they lead nowhere. `defined`: what edited
 * files define now.
 */
export function linkSignature(file: string, facts: IndexedFacts, asked: AskedTexts, defined: ReadonlySet<string> = new Set()): string {
  const sites = facts.sites.map(({ api, family, kind, function: name, inMacro, arguments: given, assignedTo, loop, condition }) =>
    [api, family, kind, name, inMacro, given, assignedTo, loop, condition]);
  return createHash('sha1').update(JSON.stringify([linkingParts(file, facts, asked, defined), sites])).digest('base64');
}

function linkingParts(file: string, { sites, functions, calls, mentions, tables, registrations, macros, objectMemory }: IndexedFacts, { names, called, followable, functions: askedFunctions }: AskedTexts, defined: ReadonlySet<string>): readonly unknown[] {
  const own = new Set([...sites.flatMap((site) => site.function ?? []), ...mentions.map(({ caller }) => caller)]);
  // Where an object's memory is from is looked for among the file's own functions.
  const near = new Set(objectMemory.length === 0 ? [] : functions.map(({ name }) => name));
  // What creates a variant of an object is followed into what it calls in its folder.
  const followed = new Set((askedFunctions.get(file) ?? []).flatMap((one) => ('member' in one ? [one.name] : [])));
  const isAsked = (name: string): boolean => called.has(name) || near.has(name) || isMakerName(name);
  return [
    functions.filter(({ name }) => names.has(name) || own.has(name) || near.has(name)).map(({ name, isStatic, annotations, parameters }) => [name, isStatic, annotations, parameters]),
    calls.flatMap((from) => callsThatLead(from, from.caller !== null && followed.has(from.caller) ? (name) => isAsked(name) || followable.has(name) || defined.has(name) : isAsked)),
    mentions.map(({ name, caller, callee, beside }) => [name, caller, callee, beside]),
    tables.map(({ type, name, fields }) => [type, name, fields]),
    registrations.map(({ macro, argument }) => [macro, argument]),
    macros.filter(({ name }) => names.has(name)),
  ];
}

function callsThatLead({ caller, callees }: CallsFrom, leads: (name: string) => boolean): readonly unknown[] {
  const kept = callees.filter(leads);
  return kept.length === 0 ? [] : [[caller, kept]];
}
