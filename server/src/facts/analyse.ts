import type { Catalogue } from '../kernel/catalogue';
import type { ConditionStack } from '../syntax/conditions';
import type { Scan, Segment } from '../syntax/segment';
import { scan } from '../syntax/segments';
import { startAt } from '../syntax/tokenAccess';
import { lineStarts, type Span } from '../util/text';
import { analyseSegment, segmentSites } from './analyseSegment';
import { assemble, assembleSites, type PlacedFacts } from './assemble';
import { callablesIn, type Callables } from './callables';
import { definedTypes } from './definedTypes';
import type { FileFacts, ProblemFact, SiteFact } from './fileFacts';
import { saidBy, saidOutside } from './saidDigest';
import type { SegmentFacts } from './segmentFacts';

/** A document's facts, and what the next analysis of it can use again. */
export interface DocumentAnalysis {
  readonly facts: FileFacts;
  /** The catalogue that the facts were made with. */
  readonly identity: string;
  readonly segments: ReadonlyMap<string, SegmentFacts>;
}

export interface FactsOptions {
  /** Read type definitions too, which few callers need: sizes are laid out from headers on demand. Default false. */
  readonly types?: boolean;
  /** With digests of what is said, by which two texts of a file are compared. Default false. */
  readonly said?: boolean;
}

/**
 * Facts of a C file: a pure function of its text and the catalogue. Any text has facts; nothing is thrown, what
 * could not be read is in `problems`. Calls, functions, tables and registrations are read lexically; segments
 * with a mention of a catalogue name are parsed.
 */
export function fileFacts(text: string, catalogue: Catalogue, options: FactsOptions = {}): FileFacts {
  const file = scan(text);
  const placed = file.segments.map((segment) => ({ start: segment.span.start, facts: analyseSegment(file, segment, catalogue) }));
  const facts = assemble(file, placed, lineStarts(text));
  const { types = false, said = false } = options;
  return { ...facts, types: types ? definedTypes(file) : [], said: said ? saidBy(file, facts.sites) : null };
}

/**
 * The facts of a file with a catalogue, and with one that has further names: `places` are the offsets where those stand,
 * ascending. Segments without one say the same with both. With digests of what is said.
 */
export function fileFactsTwice(text: string, catalogue: Catalogue, wider: Catalogue, places: readonly number[]): readonly [FileFacts, FileFacts] {
  const file = scan(text);
  const lines = lineStarts(text);
  const placed = file.segments.map((segment) => ({ start: segment.span.start, facts: analyseSegment(file, segment, catalogue) }));
  const outside = saidOutside(file);
  const withSaid = (facts: FileFacts): FileFacts => ({ ...facts, said: saidBy(file, facts.sites, outside) });
  const facts = withSaid(assemble(file, placed, lines));
  if (places.length === 0) return [facts, facts];
  const again = file.segments.map((segment, at) => {
    const before = placed[at];
    return before !== undefined && !holdsOne(places, segment.span) ? before : { start: segment.span.start, facts: analyseSegment(file, segment, wider) };
  });
  return [facts, withSaid(assemble(file, again, lines))];
}

export interface FileSites {
  readonly sites: readonly SiteFact[];
  readonly problems: readonly ProblemFact[];
  /** The functions and macros that the sites stand in; asked of few files. */
  readonly callables: () => Callables;
}

/**
 * The sites alone, as in the file's facts; `places` are offsets where names of the catalogue stand, ascending:
 * segments without one are not looked into.
 */
export function fileSites(text: string, catalogue: Catalogue, places: readonly number[]): FileSites {
  const file = scan(text);
  const placed = file.segments
    .filter(({ span }) => holdsOne(places, span))
    .map((segment) => ({ start: segment.span.start, facts: segmentSites(file, segment, catalogue) }));
  const sites = placed.length === 0 ? [] : assembleSites(text, placed, lineStarts(text));
  return { sites, problems: file.problems, callables: () => callablesIn(file, new Set(sites.flatMap((site) => site.function ?? []))) };
}

function holdsOne(places: readonly number[], { start, end }: Span): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return (places[low] ?? Infinity) < end;
}

/**
 * The facts of a document that is being edited: segments whose text, kind and conditions are as in `previous`
 * keep their facts. The result's facts equal those of `fileFacts` on the text, whatever `previous` is.
 */
export function analyseDocument(text: string, catalogue: Catalogue, previous?: DocumentAnalysis): DocumentAnalysis {
  const file = scan(text);
  const known = previous?.identity === catalogue.identity ? previous.segments : undefined;
  const segments = new Map<string, SegmentFacts>();
  const placed: PlacedFacts[] = file.segments.map((segment) => {
    const key = segmentKey(file, segment);
    const facts = segments.get(key) ?? known?.get(key) ?? analyseSegment(file, segment, catalogue);
    segments.set(key, facts);
    return { start: segment.span.start, facts };
  });
  return { facts: assemble(file, placed, lineStarts(text)), identity: catalogue.identity, segments };
}

/** All that a segment's facts follow from. */
function segmentKey(file: Scan, segment: Segment): string {
  const { kind, body, span, conditions } = segment;
  const bodyOffset = body === -1 ? -1 : startAt(file.tokens, body) - span.start;
  return `${kind} ${bodyOffset} ${stackKey(conditions)}\n${file.text.slice(span.start, span.end)}`;
}

function stackKey(stack: ConditionStack): string {
  return stack.outer === null ? '' : `${stackKey(stack.outer)}\0${stack.earlier.text}\0${stack.current ?? '\0'}`;
}
