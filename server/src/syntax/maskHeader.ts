import { functionHeader } from './header';
import { blank, type MaskContext } from './maskContext';
import { endAt, startAt } from './tokenAccess';

const plainHeader = 'void f()';

/**
 * A header made by a macro (`SYSCALL_DEFINE1(swapoff, …)`) becomes `void f()`. Answers the first token that is
 * still to be masked.
 */
export function maskMacroHeader(context: MaskContext): number {
  const { tokens, segment } = context;
  if (segment.kind !== 'function' || !functionHeader(tokens, segment.first, segment.body).byMacro) return segment.first;
  const last = segment.body - 1;
  const line = tokens.text.slice(startAt(tokens, segment.first), endAt(tokens, last)).split('\n', 1)[0] ?? '';
  return line.length < plainHeader.length ? segment.first : blank(context, segment.first, last, 'header', plainHeader) + 1;
}
