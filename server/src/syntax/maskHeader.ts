import { isAnnotationWord } from './annotations';
import { partnerOf } from './brackets';
import { functionHeader } from './header';
import { blank, type MaskContext } from './maskContext';
import { endAt, isIdentifier, startAt, wordAt } from './tokenAccess';
import { qualifiers, storageWords, tagKeywords, typeKeywords } from './words';

const plainHeader = 'void f()';

/**
 * A header made by a macro (`SYSCALL_DEFINE1(swapoff, …)`) becomes `void f()`; in any other, words before the name
 * that are not its type are blanked (`MEM_STATIC size_t f(…)`). Answers the first token that is still to be masked.
 */
export function maskHeader(context: MaskContext): number {
  const { tokens, segment } = context;
  if (segment.kind !== 'function') return segment.first;
  const { name, byMacro } = functionHeader(tokens, segment.first, segment.body);
  if (!byMacro) {
    maskForeignWords(context, name);
    return segment.first;
  }
  const last = segment.body - 1;
  const line = tokens.text.slice(startAt(tokens, segment.first), endAt(tokens, last)).split('\n', 1)[0] ?? '';
  return line.length < plainHeader.length ? segment.first : blank(context, segment.first, last, 'header', plainHeader) + 1;
}

/** Of several names before the function's the last is its type; all are something else where a keyword says the type. */
function maskForeignWords(context: MaskContext, name: number): void {
  const { tokens, segment, brackets } = context;
  const foreign: number[] = [];
  let typed = false;
  for (let at = segment.first; at < name; at++) {
    if (!isIdentifier(tokens, at)) {
      at = Math.max(at, partnerOf(brackets, at));
      continue;
    }
    const word = wordAt(tokens, at);
    if (tagKeywords.has(word)) {
      typed = true;
      at++;
    } else if (typeKeywords.has(word)) typed = true;
    else if (!qualifiers.has(word) && !storageWords.has(word) && !isAnnotationWord(word)) foreign.push(at);
  }
  if (!typed) foreign.pop();
  for (const at of foreign) if (partnerOf(context.brackets, at + 1) === -1) blank(context, at, at, 'annotation');
}
