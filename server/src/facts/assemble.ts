import type { Scan } from '../syntax/segment';
import { byteColumn, positionAt, type Span } from '../util/text';
import type { CallFact, FileFacts, FunctionFact, MacroFact, RegistrationFact, SiteFact, TableFact, TypeFact } from './fileFacts';
import type { SegmentFacts } from './segmentFacts';

/** Facts of a segment and where it starts. */
export interface PlacedFacts {
  readonly start: number;
  readonly facts: SegmentFacts;
}

/** Puts the facts of a file's segments together, offsets counted from the file's start and lines from its first. */
export function assemble(file: Scan, placed: readonly PlacedFacts[], starts: readonly number[]): FileFacts {
  const functions: FunctionFact[] = [];
  const sites: SiteFact[] = [];
  const calls: CallFact[] = [];
  const types: TypeFact[] = [];
  const tables: TableFact[] = [];
  const registrations: RegistrationFact[] = [];
  const macros: MacroFact[] = [];
  const includes: string[] = [];
  for (const { start, facts } of placed) {
    for (const fact of facts.functions) {
      functions.push({ ...fact, span: shifted(fact.span, start), nameSpan: shifted(fact.nameSpan, start) });
    }
    for (const fact of facts.sites) sites.push(siteAt(file.text, starts, fact, start));
    facts.callees.forEach((callee, index) => {
      calls.push({ callee, caller: facts.caller, offset: start + (facts.callOffsets[index] ?? 0) });
    });
    for (const fact of facts.types) types.push(shiftedType(fact, start));
    for (const fact of facts.tables) tables.push({ ...fact, span: shifted(fact.span, start) });
    for (const fact of facts.registrations) registrations.push({ ...fact, offset: start + fact.offset });
    for (const fact of facts.macros) macros.push({ ...fact, span: shifted(fact.span, start) });
    includes.push(...facts.includes);
  }
  sites.sort((a, b) => a.span.start - b.span.start);
  return {
    functions, sites, calls, types, tables, registrations, macros, variables: [], includes, problems: file.problems,
  };
}

function siteAt(text: string, starts: readonly number[], fact: SegmentFacts['sites'][number], start: number): SiteFact {
  const span = shifted(fact.span, start);
  return {
    ...fact,
    span,
    nameSpan: shifted(fact.nameSpan, start),
    line: positionAt(starts, span.start).line + 1,
    column: byteColumn(text, starts, span.start),
  };
}

function shifted(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function shiftedType(fact: TypeFact, by: number): TypeFact {
  return { ...fact, span: shifted(fact.span, by) };
}
