import type { SiteFact } from '../../facts/fileFacts';
import type { AskedTexts } from '../../resolve/askedTexts';
import type { CallsFrom } from '../../resolve/callGraph';
import { isMakerName } from '../../resolve/reachMarks';
import type { IndexedFacts } from '../factsMessages';

/** What an edit changed of what leads to sites. */
export interface ChangedLinks {
  /** Names of what more or less is called than was. */
  readonly called: ReadonlySet<string>;
  /** Functions of the file that have other sites. */
  readonly withSites: ReadonlySet<string>;
}

/**
 * What differs in one file, where only calls and sites do; null where more does: what is handed over or registered, what is
 * defined under a name that was asked for, what makes objects, what creations are followed into. `defined`: what edited files define now.
 */
export function changedLinks(file: string, before: IndexedFacts, now: IndexedFacts, asked: AskedTexts, defined: ReadonlySet<string>): ChangedLinks | null {
  if (JSON.stringify(besideCalls(before, asked)) !== JSON.stringify(besideCalls(now, asked))) return null;
  const followed = new Set((asked.functions.get(file) ?? []).flatMap((one) => ('member' in one ? [one.name] : [])));
  const mayFollow = (name: string): boolean => asked.followable.has(name) || defined.has(name);
  const [was, is] = [calleesByCaller(before.calls), calleesByCaller(now.calls)];
  const called = new Set<string>();
  const differingIn = new Map<string, ReadonlySet<string>>();
  for (const caller of new Set([...was.keys(), ...is.keys()])) {
    const [one, other] = [was.get(caller) ?? new Set<string>(), is.get(caller) ?? new Set<string>()];
    const differing = [...one].filter((name) => !other.has(name)).concat([...other].filter((name) => !one.has(name)));
    if (differing.some((name) => isMakerName(name) || (followed.has(caller) && mayFollow(name)))) return null;
    for (const name of differing) if (asked.called.has(name)) called.add(name);
    differingIn.set(caller, new Set(differing));
  }
  // Of chains equally long the first is shown.
  const inOrder = (calls: readonly CallsFrom[]): string =>
    JSON.stringify(calls.map(({ caller, callees }) => [caller, callees.filter((name) => (asked.called.has(name) || isMakerName(name)) && differingIn.get(caller ?? '')?.has(name) !== true)]).filter(([, callees]) => callees?.length !== 0));
  if (inOrder(before.calls) !== inOrder(now.calls)) return null;
  return { called, withSites: functionsWithOtherSites(before.sites, now.sites) };
}

/** Names of functions and macros that files define. */
export function definedIn(files: readonly string[], facts: ReadonlyMap<string, IndexedFacts>): ReadonlySet<string> {
  return new Set(files.flatMap((file) => [...(facts.get(file)?.functions ?? []), ...(facts.get(file)?.macros ?? [])]).map(({ name }) => name));
}

/** All that is no call and no site. */
function besideCalls({ functions, mentions, tables, registrations, macros }: IndexedFacts, { names }: AskedTexts): readonly unknown[] {
  const handing = new Set(mentions.map(({ caller }) => caller));
  return [
    functions.filter(({ name }) => names.has(name) || handing.has(name)).map(({ name, isStatic, annotations }) => [name, isStatic, annotations]),
    mentions.map(({ name, caller, callee, beside }) => [name, caller, callee, beside]),
    tables.map(({ type, name, fields }) => [type, name, fields]),
    registrations.map(({ macro, argument }) => [macro, argument]),
    macros.filter(({ name }) => names.has(name)),
  ];
}

function calleesByCaller(calls: readonly CallsFrom[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byCaller = new Map<string, Set<string>>();
  for (const { caller, callees } of calls) {
    if (caller === null) continue;
    const known = byCaller.get(caller) ?? new Set<string>();
    for (const callee of callees) known.add(callee);
    byCaller.set(caller, known);
  }
  return byCaller;
}

function functionsWithOtherSites(before: readonly SiteFact[], now: readonly SiteFact[]): ReadonlySet<string> {
  const [was, is] = [before, now].map(byFunction);
  return new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])].filter((name) => was?.get(name) !== is?.get(name)));
}

/** What the sites of each function say, without places. */
function byFunction(sites: readonly SiteFact[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const { api, family, kind, function: name, inMacro, arguments: given, assignedTo, loop, condition } of sites) {
    if (name !== null) said.set(name, `${said.get(name) ?? ''}${JSON.stringify([api, family, kind, inMacro, given, assignedTo, loop, condition])}`);
  }
  return said;
}
