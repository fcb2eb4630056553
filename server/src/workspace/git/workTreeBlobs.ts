import { blobId } from '../blobId';
import { fileReader } from '../readSource';

/** Blobs that the files of a work tree have as they are: read there, which costs a tenth of asking git. */
export interface WorkTreeBlobs {
  /** The bytes hold until the next read; undefined where the file is another. */
  read(file: string, id: string): Buffer | undefined;
  /** Ids of those that are likely others: of all where the work tree is of another commit. Some are looked at while few were. */
  othersIn(files: readonly (readonly [file: string, id: string])[]): readonly string[];
}

/** So many others, and more than there are the same: the work tree is of another commit. */
const fewestOthers = 32;
/** Of a file's content (`blobId`); repositories with longer ones are left to git. */
const idLength = 40;

export function workTreeBlobs(folder: string): WorkTreeBlobs {
  const fromDisk = fileReader();
  const looked = { same: 0, others: 0 };
  const isOther = (): boolean => looked.others >= fewestOthers && looked.others > looked.same;
  const read = (file: string, id: string): Buffer | undefined => {
    if (isOther()) return undefined;
    const found = id.length === idLength ? fromDisk(`${folder}/${file}`) : null;
    const isSame = found?.kind === 'bytes' && blobId(found.bytes) === id;
    looked[isSame ? 'same' : 'others'] += 1;
    return isSame ? found.bytes : undefined;
  };
  return {
    read,
    othersIn: (files) => {
      const unseen = Math.max(0, fewestOthers - looked.same - looked.others);
      const others = files.slice(0, unseen).filter(([file, id]) => read(file, id) === undefined);
      return (isOther() ? files : others).map(([, id]) => id);
    },
  };
}
