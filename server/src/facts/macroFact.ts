import { foldText, readDirective } from '../syntax/directives';
import type { Segment } from '../syntax/segment';
import type { MacroFact } from './fileFacts';

export interface Macro {
  /** Offsets relative to the segment. */
  readonly fact: MacroFact;
  /** Where its body starts, in the file. */
  readonly body: number;
}

const head = /([A-Za-z_$][\w$]*)(\([^()]*\))?/y;

/** The macro that a `#define` segment defines; undefined where no name follows. */
export function macroOf(text: string, segment: Segment, condition: string | null): Macro | undefined {
  const { start, end } = segment.span;
  head.lastIndex = readDirective(text, start).operand;
  const match = head.exec(text);
  if (match === null || head.lastIndex > end) return undefined;
  const body = head.lastIndex;
  const fact: MacroFact = {
    name: match[1] ?? '',
    parameters: match[2] === undefined ? null : parameterNames(match[2]),
    body: foldText(text.slice(body, end)),
    span: { start: 0, end: end - start },
    condition,
  };
  return { fact, body };
}

function parameterNames(list: string): string[] {
  return foldText(list.slice(1, -1)).split(',').map((name) => foldText(name)).filter((name) => name !== '');
}
