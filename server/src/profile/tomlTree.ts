import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Located, LocatedEntry } from '../util/located';
import type { Span } from '../util/text';

export type ParsedToml =
  | { readonly ok: true; readonly root: Located }
  | { readonly ok: false; readonly message: string; readonly at: number };

/** TOML 1.0 as located values. The first error ends it; `tomlRecovery` goes on. */
export function parseToml(text: string): ParsedToml {
  try {
    return { ok: true, root: rootOf(parseTOML(text, { tomlVersion: '1.0.0' }), text.length) };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, message: error.message, at: placeOf(error, text) };
    // The parser calls itself for each level.
    if (error instanceof RangeError) return { ok: false, message: 'Values are nested too deeply', at: 0 };
    throw error;
  }
}

/** What misses its end is noticed behind the line break that ends it. */
function placeOf({ message, index }: ParseError, text: string): number {
  const at = Math.min(index, text.length);
  return /^Un(specified|terminated)|same line/.test(message) && text[at - 1] === '\n' ? at - 1 : at;
}

/** A table that is still being filled: TOML may come back to one. */
interface Draft {
  readonly span: Span;
  readonly fields: Map<string, { readonly keySpan: Span; value: Located | Draft | DraftList }>;
}

interface DraftList {
  readonly span: Span;
  readonly drafts: Draft[];
}

function rootOf(program: AST.TOMLProgram, length: number): Located {
  const root: Draft = { span: { start: 0, end: length }, fields: new Map() };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') putValue(root, node);
    else for (const pair of openTable(root, node).items) putValue(pair.into, pair.node);
  }
  return finished(root);
}

function openTable(root: Draft, node: AST.TOMLTable): { readonly items: readonly { into: Draft; node: AST.TOMLKeyValue }[] } {
  const keys = node.key.keys;
  const into = node.kind === 'array' ? appended(within(root, keys.slice(0, -1)), keys.at(-1), node) : within(root, keys);
  return { items: node.body.map((pair) => ({ into, node: pair })) };
}

function putValue(into: Draft, { key, value }: AST.TOMLKeyValue): void {
  const last = key.keys.at(-1);
  if (last !== undefined) within(into, key.keys.slice(0, -1)).fields.set(nameOf(last), { keySpan: spanOf(last), value: valueOf(value) });
}

/** The table that dotted keys lead to, made where it is not there; of a list of tables, its last. */
function within(from: Draft, keys: readonly (AST.TOMLBare | AST.TOMLQuoted)[]): Draft {
  let at = from;
  for (const key of keys) {
    const known = at.fields.get(nameOf(key))?.value;
    const next = known === undefined ? undefined : 'drafts' in known ? known.drafts.at(-1) : 'fields' in known ? known : undefined;
    const made = next ?? { span: spanOf(key), fields: new Map() };
    if (next === undefined) at.fields.set(nameOf(key), { keySpan: spanOf(key), value: made });
    at = made;
  }
  return at;
}

function appended(into: Draft, key: AST.TOMLBare | AST.TOMLQuoted | undefined, node: AST.TOMLTable): Draft {
  const made: Draft = { span: spanOf(node.key), fields: new Map() };
  if (key === undefined) return made;
  const known = into.fields.get(nameOf(key))?.value;
  if (known !== undefined && 'drafts' in known) known.drafts.push(made);
  else into.fields.set(nameOf(key), { keySpan: spanOf(key), value: { span: spanOf(key), drafts: [made] } });
  return made;
}

function finished({ span, fields }: Draft): Located {
  const entries = [...fields].map(([key, { keySpan, value }]): LocatedEntry => ({ key, keySpan, value: finishedValue(value) }));
  return { kind: 'table', span, entries };
}

function finishedValue(value: Located | Draft | DraftList): Located {
  if ('drafts' in value) return { kind: 'list', span: value.span, items: value.drafts.map(finished) };
  return 'fields' in value ? finished(value) : value;
}

function valueOf(node: AST.TOMLContentNode): Located {
  const span = spanOf(node);
  if (node.type === 'TOMLArray') return { kind: 'list', span, items: node.elements.map(valueOf) };
  if (node.type === 'TOMLInlineTable') return inlineTable(node, span);
  switch (node.kind) {
    case 'string': return { kind: 'text', span, text: node.value };
    case 'integer':
    case 'float': return { kind: 'number', span, number: node.value };
    case 'boolean': return { kind: 'flag', span, flag: node.value };
    default: return { kind: 'other', span, what: 'a date or time' };
  }
}

function inlineTable(node: AST.TOMLInlineTable, span: Span): Located {
  const draft: Draft = { span, fields: new Map() };
  for (const pair of node.body) putValue(draft, pair);
  return finished(draft);
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function spanOf({ range }: { readonly range: readonly [number, number] }): Span {
  return { start: range[0], end: range[1] };
}
