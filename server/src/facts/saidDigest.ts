import type { Scan, Segment } from '../syntax/segment';
import { endAt, kindAt, startAt } from '../syntax/tokenAccess';
import { TokenKind } from '../syntax/tokens';
import type { SiteFact } from './fileFacts';
import { definesType } from './functionPlaces';

/** Digests of what a text says, comments and white space left out. */
export interface SaidFact {
  /** Outside the bodies of functions; directives in these are outside too, and all of a body that may define a type. */
  readonly outside: string;
  /** Of the functions with a site, by where they start. */
  readonly functions: readonly { readonly start: number; readonly digest: string }[];
}

export function saidBy(file: Scan, sites: readonly SiteFact[], outside = saidOutside(file)): SaidFact {
  const withSites = functionsOf(file).filter(({ span }) => sites.some((site) => span.start <= site.span.start && site.span.start < span.end));
  return { outside, functions: withSites.map(({ span: { start }, first, last }) => ({ start, digest: digestOf(file, first, last, () => true) })) };
}

export function saidOutside(file: Scan): string {
  const { tokens } = file;
  const isInside = new Uint8Array(tokens.count);
  for (const { body, last, span: { end } } of functionsOf(file)) {
    if (body !== -1 && !definesType(file.text.slice(endAt(tokens, body), end))) isInside.fill(1, body + 1, last);
  }
  return digestOf(file, 0, tokens.count, (at) => isInside[at] !== 1 || kindAt(tokens, at) === TokenKind.directive);
}

function functionsOf({ segments }: Scan): readonly Segment[] {
  return segments.filter(({ kind }) => kind === 'function');
}

/** How many tokens and characters they are, and FNV-1a of their texts with where one ends. */
function digestOf({ text, tokens }: Scan, first: number, last: number, isSaid: (at: number) => boolean): string {
  let [digest, count, length] = [0x811c9dc5, 0, 0];
  for (let at = first; at < last; at++) {
    if (!isSaid(at)) continue;
    const [start, end] = [startAt(tokens, at), endAt(tokens, at)];
    for (let place = start; place < end; place++) digest = Math.imul(digest ^ text.charCodeAt(place), 0x01000193);
    digest = Math.imul(digest ^ 0xffff, 0x01000193);
    count++;
    length += end - start;
  }
  return `${(digest >>> 0).toString(36)}.${count.toString(36)}.${length.toString(36)}`;
}
