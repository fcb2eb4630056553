import type { SiteFact } from '../facts/fileFacts';
import type { LinkedTree } from '../resolve/linkTree';
import type { Wrapper } from '../resolve/wrappers';
import type { AskedFile, AskedSite, WrapperTable } from './detailsMessages';

/** The sites of some files and the wrappers of their tree as a thread of details takes them; the files are made one after the other, as they are taken. */
export interface Asked {
  readonly table: WrapperTable;
  readonly files: Iterable<AskedFile>;
}

export type FilesWithSites = readonly (readonly [string, readonly SiteFact[]])[];

export function askedFiles(files: FilesWithSites, wrappers: readonly Wrapper[], linked: LinkedTree): Asked {
  const places = new Map(wrappers.map((wrapper, index) => [wrapper, index]));
  const asked = (file: string, fact: SiteFact): AskedSite => {
    const wrapper = linked.wrapperOf(file, fact.api);
    return { fact, loops: linked.loopsOf(file, fact), wrapper: wrapper === undefined ? null : (places.get(wrapper) ?? null) };
  };
  return {
    table: { wrappers, inner: wrappers.map(({ inner }) => inner.map(({ file, site }) => asked(file, site))) },
    files: mapped(files, ([file, sites]) => ({ file, sites: sites.map((fact) => asked(file, fact)) })),
  };
}

function* mapped<A, B>(all: Iterable<A>, make: (one: A) => B): Generator<B> {
  for (const one of all) yield make(one);
}
