/**
 * Whether a preprocessor condition holds where only some of its operands are known: `A || B` holds when one of them does,
 * whatever the other says. `known` answers for an operand without `&&`, `||` and `!` around it; null is not known.
 */
export function partlyKnown(condition: string, known: (operand: string) => boolean | null): boolean | null {
  const text = unwrapped(condition);
  const any = operandsOf(text, '||');
  if (any.length > 1) return joined(any, true, known);
  const all = operandsOf(text, '&&');
  if (all.length > 1) return joined(all, false, known);
  if (/^!(?!=)/.test(text) && isWhole(text.slice(1).trim())) return negated(partlyKnown(text.slice(1), known));
  return known(text);
}

/** One operand that is `decisive` decides; without it all must be known. */
function joined(operands: readonly string[], decisive: boolean, known: (operand: string) => boolean | null): boolean | null {
  const values = operands.map((operand) => partlyKnown(operand, known));
  if (values.includes(decisive)) return decisive;
  return values.includes(null) ? null : !decisive;
}

function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

/** What `!` takes in whole: a name, a call or a group, not the left side of a comparison. */
function isWhole(text: string): boolean {
  return /^!*\s*\w*\s*$/.test(text) || (/^!*\s*\w*\s*\(/.test(text) && closingOf(text, text.indexOf('(')) === text.length - 1);
}

function unwrapped(text: string): string {
  const inner = text.trim();
  return inner.startsWith('(') && closingOf(inner, 0) === inner.length - 1 ? unwrapped(inner.slice(1, -1)) : inner;
}

/** Place of the parenthesis that closes the one at `open`; -1 where none does. */
function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let at = Math.max(open, 0); at < text.length; at++) {
    depth += depthChange(text[at]);
    if (depth === 0) return at;
  }
  return -1;
}

function depthChange(character: string | undefined): number {
  return character === '(' ? 1 : character === ')' ? -1 : 0;
}

/** The parts between an operator that stands in no parentheses; a choice with `?` is one part. */
function operandsOf(text: string, operator: '&&' | '||'): readonly string[] {
  if (text.includes('?')) return [text];
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    depth += depthChange(text[at]);
    if (depth !== 0 || !text.startsWith(operator, at)) continue;
    parts.push(text.slice(start, at));
    start = at + operator.length;
    at = start - 1;
  }
  return [...parts, text.slice(start)];
}
