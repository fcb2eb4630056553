import type { ChangeMark } from '../../protocol/comparison';
import type { DiffSite, SiteChange } from '../../protocol/diff';
import { formatBytes, formatDurations } from '../../util/format';
import type { WireCost } from '../../protocol/report';
import type { Snapshot } from '../../workspace/snapshot';
import { matchSites, type SiteMatch, type SitesByFile } from './matchSites';
import { siteChanges } from './siteChanges';
import { signedBytes } from './signedBytes';
import { turnsText } from './turnsText';

/** A state that the editor compares with. */
export interface ComparisonBase {
  /** As the person named it. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

export interface EditorComparison {
  readonly match: SiteMatch;
  readonly changes: readonly SiteChange[];
}

/** What is not as in the base, as edited. Files that were renamed in the work tree are found by their functions. */
export function editorComparison(base: ComparisonBase, snapshot: Snapshot): EditorComparison {
  const match = matchOf(base.snapshot.sites, snapshot.sites);
  return { match, changes: siteChanges(match, base.snapshot, snapshot, []).changes };
}

const matches = new WeakMap<SitesByFile, { readonly before: SitesByFile; readonly match: SiteMatch }>();

/** Another machine pairs no other sites. */
function matchOf(before: SitesByFile, after: SitesByFile): SiteMatch {
  const known = matches.get(after);
  if (known?.before === before) return known.match;
  const match = matchSites(before, after, new Map());
  matches.set(after, { before, match });
  return match;
}

/** The changed sites of one file; a removed one stands by the nearest of its function that is still there. */
export function marksIn(comparison: EditorComparison, snapshot: Snapshot, file: string, lineOf: (offset: number) => number): readonly ChangeMark[] {
  return comparison.changes.flatMap((change) => {
    const { before, after } = change;
    if (after !== null) return after.file === file ? [mark(change, after.line - 1)] : [];
    return before?.file === file ? [mark(change, placeOfRemoved(comparison, snapshot, before, lineOf))] : [];
  });
}

function mark(change: SiteChange, line: number): ChangeMark {
  return { kind: change.change, line: Math.max(0, line), title: `${change.change}: ${changeText(change)}` };
}

function placeOfRemoved({ match }: EditorComparison, snapshot: Snapshot, { file, function: name, line }: DiffSite, lineOf: (offset: number) => number): number {
  const near = match.pairs
    .filter(({ before, after }) => before.site.file === file && after.site.file === file && before.site.fact.function === name)
    .map(({ before, after }) => ({ from: before.site.fact.line, to: after.site.fact.line }))
    .sort((a, b) => Math.abs(a.from - line) - Math.abs(b.from - line))[0];
  if (near !== undefined) return near.to + Math.max(-1, Math.min(1, line - near.from)) - 1;
  const around = snapshot.functions.get(file)?.find((fact) => fact.name === name);
  return around === undefined ? line - 1 : lineOf(around.nameSpan.start);
}

/** `alloc_percpu(struct x): 16 B → 24 B per CPU, +2 KiB on 256 possible CPUs, create 1 – 3 µs`. */
export function changeText(change: SiteChange): string {
  const { before, after, aspects, footprint_difference: difference, note } = change;
  const site = after ?? before;
  if (site === null) return '';
  const facts = [
    both(before, after, (one) => (one.size === null ? '' : `${formatBytes(one.size)} per CPU`)),
    difference === 0 ? '' : `${signedBytes(difference)} on all possible CPUs`,
    called('create', both(before, after, ({ create }) => costText(create))),
    called('destroy', both(before, after, ({ destroy }) => costText(destroy))),
    aspects.includes('class') ? called('trigger', both(before, after, (one) => one.frequency_class[0] ?? 'unknown')) : '',
    aspects.includes('gfp') ? called('gfp', both(before, after, ({ gfp }) => gfp ?? 'none')) : '',
    turnsText(change),
    note ?? '',
  ];
  const call = both(before, after, ({ api, first_argument: first }) => `${api}(${first ?? ''})`);
  return `${call}: ${facts.filter((text) => text !== '').join(', ')}`.replace(/: $/, '');
}

function both(before: DiffSite | null, after: DiffSite | null, textOf: (site: DiffSite) => string): string {
  const [a, b] = [before, after].map((site) => (site === null ? '' : textOf(site)));
  return before === null || after === null || a === b ? `${a ?? ''}${a === b ? '' : (b ?? '')}` : `${a ?? ''} → ${b ?? ''}`;
}

function costText(cost: WireCost | null): string {
  return cost?.ns == null ? '' : formatDurations(cost.ns);
}

/** Once for both sides. */
function called(name: string, text: string): string {
  return text === '' ? '' : `${name} ${text}`;
}
