import type { Located } from '../util/located';
import type { Span } from '../util/text';
import { fieldDoc, type Vocabulary } from './completion';
import { formAt } from './formAt';
import { profileShape } from './profileShape';

export interface ProfileHover {
  /** Plain text; paragraphs are set apart by empty lines. */
  readonly text: string;
  readonly span: Span;
}

/** What a key or a name of a `percpu.toml` means; null elsewhere. */
export function profileHoverAt(tree: Located, offset: number, vocabulary: Vocabulary): ProfileHover | null {
  let found: ProfileHover | null = null;
  walk(tree, [], (path, span, value) => {
    if (found !== null || offset < span.start || offset >= span.end) return;
    const text = meaning(path, value, vocabulary);
    if (text !== null) found = { text, span };
  });
  return found;
}

function walk(value: Located, path: readonly string[], visit: (path: readonly string[], span: Span, value: Located | null) => void): void {
  if (value.kind === 'text') visit(path, value.span, value);
  if (value.kind === 'list') value.items.forEach((item, index) => walk(item, [...path, String(index + 1)], visit));
  if (value.kind !== 'table') return;
  for (const { key, keySpan, value: inner } of value.entries) {
    visit([...path, key], keySpan, null);
    walk(inner, [...path, key], visit);
  }
}

/** `value` null: of the key itself. */
function meaning(path: readonly string[], value: Located | null, { machines, rules, strategies }: Vocabulary): string | null {
  if (value?.kind === 'text') {
    const word = value.text;
    if (path[0] === 'machine') return described(word, machines);
    return path[0] === 'suppress' && path.includes('id') ? described(word, new Map([...rules, ...strategies])) : null;
  }
  const at = formAt(profileShape.form, path);
  if (path[0] === 'machines' && path.length === 2) return described(path[1] ?? '', machines);
  if (path[0] === 'rules' && path.length === 2) return described(path[1] ?? '', rules);
  if (at?.field == null) return null;
  return `${path.at(-1) ?? ''}: ${fieldDoc(at.field)}`;
}

function described(word: string, words: ReadonlyMap<string, string>): string | null {
  const doc = words.get(word);
  return doc === undefined ? null : `${word}: ${doc}`;
}
