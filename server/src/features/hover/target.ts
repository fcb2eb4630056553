import type { Span } from '../../util/text';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';

/** What of ours the mouse is over. */
export type HoverTarget =
  | { readonly kind: 'site'; readonly span: Span; readonly site: SnapshotSite }
  /** The tag of a struct's definition that some sites allocate. */
  | { readonly kind: 'struct'; readonly span: Span; readonly type: string; readonly sites: readonly SnapshotSite[] }
  /** A percpu_counter among the members of a struct. */
  | { readonly kind: 'counter'; readonly span: Span; readonly structure: string; readonly member: string; readonly sites: readonly SnapshotSite[]; /** False where the sites are known by the member's name alone. */ readonly isCertain: boolean }
  /** A static percpu variable, where it is defined or used. */
  | { readonly kind: 'variable'; readonly span: Span; readonly site: SnapshotSite }
  /** The id of a strategy or rule in a comment to us. */
  | { readonly kind: 'id'; readonly span: Span; readonly id: string };

/** What is at an offset of a document's text; null where it is nothing of ours, so that other hovers stand alone there. */
export function targetAt(snapshot: Snapshot, file: string, text: string, offset: number): HoverTarget | null {
  const sites = snapshot.sites.get(file) ?? [];
  const site = sites.find(({ site: { fact } }) => fact.nameSpan.start <= offset && offset <= fact.nameSpan.end);
  if (site !== undefined) return { kind: 'site', span: site.site.fact.nameSpan, site };
  const span = wordAt(text, offset, /[\w-]/);
  return (span === null ? null : idAt(text, span)) ?? namedAt(snapshot, file, text, wordAt(text, offset, /\w/));
}

function wordAt(text: string, offset: number, part: RegExp): Span | null {
  let start = offset;
  let end = offset;
  while (start > 0 && part.test(text[start - 1] ?? '')) start -= 1;
  while (end < text.length && part.test(text[end] ?? '')) end += 1;
  return start === end ? null : { start, end };
}

const request = /percpu-lens\s*:\s*ignore\s+[\w\-,\s]*$/;

function idAt(text: string, span: Span): HoverTarget | null {
  const before = text.slice(Math.max(0, span.start - 400), span.start);
  return request.test(before) ? { kind: 'id', span, id: text.slice(span.start, span.end) } : null;
}

function namedAt(snapshot: Snapshot, file: string, text: string, span: Span | null): HoverTarget | null {
  if (span === null) return null;
  const word = text.slice(span.start, span.end);
  return structAt(snapshot, text, span, word) ?? counterAt(snapshot, text, span, word) ?? variableAt(snapshot, file, text, span, word);
}

/** A definition starts with `struct tag`, perhaps attributes, and a brace. */
function structAt(snapshot: Snapshot, text: string, span: Span, word: string): HoverTarget | null {
  if (!/\bstruct\s+$/.test(text.slice(Math.max(0, span.start - 40), span.start))) return null;
  if (!/^\s*(?:__\w+(?:\([^()]*\))?\s*)*\{/.test(text.slice(span.end, span.end + 200))) return null;
  const type = `struct ${word}`;
  const sites = sitesOfType(snapshot).get(type) ?? [];
  return sites.length === 0 ? null : { kind: 'struct', span, type, sites };
}

const counterMember = /\bstruct\s+percpu_counter\s+(?:[\w\s,[\]]*,\s*)?$/;

function counterAt(snapshot: Snapshot, text: string, span: Span, word: string): HoverTarget | null {
  if (!counterMember.test(text.slice(Math.max(0, span.start - 300), span.start))) return null;
  const structure = structureAround(text, span.start);
  if (structure === null) return null;
  const certain = sitesOfMember(snapshot).get(`${structure} ${word}`) ?? [];
  const sites = certain.length > 0 ? certain : (sitesOfName(snapshot).get(word) ?? []);
  return { kind: 'counter', span, structure, member: word, sites, isCertain: certain.length > 0 };
}

/** `struct mm_struct` around an offset: the outermost with a tag whose brace is still open there. */
function structureAround(text: string, offset: number): string | null {
  let depth = 0;
  let found: string | null = null;
  for (let at = offset - 1; at >= 0 && offset - at < longestStruct; at -= 1) {
    const character = text[at];
    if (character === '}') depth += 1;
    else if (character === '{' && depth-- === 0) {
      depth = 0;
      const tag = /\bstruct\s+(\w+)\s*(?:__\w+(?:\([^()]*\))?\s*)*$/.exec(text.slice(Math.max(0, at - 200), at));
      if (tag !== null) found = `struct ${tag[1] ?? ''}`;
    }
  }
  return found;
}

const longestStruct = 60_000;

/** In its definition, in its file, or as what a percpu accessor is given. */
function variableAt(snapshot: Snapshot, file: string, text: string, span: Span, word: string): HoverTarget | null {
  const found = definitionsByName(snapshot).get(word) ?? [];
  const own = found.find(({ site }) => site.file === file);
  const isGiven = /\b(?:(?:raw_|__)?(?:this|raw)_cpu_\w+|per_cpu(?:_ptr)?|get_cpu_(?:var|ptr)|put_cpu_(?:var|ptr))\s*\(\s*&?\s*$/.test(text.slice(Math.max(0, span.start - 80), span.start));
  const isMember = /(?:->|\.)\s*$/.test(text.slice(Math.max(0, span.start - 8), span.start));
  const site = isMember ? undefined : (own ?? (isGiven && found.length === 1 ? found[0] : undefined));
  return site === undefined ? null : { kind: 'variable', span, site };
}

type Sites = ReadonlyMap<string, readonly SnapshotSite[]>;

/** Tables over a whole tree are made when first asked for, once for a snapshot. */
function remembered(keyOf: (site: SnapshotSite) => string | null): (snapshot: Snapshot) => Sites {
  const tables = new WeakMap<Snapshot['sites'], Sites>();
  return ({ sites }) => {
    const table = tables.get(sites) ?? tableOf(sites, keyOf);
    tables.set(sites, table);
    return table;
  };
}

function tableOf(sites: Snapshot['sites'], keyOf: (site: SnapshotSite) => string | null): Sites {
  const table = new Map<string, SnapshotSite[]>();
  for (const site of [...sites.values()].flat()) {
    const key = keyOf(site);
    if (key === null) continue;
    const known = table.get(key);
    if (known === undefined) table.set(key, [site]);
    else known.push(site);
  }
  return table;
}

const sitesOfType = remembered(({ site }) => {
  const creates = site.fact.kind === 'alloc' || site.fact.kind === 'define';
  return creates && !site.fact.inMacro && site.type !== null ? site.type.replace(/\s+/g, ' ').trim() : null;
});

const sitesOfMember = remembered(({ site }) => {
  const { member, fact } = site;
  return member === null || fact.kind !== 'init' ? null : `${member.structure} ${member.member.replace(/^.*\./, '')}`;
});

/** Initialisations of members of structures that are not known, by the members' names. */
const sitesOfName = remembered(({ site }) => {
  const { member, fact } = site;
  if (member !== null || fact.kind !== 'init' || fact.family !== 'counter') return null;
  return /(?:->|\.)\s*(\w+)\s*(?:\[[^\]]*\]\s*)?$/.exec(fact.arguments[0] ?? '')?.[1] ?? null;
});

const definitionsByName = remembered(({ site: { fact } }) =>
  fact.kind === 'define' && !fact.inMacro ? (/^\w+/.exec(fact.arguments[fact.arguments.length === 1 ? 0 : 1] ?? '')?.[0] ?? null) : null);
