import type { SiteFact } from '../facts/fileFacts';
import type { LinkedTree } from '../resolve/linkTree';
import type { Wrapper } from '../resolve/wrappers';
import type { AskedFile, AskedSite, WrapperTable } from './detailsMessages';

/** The sites of some files and the wrappers of their tree as a thread of details takes them: made one after the other, as they are asked for. */
export interface Asked {
  readonly files: readonly string[];
  readonly table: () => WrapperTable;
  readonly sites: () => Iterable<AskedFile>;
}

/** `linked` is asked for no earlier than what needs it. */
export function askedFiles(files: readonly (readonly [string, readonly SiteFact[]])[], wrappers: readonly Wrapper[], linked: () => LinkedTree): Asked {
  const places = new Map(wrappers.map((wrapper, index) => [wrapper, index]));
  const asked = (file: string, fact: SiteFact): AskedSite => {
    const wrapper = linked().wrapperOf(file, fact.api);
    return { fact, loops: linked().loopsOf(file, fact), wrapper: wrapper === undefined ? null : (places.get(wrapper) ?? null) };
  };
  return {
    files: files.map(([file]) => file),
    table: () => ({ wrappers, inner: wrappers.map(({ inner }) => inner.map(({ file, site }) => asked(file, site))) }),
    * sites() {
      for (const [file, sites] of files) yield { file, sites: sites.map((fact) => asked(file, fact)) };
    },
  };
}
