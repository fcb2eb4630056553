import type { FactsPool } from './factsProcess';
import { contentStamp, stampsBelow, stampWidth } from './fileStamp';
import { listSourceFiles, type SourceFiles } from './sourceFiles';
import { commitFiles, type Blobs, type TreeSource } from './treeSource';

/** The files of a tree, and what tells whether they are as they were. */
export interface Survey extends SourceFiles {
  /** Rows of `fileStamp.ts`, one a file; null where they were not asked for. */
  readonly stamps: Float64Array | null;
}

/** Looks at all files of a folder, without reading any. */
export function surveyFolder(root: string, withStamps: boolean): Survey {
  const listing = listSourceFiles(root);
  return { ...listing, stamps: withStamps ? stampsBelow(root, listing.files) : null };
}

/**
 * The same of any source. A folder is looked at in a facts process, while this one does something else; a commit says
 * itself what is in it.
 */
export async function survey(source: TreeSource, withStamps: boolean, pool: FactsPool): Promise<Survey> {
  if (source.kind === 'commit') {
    const files = commitFiles(source);
    return { files, problems: [], stamps: withStamps ? contentStamps(files, source.blobs) : null };
  }
  const worker = pool.take();
  const found = await worker.survey(withStamps);
  if (found === null) return surveyFolder(source.root, withStamps);
  pool.give(worker);
  return found;
}

function contentStamps(files: readonly string[], blobs: Blobs): Float64Array {
  const stamps = new Float64Array(files.length * stampWidth);
  files.forEach((file, row) => stamps.set(contentStamp(blobs.get(file) ?? ''), row * stampWidth));
  return stamps;
}
