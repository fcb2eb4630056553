import type { Catalogue } from '../kernel/catalogue';
import { conditionAt } from '../syntax/conditionAt';
import { conditionText } from '../syntax/conditions';
import { foldText, readDirective } from '../syntax/directives';
import { parsePiece, parseSegment } from '../syntax/parse';
import type { Scan, Segment } from '../syntax/segment';
import { startAt } from '../syntax/tokenAccess';
import { tokenize } from '../syntax/tokens';
import { mentionsOfCalls, verdictOf, type Mention } from './callTokens';
import { fileScopeSites } from './fileScopeSites';
import { flowFacts } from './flow/flowFacts';
import { functionFact } from './functionFact';
import { macroOf } from './macroFact';
import { registrationFact } from './registrationFact';
import { noFacts, type SegmentFacts } from './segmentFacts';
import { bodySites, type Candidate, type Code } from './siteFacts';
import { tableFact } from './tableFact';

/** Facts of one segment: they follow from its text, its kind and the conditions around it alone. */
export function analyseSegment(scan: Scan, segment: Segment, catalogue: Catalogue): SegmentFacts {
  switch (segment.kind) {
    case 'include':
      return { ...noFacts, includes: [includedFile(scan.text, segment)] };
    case 'define':
      return macroFacts(scan, segment, catalogue);
    case 'function':
      return functionFacts(scan, segment, catalogue);
    case 'fragment':
      return segment.body === -1 ? fileScopeFacts(scan, segment, catalogue) : bodyFacts(scan, segment, catalogue, null);
    case 'record':
    case 'initialiser':
    case 'declaration':
    case 'invocation':
      return fileScopeFacts(scan, segment, catalogue);
  }
}

/** The same without what the ways through a function say: all that is asked for where its sites alone are. */
export function segmentSites(scan: Scan, segment: Segment, catalogue: Catalogue): SegmentFacts {
  return segment.kind === 'function' ? namedFunctionFacts(scan, segment, catalogue) : analyseSegment(scan, segment, catalogue);
}

function includedFile(text: string, { span }: Segment): string {
  return foldText(text.slice(readDirective(text, span.start).operand, span.end));
}

function candidatesIn(mentions: readonly Mention[], catalogue: Catalogue): Candidate[] {
  const candidates: Candidate[] = [];
  for (const mention of mentions) {
    const api = catalogue.byName.get(mention.word);
    if (api !== undefined) candidates.push({ mention, api });
  }
  return candidates;
}

function functionFacts(scan: Scan, segment: Segment, catalogue: Catalogue): SegmentFacts {
  const facts = namedFunctionFacts(scan, segment, catalogue);
  const flows = facts.sites.length === 0 ? [] : flowFacts(scan.tokens, segment.body, segment.last, segment.span.start, facts.sites);
  return { ...facts, flows };
}

function namedFunctionFacts(scan: Scan, segment: Segment, catalogue: Catalogue): SegmentFacts {
  const fact = functionFact(scan.tokens, segment, conditionText(segment.conditions));
  return { ...bodyFacts(scan, segment, catalogue, fact?.name ?? null), functions: fact === undefined ? [] : [fact] };
}

function bodyFacts(scan: Scan, segment: Segment, catalogue: Catalogue, name: string | null): SegmentFacts {
  const { tokens } = scan;
  const { last, span } = segment;
  const first = segment.body;
  const mentions = mentionsOfCalls(tokens, first, last);
  const candidates = candidatesIn(mentions, catalogue);
  const code: Code = {
    tokens, first, last, base: span.start, function: name, inMacro: false, conditionAt: (offset) => conditionAt(scan, offset),
  };
  return {
    ...noFacts,
    ...callsOf(code, mentions),
    sites: candidates.length === 0 ? [] : bodySites(code, candidates, (places) => parseSegment(scan, segment, places)),
  };
}

/** Every call of a body, by tokens: what cannot be told from a declaration counts, as most such places are calls. */
function callsOf(code: Code, mentions: readonly Mention[]): Pick<SegmentFacts, 'caller' | 'callees' | 'callOffsets'> {
  const calls = mentions.filter(({ at }) => verdictOf(code.tokens, at, code.first) !== 'none');
  return {
    caller: code.function,
    callees: calls.map(({ word }) => word),
    callOffsets: calls.map(({ at }) => startAt(code.tokens, at) - code.base),
  };
}

function macroFacts(scan: Scan, segment: Segment, catalogue: Catalogue): SegmentFacts {
  const { text } = scan;
  const { start, end } = segment.span;
  const condition = conditionText(segment.conditions);
  const macro = macroOf(text, segment, condition);
  if (macro === undefined) return noFacts;
  const tokens = tokenize(text, macro.body, end, false);
  const mentions = mentionsOfCalls(tokens, 0, tokens.count);
  const candidates = candidatesIn(mentions, catalogue);
  const code: Code = {
    tokens, first: 0, last: tokens.count, base: start, function: macro.fact.name, inMacro: true, conditionAt: () => condition,
  };
  const sites = candidates.length === 0 ? [] : bodySites(code, candidates, (places) => parsePiece(tokens, { start: macro.body, end }, places));
  return { ...noFacts, ...callsOf(code, mentions), sites, macros: [macro.fact] };
}

function fileScopeFacts(scan: Scan, segment: Segment, catalogue: Catalogue): SegmentFacts {
  const { tokens } = scan;
  const { first, last, span, kind } = segment;
  const condition = conditionText(segment.conditions);
  const candidates = candidatesIn(mentionsOfCalls(tokens, first, last), catalogue);
  const code: Code = {
    tokens, first, last, base: span.start, function: null, inMacro: false, conditionAt: (offset) => conditionAt(scan, offset),
  };
  const table = kind === 'initialiser' ? tableFact(tokens, segment, condition) : undefined;
  const registration = kind === 'invocation' ? registrationFact(tokens, segment) : undefined;
  return {
    ...noFacts,
    sites: candidates.length === 0 ? [] : fileScopeSites(code, candidates),
    tables: table === undefined ? [] : [table],
    registrations: registration === undefined ? [] : [registration],
  };
}
