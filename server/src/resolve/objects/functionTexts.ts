import { createHash } from 'node:crypto';
import { copiedPart } from '../../facts/cTokens';
import { callContexts, type CallContext } from '../../facts/callContexts';
import type { Condition, SiteFact } from '../../facts/fileFacts';
import { functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';
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
  /** By file: what was asked of its functions, and a digest of the answers. */
  readonly asked: () => ReadonlyMap<string, readonly AskedFunction[]>;
}

/** Of a function: its calls of some names with what is around them, or what it puts into a member. */
export interface AskedFunction {
  readonly name: string;
  readonly ordinal: number;
  readonly what: { readonly callees: readonly string[] } | { readonly member: string };
  readonly digest: string;
}

/** True where a file's text answers what was asked of its functions as it did. */
export function answersAlike(text: string, asked: readonly AskedFunction[]): boolean {
  const places = functionPlaces(text);
  return asked.every(({ name, ordinal, what, digest }) => {
    const place = places.filter((one) => one.name === name)[ordinal];
    const body = place === undefined ? '' : text.slice(place.start, place.end);
    return digestOf('member' in what ? assignments(what.member, body).join() : contextsText(place, callContexts(body), what.callees)) === digest;
  });
}

function assignments(member: string, body: string): readonly string[] {
  return [...body.matchAll(new RegExp(`->${member}\\s*=\\s*(\\w+)\\s*;`, 'g'))].map(([, value = '']) => value);
}

function contextsText(place: Pick<FunctionPlace, 'condition'> | undefined, contexts: readonly CallContext[], callees: readonly string[]): string {
  return JSON.stringify([place?.condition ?? null, contexts.filter(({ callee }) => callees.includes(callee)).map(({ callee, guards, loops }) => [callee, guards, loops])]);
}

function digestOf(answer: string): string {
  return createHash('sha1').update(answer).digest('base64');
}

/** `functionsOf`: the functions of a file as its facts have them now. */
export function functionTexts(functionsOf: (file: string) => readonly LinkFunction[], { textOf }: Pick<ObjectSource, 'textOf'>): FunctionTexts {
  const contexts = new Map<Definition, readonly CallContext[]>();
  const assigned = new Map<Definition, Map<string, readonly string[]>>();
  const placeOf = ({ fact, file, name, ordinal }: Definition): LinkFunction | undefined =>
    fact === null ? undefined : functionsOf(file).filter((one) => one.name === name)[ordinal];
  const bodyOf = (definition: Definition): string => {
    const place = placeOf(definition);
    return place === undefined ? '' : copiedPart(textOf(definition.file) ?? '', place.start, place.end);
  };
  const looked = new Map<Definition, Set<string>>();
  const contextsOf = (definition: Definition, callees: readonly string[]): readonly CallContext[] => {
    const known = contexts.get(definition) ?? callContexts(bodyOf(definition));
    contexts.set(definition, known);
    const before = looked.get(definition) ?? new Set();
    looked.set(definition, before);
    for (const callee of callees) before.add(callee);
    return known.filter(({ callee }) => callees.includes(callee));
  };
  return {
    contextsOf,
    conditionOf: (definition) => {
      contextsOf(definition, []);
      return placeOf(definition)?.condition ?? null;
    },
    assignedTo: (member, definition) => {
      const names = assignments(member, bodyOf(definition));
      const known = assigned.get(definition) ?? new Map<string, readonly string[]>();
      assigned.set(definition, known.set(member, names));
      return names;
    },
    placeOf: (definition) => placeOf(definition) ?? null,
    asked: () => {
      const asked = new Map<string, AskedFunction[]>();
      const note = ({ file, name, ordinal }: Definition, what: AskedFunction['what'], answer: string): void => {
        asked.set(file, [...(asked.get(file) ?? []), { name, ordinal, what, digest: digestOf(answer) }]);
      };
      for (const [definition, known] of contexts) {
        const callees = [...(looked.get(definition) ?? [])];
        note(definition, { callees }, contextsText(placeOf(definition), known, callees));
      }
      for (const [definition, known] of assigned) for (const [member, names] of known) note(definition, { member }, names.join());
      return asked;
    },
  };
}

/** Where a site stands in its function; undefined where the text is not at hand. */
export function siteCall(definition: Definition | undefined, site: SiteFact, texts: FunctionTexts): CallContext | undefined {
  const place = definition === undefined ? null : texts.placeOf(definition);
  if (definition === undefined || place === null) return undefined;
  return texts.contextsOf(definition, [site.api]).find(({ offset }) => place.start + offset === site.nameSpan.start);
}
