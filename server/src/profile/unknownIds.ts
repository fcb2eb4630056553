import type { Located } from '../util/located';
import { nearest, type ShapeProblem } from '../util/shape';
import type { Vocabulary } from './completion';

/** Names of rules and strategies that this version does not have: a slip, or of another version, so they are kept. */
export function unknownIds(tree: Located, { rules, strategies }: Vocabulary): ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  const both = ['all', ...rules.keys(), ...strategies.keys()];
  const warn = (word: string, span: Located['span'], path: readonly string[], what: string, known: readonly string[]): void => {
    if (known.length === 0 || known.includes(word)) return;
    const near = nearest(word, known);
    problems.push({ message: `"${word.slice(0, 40)}" is no ${what} of this version; ${near === null ? `there are ${known.join(', ')}` : `did you mean "${near}"?`}`, span, path, severity: 'warning' });
  };
  for (const { key, keySpan } of entriesOf(tree, 'rules')) warn(key, keySpan, ['rules', key], 'rule', [...rules.keys()]);
  for (const { value, path } of suppressedIds(tree)) if (value.kind === 'text') warn(value.text, value.span, path, 'rule or strategy', both);
  return problems;
}

function entriesOf(tree: Located, name: string): Extract<Located, { kind: 'table' }>['entries'] {
  const value = tree.kind === 'table' ? tree.entries.find(({ key }) => key === name)?.value : undefined;
  return value?.kind === 'table' ? value.entries : [];
}

function suppressedIds(tree: Located): { readonly value: Located; readonly path: readonly string[] }[] {
  const list = tree.kind === 'table' ? tree.entries.find(({ key }) => key === 'suppress')?.value : undefined;
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item, index) => {
    const id = item.kind === 'table' ? item.entries.find(({ key }) => key === 'id')?.value : undefined;
    const path = ['suppress', String(index + 1), 'id'];
    if (id === undefined) return [];
    return id.kind === 'list' ? id.items.map((value) => ({ value, path })) : [{ value: id, path }];
  });
}
