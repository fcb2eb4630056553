import type { SiteFact } from '../facts/fileFacts';
import type { ObjectSource } from '../resolve/objects/objectSource';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { SiteDetails } from '../resolve/siteDetails';
import { yieldToEvents, type Cancellation } from '../util/cancellation';
import type { FilesWithSites } from './askedFiles';
import { constantsElsewhere, type WithConstants } from './constantsElsewhere';
import type { DetailsThread, ThreadReads } from './detailsThread';

/** What is known of a file's sites from elsewhere. */
export interface Known {
  /** The sites that were asked about. */
  readonly sites: readonly SiteFact[];
  /** In their order; null where they are to be worked out. */
  readonly details: readonly SiteDetails[] | null;
  readonly constantIn: ObjectSource['constantIn'];
}

export interface ResolvingFiles {
  /** Works out details beside this thread; null: nothing does. */
  readonly thread: DetailsThread | null;
  readonly constantIn: ObjectSource['constantIn'];
  readonly resolve: (file: string, known: Known) => readonly ResolvedSite[];
  readonly cancellation: Cancellation;
}

/** Resolving gives way to other work about this often, ms. */
const longestTurn = 20;

/** Resolves file by file. The result is what the thread read, null where that is not known. */
export async function resolveFiles(
  files: FilesWithSites, { thread, constantIn, resolve, cancellation }: ResolvingFiles, onFile: (file: string, sites: readonly ResolvedSite[]) => void,
): Promise<ThreadReads | null> {
  const withConstants: WithConstants = thread === null ? (make) => Promise.resolve(make(constantIn)) : constantsElsewhere((file, expressions) => thread.constants(file, expressions), constantIn);
  let turn = Date.now();
  for (const [file, sites] of files) {
    const details = thread === null ? null : await thread.of(file);
    onFile(file, await withConstants((constants) => resolve(file, { sites, details, constantIn: constants })));
    if (Date.now() - turn < longestTurn) continue;
    await yieldToEvents(cancellation);
    turn = Date.now();
  }
  return thread === null ? null : thread.ended();
}
