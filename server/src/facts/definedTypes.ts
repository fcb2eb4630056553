import { pairBrackets } from '../syntax/brackets';
import { conditionText } from '../syntax/conditions';
import type { Scan, Segment } from '../syntax/segment';
import type { TypeFact } from './fileFacts';
import { typeFactsOf } from './typeFacts';

/** Definitions nest far less; deeper text is hostile and would exhaust the stack of a recursive reader. */
const deepestType = 64;

/** The structures, unions, enumerations and typedefs that a file defines at file scope. */
export function definedTypes(file: Scan): TypeFact[] {
  return file.segments.filter((segment) => definesType(file, segment)).flatMap(({ span, conditions }) =>
    typeFactsOf(file.text.slice(span.start, span.end), conditionText(conditions), span.start));
}

function definesType({ text, tokens }: Scan, { kind, span, first, last }: Segment): boolean {
  if (kind !== 'record' && !(kind === 'declaration' && text.startsWith('typedef', span.start))) return false;
  return pairBrackets(tokens, first, last).deepest <= deepestType;
}
