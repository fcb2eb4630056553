import type { SiteFact } from '../facts/fileFacts';
import type { LinkedTree } from '../resolve/linkTree';
import type { Wrapper } from '../resolve/wrappers';
import type { AskedFile, AskedSite, WrapperTable } from './detailsMessages';

/** The sites of some files and the wrappers of their tree as a thread of details takes them. */
export interface Asked {
  readonly table: WrapperTable;
  readonly files: readonly AskedFile[];
}

export function askedFiles(files: readonly (readonly [string, readonly SiteFact[]])[], wrappers: readonly Wrapper[], { loopsOf, wrapperOf }: LinkedTree): Asked {
  const places = new Map(wrappers.map((wrapper, index) => [wrapper, index]));
  const asked = (file: string, fact: SiteFact): AskedSite => {
    const wrapper = wrapperOf(file, fact.api);
    return { fact, loops: loopsOf(file, fact), wrapper: wrapper === undefined ? null : (places.get(wrapper) ?? null) };
  };
  return {
    table: { wrappers, inner: wrappers.map(({ inner }) => inner.map(({ file, site }) => asked(file, site))) },
    files: files.map(([file, sites]) => ({ file, sites: sites.map((fact) => asked(file, fact)) })),
  };
}
