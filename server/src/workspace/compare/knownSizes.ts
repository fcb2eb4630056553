import type { SiteFact } from '../../facts/fileFacts';
import { functionPlaces } from '../../facts/functionPlaces';
import { catalogueFor } from '../../kernel/catalogue';
import type { ResolvedSize } from '../../resolve/resolvedSite';
import type { Derivation, Sameness } from './derivation';

/** The size of a site where another of the file allocates the same type; undefined where none does. */
export type KnownSizes = (file: string, site: SiteFact) => ResolvedSize | undefined;

/** A type that says itself what it is: no name of it can be a variable of the function around. */
const ownWords = /^(?:(?:struct|union|enum) \w+|(?:(?:un)?signed|long|int|short|char|bool)(?: (?:long|int|short|char))*)(?: ?\*+)?$/;

/** Sizes of the types that a file's sites allocate, as another state has them, where all that types are read from means the same. */
export function knownSizes({ from, readAfter }: Derivation, { meansSame }: Sameness): KnownSizes {
  const { byName } = catalogueFor(null);
  const keyOf = (file: string, { api, kind, arguments: given }: SiteFact): string | null => {
    const position = kind === 'alloc' ? byName.get(api)?.roles.type : undefined;
    const type = position === undefined ? undefined : given[position];
    return type !== undefined && ownWords.test(type) ? `${file}\0${type}` : null;
  };
  const sizes = new Map<string, ResolvedSize>();
  for (const [file, sites] of from.sites) {
    for (const { fact, size, via } of sites) {
      const key = via.length === 0 && size.size !== null ? keyOf(file, fact) : null;
      if (key !== null) sizes.set(key, size);
    }
  }
  const known = new Map<string, boolean>();
  const holdsIn = (file: string): boolean => {
    const holds = known.get(file) ?? (meansSame(file) && !definesTypesInFunctions(readAfter(file) ?? ''));
    known.set(file, holds);
    return holds;
  };
  return (file, site) => {
    const key = keyOf(file, site);
    const size = key === null ? undefined : sizes.get(key);
    return size !== undefined && holdsIn(file) ? size : undefined;
  };
}

function definesTypesInFunctions(text: string): boolean {
  return functionPlaces(text).some(({ start, end }) => /\b(?:struct|union|enum)\s+\w+\s*\{/.test(text.slice(start, end)));
}
