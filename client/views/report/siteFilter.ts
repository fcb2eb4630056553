import type { ListedSite } from '../messages';
import type { Entry } from './rows';
import type { ViewState } from './viewState';

const creatingKinds: ReadonlySet<string> = new Set(['alloc', 'init', 'define', 'indirect']);

type Filter = Pick<ViewState, 'search' | 'classes' | 'kinds'>;

/** The sites that the search, the chips and the kind switch leave. */
export function filterSites<Listed extends Pick<Entry, 'site' | 'change'>>(entries: readonly Listed[], filter: Filter): Listed[] {
  const matches = searchMatcher(filter.search);
  return entries.filter((entry) => ofKind(entry, filter.kinds) && ofClass(entry.site, filter.classes) && matches(entry.site));
}

/** Sites by class among those that kind and search leave: what a chip would show. */
export function countByClass(entries: readonly Pick<Entry, 'site' | 'change'>[], filter: Filter): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { site } of filterSites(entries, { ...filter, classes: [] })) {
    for (const name of site.frequency_class) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** A call in a macro's body is made where the macro is used; it is listed among all calls only. */
function ofKind({ site, change }: Pick<Entry, 'site' | 'change'>, kinds: ViewState['kinds']): boolean {
  if (kinds === 'changed') return change !== undefined;
  return kinds === 'all' || (creatingKinds.has(site.kind) && !site.in_macro);
}

function ofClass(site: ListedSite, classes: readonly string[]): boolean {
  return classes.length === 0 || site.frequency_class.some((name) => classes.includes(name));
}

type Field = 'file' | 'function' | 'api' | 'type' | 'class';

const fields: Readonly<Record<Field, (site: ListedSite) => string>> = {
  file: ({ file, line }) => `${file}:${String(line)}`,
  function: (site) => site.function ?? site.variable ?? '',
  api: ({ api }) => api,
  type: ({ type }) => type ?? '',
  class: (site) => site.frequency_class.join('\n'),
};

/** Every word must occur in the site's place, function or variable, API, type, argument, class or advice; `api:word` in that field. */
function searchMatcher(search: string): (site: ListedSite) => boolean {
  const tests = search.toLowerCase().split(/\s+/).filter((word) => word !== '').map(wordTest);
  return (site) => tests.every((test) => test(site));
}

function wordTest(word: string): (site: ListedSite) => boolean {
  const [, name, wanted = ''] = /^(file|function|api|type|class):(.*)$/.exec(word) ?? [];
  if (name === undefined) return (site) => searchText(site).includes(word);
  const field = fields[name as Field];
  return (site) => field(site).toLowerCase().includes(wanted);
}

const texts = new WeakMap<ListedSite, string>();

function searchText(site: ListedSite): string {
  const known = texts.get(site);
  if (known !== undefined) return known;
  const all = [...Object.values(fields).map((field) => field(site)), site.first_argument ?? '', ...site.advice];
  const text = all.join('\n').toLowerCase();
  texts.set(site, text);
  return text;
}
