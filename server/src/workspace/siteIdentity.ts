import type { SiteFact } from '../facts/fileFacts';

/**
 * What a site is called across edits: its function, API and how many of the same come before it. Moved code keeps
 * its identity; a line number would not.
 */
export function siteIdentities(file: string, sites: readonly SiteFact[]): readonly string[] {
  const seen = new Map<string, number>();
  return sites.map((site) => {
    const key = `${file}#${site.function ?? ''}#${site.api}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return `${key}#${ordinal}`;
  });
}
