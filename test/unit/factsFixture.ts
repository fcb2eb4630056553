import { fileFacts } from '../../server/src/facts/analyse';
import type { FileFacts, SiteFact } from '../../server/src/facts/fileFacts';
import { catalogueFor } from '../../server/src/kernel/catalogue';

export const catalogue = catalogueFor(null);

/** A C text in which the names of the calls that are sites stand in `⟦ ⟧`; the marks are no part of the text. */
export interface Marked {
  readonly text: string;
  readonly offsets: readonly number[];
}

export function marked(source: string): Marked {
  const offsets: number[] = [];
  const text = source.replace(/⟦(\w+)⟧/g, (_, name: string, at: number) => {
    offsets.push(at - 2 * offsets.length);
    return name;
  });
  return { text, offsets };
}

export function factsOf(text: string): FileFacts {
  return fileFacts(text, catalogue);
}

/** `name@line` of each site, to compare with what `expectedSites` says of the marks. */
export function foundSites(text: string): string[] {
  return factsOf(text).sites.map((site) => `${site.api}@${site.line}`);
}

export function expectedSites({ text, offsets }: Marked): string[] {
  return offsets.map((offset) => `${/\w+/.exec(text.slice(offset))?.[0] ?? ''}@${text.slice(0, offset).split('\n').length}`);
}

export function onlySite(text: string): SiteFact {
  const [site, ...more] = factsOf(text).sites;
  if (site === undefined || more.length > 0) throw new Error(`not one site: ${more.length + (site === undefined ? 0 : 1)}`);
  return site;
}
