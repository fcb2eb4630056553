import type { ReportSite } from '../../../server/src/protocol/report';
import type { ViewState } from './viewState';

const creatingKinds: ReadonlySet<string> = new Set(['alloc', 'init', 'define', 'indirect']);

type Filter = Pick<ViewState, 'search' | 'classes' | 'kinds'>;

/** The sites that the search, the chips and the kind switch leave. */
export function filterSites(sites: readonly ReportSite[], filter: Filter): ReportSite[] {
  const matches = searchMatcher(filter.search);
  return sites.filter((site) => ofKind(site, filter.kinds) && ofClass(site, filter.classes) && matches(site));
}

/** Sites by class among those that kind and search leave: what a chip would show. */
export function countByClass(sites: readonly ReportSite[], filter: Filter): Map<string, number> {
  const counts = new Map<string, number>();
  for (const site of filterSites(sites, { ...filter, classes: [] })) {
    for (const name of site.frequency_class) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** A call in a macro's body is made where the macro is used; it is listed among all calls only. */
function ofKind(site: ReportSite, kinds: ViewState['kinds']): boolean {
  return kinds === 'all' || (creatingKinds.has(site.kind) && !site.in_macro);
}

function ofClass(site: ReportSite, classes: readonly string[]): boolean {
  return classes.length === 0 || site.frequency_class.some((name) => classes.includes(name));
}

/** Every word must occur in the site's place, function, API, type, argument or class. */
function searchMatcher(search: string): (site: ReportSite) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (site) => {
    const text = searchText(site);
    return words.every((word) => text.includes(word));
  };
}

function searchText(site: ReportSite): string {
  const place = `${site.file}:${String(site.line)}`;
  return [place, site.function, site.api, site.type, site.first_argument, ...site.frequency_class, ...site.advice]
    .filter((part) => part !== null)
    .join('\n')
    .toLowerCase();
}
