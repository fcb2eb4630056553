import type { SiteFact } from '../facts/fileFacts';
import type { LinkedTree } from '../resolve/linkTree';
import type { Wrapper } from '../resolve/wrappers';
import { askedFiles, type FilesWithSites } from './askedFiles';
import type { AskedFile } from './detailsMessages';
import type { DetailsThread } from './detailsThread';
import type { IndexedFacts } from './factsMessages';

/** Details that are worked out beside the thread that reads and links a tree, from before its links are known. */
export interface DetailsAhead {
  /**
   * Asks for the details that only a wrapper by an API's name could change: those of sites in no loop. They are worked
   * out while the tree is being linked.
   */
  begin(facts: ReadonlyMap<string, IndexedFacts>): void;
  /** Asks for the other files, and for those of which linking says more. Null where there are few files: they are worked out in turn. */
  rest(files: FilesWithSites, wrappers: readonly Wrapper[], linked: () => LinkedTree): DetailsThread | null;
  end(): void;
}

/** Below this a thread of its own does not pay. */
const fewestForThread = 100;

/** Files with sites, in the order of their names. */
export function filesWithSites(facts: ReadonlyMap<string, IndexedFacts>): FilesWithSites {
  return [...facts].flatMap(([file, { sites }]) => (sites.length > 0 ? [[file, sites] as const] : [])).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function detailsAhead(start: (() => DetailsThread) | undefined): DetailsAhead {
  let thread: DetailsThread | null = null;
  let asked: ReadonlyMap<string, readonly SiteFact[]> = new Map();
  const threadFor = (files: FilesWithSites): DetailsThread | null => (thread ??= start === undefined || files.length < fewestForThread ? null : start());
  return {
    begin: (facts) => {
      const files = filesWithSites(facts);
      const plain = files.filter(([, sites]) => sites.every(({ loop }) => loop === null));
      asked = new Map(plain);
      threadFor(files)?.ask(plain.map(([file, sites]) => ({ file, sites: sites.map((fact) => ({ fact, loops: [], wrapper: null })) })));
    },
    rest: (files, wrappers, linked) => {
      const own = threadFor(files);
      if (own === null) return null;
      const { table, files: all } = askedFiles(files, wrappers, linked());
      const sitesOf = new Map(files);
      own.begin(table);
      own.ask(filtered(all, (one) => asked.get(one.file) !== sitesOf.get(one.file) || !isPlain(one)));
      return own;
    },
    end: () => {
      thread?.close();
      thread = null;
      asked = new Map();
    },
  };
}

function isPlain({ sites }: AskedFile): boolean {
  return sites.every(({ loops, wrapper }) => loops.length === 0 && wrapper === null);
}

function* filtered<T>(all: Iterable<T>, isWanted: (one: T) => boolean): Generator<T> {
  for (const one of all) if (isWanted(one)) yield one;
}
