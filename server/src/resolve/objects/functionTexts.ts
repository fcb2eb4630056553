import { copiedPart } from '../../facts/cTokens';
import { callContexts, type CallContext } from '../../facts/callContexts';
import type { Condition, SiteFact } from '../../facts/fileFacts';
import { functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';
import type { Definition } from '../callGraph';
import type { ObjectSource } from './objectSource';

/** What the text of a function says, read when it is asked for: few of a tree's functions lie on the way to an object. */
export interface FunctionTexts {
  /** Where its calls stand; none for a macro, and where the text is not at hand. */
  readonly contextsOf: (definition: Definition) => readonly CallContext[];
  readonly conditionOf: (definition: Definition) => Condition;
  readonly textOf: (definition: Definition) => string;
  /** Where the function starts in its file; null where that is not known. */
  readonly startOf: (definition: Definition) => number | null;
}

export function functionTexts({ textOf }: ObjectSource): FunctionTexts {
  const files = new Map<string, ReadonlyMap<string, readonly FunctionPlace[]>>();
  const contexts = new Map<number, readonly CallContext[]>();
  const placeOf = ({ fact, file, name, ordinal }: Definition): FunctionPlace | undefined => {
    if (fact === null) return undefined;
    const places = files.get(file) ?? byName(functionPlaces(textOf(file) ?? ''));
    files.set(file, places);
    return places.get(name)?.[ordinal];
  };
  const bodyOf = (definition: Definition): string => {
    const place = placeOf(definition);
    return place === undefined ? '' : copiedPart(textOf(definition.file) ?? '', place.start, place.end);
  };
  return {
    contextsOf: (definition) => {
      const known = contexts.get(definition.id) ?? callContexts(bodyOf(definition));
      contexts.set(definition.id, known);
      return known;
    },
    conditionOf: (definition) => placeOf(definition)?.condition ?? null,
    textOf: bodyOf,
    startOf: (definition) => placeOf(definition)?.start ?? null,
  };
}

function byName(places: readonly FunctionPlace[]): ReadonlyMap<string, readonly FunctionPlace[]> {
  const found = new Map<string, FunctionPlace[]>();
  for (const { name, condition, start, end } of places) {
    // What is kept must not keep the file's text.
    const place = { name: copiedPart(name, 0, name.length), condition, start, end };
    found.set(place.name, [...(found.get(place.name) ?? []), place]);
  }
  return found;
}

/** Where a site stands in its function; undefined where the text is not at hand. */
export function siteCall(definition: Definition | undefined, site: SiteFact, texts: FunctionTexts): CallContext | undefined {
  const start = definition === undefined ? null : texts.startOf(definition);
  if (definition === undefined || start === null) return undefined;
  return texts.contextsOf(definition).find(({ offset, callee }) => callee === site.api && start + offset === site.nameSpan.start);
}
