/** What a condition comes to: true, false, or not known. */
export type Truth = boolean | null;

/** Works out a C condition from its atoms: what stands between `&&`, `||` and `!`. */
export function truthOf(condition: string, atom: (text: string) => Truth): Truth {
  const text = condition.trim();
  const alternatives = split(text, '||');
  if (alternatives.length > 1) return any(alternatives.map((part) => truthOf(part, atom)));
  const parts = split(text, '&&');
  if (parts.length > 1) return not(any(parts.map((part) => not(truthOf(part, atom)))));
  const known = atom(text);
  if (known !== null) return known;
  if (text.startsWith('!') && text[1] !== '=') return not(truthOf(text.slice(1), atom));
  const inner = unwrapped(text);
  return inner === null ? null : truthOf(inner, atom);
}

function any(values: readonly Truth[]): Truth {
  if (values.includes(true)) return true;
  return values.includes(null) ? null : false;
}

function not(value: Truth): Truth {
  return value === null ? null : !value;
}

/** The inside of parentheses around the whole, or of `likely(…)`. */
function unwrapped(text: string): string | null {
  const open = /^(?:(?:un)?likely\s*)?\(/.exec(text);
  if (open === null || !text.endsWith(')')) return null;
  const inside = text.slice(open[0].length, -1);
  let depth = 0;
  for (const character of inside) {
    if (character === '(') depth++;
    else if (character === ')' && --depth < 0) return null;
  }
  return depth === 0 ? inside : null;
}

/** Parts of a condition between an operator outside parentheses; a choice with `?` is one part. */
function split(text: string, operator: '&&' | '||'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (depth === 0 && character === '?') return [text];
    else if (depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(from, at));
      from = at + 2;
      at++;
    }
  }
  return [...parts, text.slice(from)];
}
