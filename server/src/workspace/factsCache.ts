import type { Catalogue } from '../kernel/catalogue';
import type { CacheFolder } from './cacheFolder';
import { openContentStore } from './contentStore';
import type { IndexedFacts } from './factsMessages';

/**
 * Facts by content: the key is the git blob id of a file's bytes (`blobId.ts`), so that a work tree, a commit and
 * another tree share them. Facts follow from the bytes, the catalogue and the code alone; the cache never changes an answer.
 */
export interface FactsCache {
  /** Null: the content mentions no API of the catalogue; undefined: not known. */
  get(blob: string): IndexedFacts | null | undefined;
  put(blob: string, facts: IndexedFacts | null): void;
  /** The same as JSON text, for what only passes facts on. */
  putText(blob: string, facts: string | null): void;
  has(blob: string): boolean;
  /** All contents that are known. */
  contents(): Iterable<string>;
  /** Lets later processes know what was put. */
  save(): void;
  close(): void;
}

/**
 * What facts are kept for: `analyse` has all that the index keeps of a file with names of the catalogue, `link` only
 * what links functions. A null folder keeps nothing (`--no-cache`).
 */
export function openFactsCache(folder: CacheFolder | null, kind: 'analyse' | 'link', catalogue: Pick<Catalogue, 'identity'>): FactsCache {
  const store = openContentStore(folder, `${kind} ${catalogue.identity}`);
  return {
    get: (blob) => {
      const text = store.get(blob);
      return typeof text === 'string' ? (JSON.parse(text) as IndexedFacts) : text;
    },
    put: (blob, facts) => store.put(blob, facts === null ? null : JSON.stringify(facts)),
    putText: (blob, facts) => store.put(blob, facts),
    has: (blob) => store.has(blob),
    contents: () => store.contents(),
    save: () => store.save(),
    close: () => store.close(),
  };
}
