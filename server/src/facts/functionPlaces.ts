import { conditionText } from '../syntax/conditions';
import { scan } from '../syntax/segments';
import type { Condition } from './fileFacts';
import { functionFact } from './functionFact';

/** Where a function stands in its file. */
export interface FunctionPlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly condition: Condition;
}

/** The functions that a text defines, in its order: those of `fileFacts`, by the lexical pass alone. */
export function functionPlaces(text: string): readonly FunctionPlace[] {
  const file = scan(text);
  return file.segments.flatMap((segment) => {
    const condition = conditionText(segment.conditions);
    const fact = segment.kind === 'function' ? functionFact(file.tokens, segment, condition) : undefined;
    return fact === undefined ? [] : [{ name: fact.name, start: segment.span.start, end: segment.span.end, condition }];
  });
}

/** True where a function's body may define a type: other functions of the file are told its name too. */
export function definesType(body: string): boolean {
  return /\btypedef\b|\b(?:struct|union|enum)\b[^;{]*\{/.test(body);
}
