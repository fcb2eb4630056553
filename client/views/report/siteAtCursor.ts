import type { ListedSite } from '../messages';

/** Lines that a cursor may be away from the call it is about. */
const nearby = 25;

/** The site of the file that is nearest to the line, the one above before the one below; undefined where none is near. */
export function siteAtCursor(sites: readonly ListedSite[], file: string, line: number): ListedSite | undefined {
  let best: ListedSite | undefined;
  let least = nearby + 1;
  for (const site of sites) {
    if (site.file !== file) continue;
    const away = site.line <= line ? line - site.line : site.line - line + 0.5;
    if (away < least) [best, least] = [site, away];
  }
  return best;
}
