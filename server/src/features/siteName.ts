/** Where a site is: what is known of what it stands in. */
export interface NamedSite {
  readonly api: string;
  readonly function: string | null;
  /** The variable that a static definition defines. */
  readonly variable: string | null;
}

/** What a site is called where its API is said beside it: the function around it, or the variable that it defines. */
export function enclosingText({ function: enclosing, variable }: Omit<NamedSite, 'api'>): string {
  return enclosing ?? variable ?? 'file scope';
}

/** `alloc_percpu in new_mount`, `DEFINE_PER_CPU of runqueues`. */
export function siteName(site: NamedSite): string {
  const { api, function: enclosing, variable } = site;
  return `${api} ${enclosing === null && variable !== null ? 'of' : 'in'} ${enclosingText(site)}`;
}
