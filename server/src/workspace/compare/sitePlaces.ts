import { createHash } from 'node:crypto';
import type { SiteFact } from '../../facts/fileFacts';
import { functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';

/** Where a site stands in its file: equal in two states, what the file says of the site is. */
export type SitePlaces = (file: string, fact: SiteFact) => string;

/** In a changed file a site stands in a function, as its text says, and at a place there; at file scope it is what it declares. */
export function sitePlaces(changed: ReadonlySet<string>, read: (file: string) => string | undefined): SitePlaces {
  const functions = new Map<string, readonly PlacedText[]>();
  const functionsOf = (file: string): readonly PlacedText[] => {
    const known = functions.get(file) ?? placed(read(file) ?? '');
    functions.set(file, known);
    return known;
  };
  return (file, { span, condition, arguments: given }) => {
    if (!changed.has(file)) return `${span.start}`;
    const around = functionsOf(file).find(({ place }) => place.start <= span.start && span.start < place.end);
    const where = around === undefined ? `at file scope ${given.join()}` : `${around.digest} ${span.start - around.place.start}`;
    return `${where} ${condition ?? ''}`;
  };
}

interface PlacedText {
  readonly place: FunctionPlace;
  readonly digest: string;
}

function placed(text: string): readonly PlacedText[] {
  return functionPlaces(text).map((place) => ({ place, digest: createHash('sha1').update(text.slice(place.start, place.end)).digest('base64') }));
}
