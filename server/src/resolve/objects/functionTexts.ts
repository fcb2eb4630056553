import { createHash } from 'node:crypto';
import { copiedPart } from '../../facts/cTokens';
import { callContexts, type CallContext } from '../../facts/callContexts';
import type { Condition, SiteFact } from '../../facts/fileFacts';
import type { FunctionPlace } from '../../facts/functionPlaces';
import type { EarlierAnswers } from '../askedTexts';
import type { Definition, LinkFunction } from '../callGraph';
import type { ObjectSource } from './objectSource';

/** What the text of a function says, read when it is asked for: few of a tree's functions lie on the way to an object. */
export interface FunctionTexts {
  /** Where its calls of some names stand; none for a macro, and where the text is not at hand. */
  readonly contextsOf: (definition: Definition, callees: readonly string[]) => readonly CallContext[];
  readonly conditionOf: (definition: Definition) => Condition;
  /** Names that are put into a member through a pointer: `tstats` of `->pcpu_stats = tstats;`. */
  readonly assignedTo: (member: string, definition: Definition) => readonly string[];
  /** Where the function is in its file; null where that is not known. */
  readonly placeOf: (definition: Definition) => Pick<FunctionPlace, 'start' | 'end'> | null;
  /** By file: what was asked of its functions, with the answers. */
  readonly asked: () => ReadonlyMap<string, readonly AskedFunction[]>;
}

/** What was asked of a function: its calls of some names with what is around them, or what it puts into a member. */
export type AskedFunction = AskedContexts | AskedAssignments;

interface AskedContexts {
  readonly name: string;
  readonly ordinal: number;
  readonly callees: readonly string[];
  readonly contexts: readonly CallContext[];
  /** Of the contexts without offsets, and of the function's condition. */
  readonly digest: string;
}

interface AskedAssignments {
  readonly name: string;
  readonly ordinal: number;
  readonly member: string;
  readonly assigned: readonly string[];
}

/** What was asked of a file's functions that its text does not answer as it did; `places`: the functions of the text. */
export function answersChanged(text: string, asked: readonly AskedFunction[], places: readonly FunctionPlace[]): readonly AskedFunction[] {
  return asked.filter((one) => {
    const place = places.filter(({ name }) => name === one.name)[one.ordinal];
    const body = place === undefined ? '' : text.slice(place.start, place.end);
    if ('member' in one) return assignments(one.member, body).join() !== one.assigned.join();
    return digestOf(place, callsOf(callContexts(body), one.callees)) !== one.digest;
  });
}

/** The same, with the answers as the text has them now: calls may stand at other places. */
export function answeredNow(text: string, asked: readonly AskedFunction[], places: readonly FunctionPlace[]): readonly AskedFunction[] {
  return asked.map((one) => {
    const place = 'member' in one ? undefined : places.filter(({ name }) => name === one.name)[one.ordinal];
    if ('member' in one) return one;
    const contexts = place === undefined ? [] : callsOf(callContexts(text.slice(place.start, place.end)), one.callees);
    return { ...one, contexts, digest: digestOf(place, contexts) };
  });
}

function assignments(member: string, body: string): readonly string[] {
  return [...body.matchAll(new RegExp(`->${member}\\s*=\\s*(\\w+)\\s*;`, 'g'))].map(([, value = '']) => value);
}

function callsOf(contexts: readonly CallContext[], callees: readonly string[]): readonly CallContext[] {
  return contexts.filter(({ callee }) => callees.includes(callee));
}

function digestOf(place: Pick<FunctionPlace, 'condition'> | undefined, contexts: readonly CallContext[]): string {
  return createHash('sha1').update(JSON.stringify([place?.condition ?? null, contexts.map(({ callee, guards, loops }) => [callee, guards, loops])])).digest('base64');
}

/** `functionsOf`: the functions of a file as its facts have them now. */
export function functionTexts(
  functionsOf: (file: string) => readonly LinkFunction[], { textOf }: Pick<ObjectSource, 'textOf'>, earlier?: EarlierAnswers,
): FunctionTexts {
  const contexts = new Map<Definition, readonly CallContext[]>();
  const assigned = new Map<Definition, Map<string, readonly string[]>>();
  const placeOf = ({ isMacro, file, name, ordinal }: Definition): LinkFunction | undefined =>
    isMacro ? undefined : functionsOf(file).filter((one) => one.name === name)[ordinal];
  const bodyOf = (definition: Definition): string => {
    const place = placeOf(definition);
    return place === undefined ? '' : copiedPart(textOf(definition.file) ?? '', place.start, place.end);
  };
  const looked = new Map<Definition, Set<string>>();
  const rememberedOf = (definition: Definition, callees: readonly string[]): AskedContexts | undefined => {
    const remembered = contexts.has(definition) ? undefined : earlierOf(earlier, definition).find((one) => 'callees' in one);
    return remembered !== undefined && callees.every((callee) => remembered.callees.includes(callee)) ? remembered : undefined;
  };
  const contextsOf = (definition: Definition, callees: readonly string[]): readonly CallContext[] => {
    const before = looked.get(definition) ?? new Set();
    looked.set(definition, before);
    for (const callee of callees) before.add(callee);
    const remembered = rememberedOf(definition, callees);
    if (remembered !== undefined) return callsOf(remembered.contexts, callees);
    const known = contexts.get(definition) ?? callContexts(bodyOf(definition));
    contexts.set(definition, known);
    return callsOf(known, callees);
  };
  const assignedTo = (member: string, definition: Definition): readonly string[] => {
    const remembered = earlierOf(earlier, definition).find((one) => 'member' in one && one.member === member);
    const names = remembered !== undefined && 'member' in remembered ? remembered.assigned : assignments(member, bodyOf(definition));
    const known = assigned.get(definition) ?? new Map<string, readonly string[]>();
    assigned.set(definition, known.set(member, names));
    return names;
  };
  return {
    contextsOf,
    conditionOf: (definition) => {
      contextsOf(definition, []);
      return placeOf(definition)?.condition ?? null;
    },
    assignedTo,
    placeOf: (definition) => placeOf(definition) ?? null,
    asked: () => {
      const asked = new Map<string, AskedFunction[]>();
      const note = (file: string, one: AskedFunction): void => void asked.set(file, [...(asked.get(file) ?? []), one]);
      for (const [definition, names] of looked) {
        const { file, name, ordinal } = definition;
        const callees = [...names];
        const remembered = rememberedOf(definition, callees);
        // With what it was asked for before: its text answers that as it did.
        if (remembered !== undefined) {
          note(file, remembered);
          continue;
        }
        const found = contextsOf(definition, callees);
        note(file, { name, ordinal, callees, contexts: found, digest: digestOf(placeOf(definition), found) });
      }
      for (const [{ file, name, ordinal }, known] of assigned) for (const [member, names] of known) note(file, { name, ordinal, member, assigned: names });
      return asked;
    },
  };
}

/** What another state answered of a function whose file has its text still. */
function earlierOf(earlier: EarlierAnswers | undefined, { file, name, ordinal }: Definition): readonly AskedFunction[] {
  if (earlier?.hasText(file) !== true) return [];
  return (earlier.asked.functions.get(file) ?? []).filter((one) => one.name === name && one.ordinal === ordinal);
}

/** Where a site stands in its function; undefined where the text is not at hand. */
export function siteCall(definition: Definition | undefined, site: SiteFact, texts: FunctionTexts): CallContext | undefined {
  const place = definition === undefined ? null : texts.placeOf(definition);
  if (definition === undefined || place === null) return undefined;
  return texts.contextsOf(definition, [site.api]).find(({ offset }) => place.start + offset === site.nameSpan.start);
}
