import type { Scan } from '../syntax/segment';
import { positionAt, type Span } from '../util/text';
import type { CallFact, FileFacts, FlowFact, FlowPlace, FunctionFact, MacroFact, RegistrationFact, SiteFact, TableFact } from './fileFacts';
import { linkageOf } from './linkage';
import { objectMemoryOf } from './objectMemory';
import type { PlacedSite, SegmentFacts } from './segmentFacts';
import { suppressionsOf } from './suppressionComments';

/** Facts of a segment and where it starts. */
export interface PlacedFacts {
  readonly start: number;
  readonly facts: SegmentFacts;
}

/** Puts the facts of a file's segments together, offsets counted from the file's start and lines from its first; no types. */
export function assemble(file: Scan, placed: readonly PlacedFacts[], starts: readonly number[]): FileFacts {
  const functions: FunctionFact[] = [];
  const sites: SiteFact[] = [];
  const calls: CallFact[] = [];
  const tables: TableFact[] = [];
  const registrations: RegistrationFact[] = [];
  const macros: MacroFact[] = [];
  const includes: string[] = [];
  const flows: FlowFact[] = [];
  for (const { start, facts } of placed) {
    for (const fact of facts.functions) {
      functions.push({ ...fact, span: shifted(fact.span, start), nameSpan: shifted(fact.nameSpan, start) });
    }
    for (const fact of facts.sites) sites.push(atPlace(fact, start));
    facts.callees.forEach((callee, index) => {
      calls.push({ callee, caller: facts.caller, offset: start + (facts.callOffsets[index] ?? 0) });
    });
    for (const fact of facts.tables) tables.push({ ...fact, span: shifted(fact.span, start) });
    for (const fact of facts.registrations) registrations.push({ ...fact, offset: start + fact.offset });
    for (const fact of facts.macros) macros.push({ ...fact, span: shifted(fact.span, start) });
    includes.push(...facts.includes);
    for (const fact of facts.flows) flows.push(placedFlow(fact, start, starts));
  }
  const commented = suppressionsOf(file, placedInLines(file.text, sites, starts), functions);
  return {
    ...linkageOf(file, functions, tables),
    functions, sites: commented.sites, calls, types: [], tables, registrations, macros, includes, flows, said: null,
    problems: [...file.problems, ...commented.problems],
    objectMemory: objectMemoryOf(file, functions, sites, macros),
  };
}

/** The sites of a file's segments alone. */
export function assembleSites(text: string, placed: readonly PlacedFacts[], starts: readonly number[]): readonly SiteFact[] {
  const sites = placed.flatMap(({ start, facts }) => facts.sites.map((fact) => atPlace(fact, start)));
  return placedInLines(text, sites, starts);
}

function atPlace(fact: PlacedSite, start: number): SiteFact {
  return { ...fact, span: shifted(fact.span, start), nameSpan: shifted(fact.nameSpan, start), line: 0, column: 0 };
}

/** The sites in the order of the text, with line and column. Bytes are counted from site to site, lines being of any length. */
function placedInLines(text: string, sites: readonly SiteFact[], starts: readonly number[]): SiteFact[] {
  let lineStart = 0;
  let from = 0;
  let bytes = 0;
  return [...sites].sort((a, b) => a.span.start - b.span.start).map((site) => {
    const { line } = positionAt(starts, site.span.start);
    if ((starts[line] ?? 0) !== lineStart) {
      from = lineStart = starts[line] ?? 0;
      bytes = 0;
    }
    bytes += Buffer.byteLength(text.slice(from, site.span.start), 'utf8');
    from = site.span.start;
    return { ...site, line: line + 1, column: bytes + 1 };
  });
}

function placedFlow(fact: FlowFact, start: number, starts: readonly number[]): FlowFact {
  const placed = (place: FlowPlace): FlowPlace => {
    const offset = start + place.offset;
    return { ...place, offset, line: positionAt(starts, offset).line + 1 };
  };
  return { ...fact, site: start + fact.site, atomic: fact.atomic === null ? null : placed(fact.atomic), lost: fact.lost.map(placed) };
}

function shifted(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}
