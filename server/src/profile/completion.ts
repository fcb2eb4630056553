import type { Form, FormField } from '../util/form';
import { expected } from '../util/form';
import type { Span } from '../util/text';
import { cursorAt, type TomlCursor } from './cursor';
import { formAt, tableIn } from './formAt';
import { profileShape } from './profileShape';

/** Names that are known outside the file's own description. */
export interface Vocabulary {
  /** Machines with what they are. */
  readonly machines: ReadonlyMap<string, string>;
  /** Rules with what they find. */
  readonly rules: ReadonlyMap<string, string>;
  /** Strategies with what they do. */
  readonly strategies: ReadonlyMap<string, string>;
}

export interface Proposal {
  readonly label: string;
  readonly doc: string;
  /** What replaces `span`; `${1:…}` marks places to fill in. */
  readonly snippet: string;
  readonly span: Span;
  readonly kind: 'table' | 'key' | 'value';
}

/** What may be written at a place of a `percpu.toml`. */
export function proposalsAt(text: string, offset: number, vocabulary: Vocabulary): readonly Proposal[] {
  const cursor = cursorAt(text, offset);
  switch (cursor.at) {
    case 'comment': return [];
    case 'header': return headerProposals(cursor);
    case 'key': return [...keyProposals(cursor, text, vocabulary), ...(isLineStart(text, cursor) ? headerProposals(cursor) : [])];
    case 'value': return valueProposals(cursor, text, vocabulary);
  }
}

function isLineStart(text: string, { word }: TomlCursor): boolean {
  const lineStart = text.lastIndexOf('\n', word.start - 1) + 1;
  return text.slice(lineStart, word.start).trim() === '';
}

function headerProposals({ word }: TomlCursor): Proposal[] {
  return headersOf(profileShape.form, []).map(({ header, doc, form }) => ({
    label: header.replace(/\$\{\d+:([^}]*)\}/g, '$1'), doc, kind: 'table' as const, span: word, snippet: `${header}\n${requiredLines(form)}`,
  }));
}

interface Header {
  readonly header: string;
  readonly doc: string;
  readonly form: Form;
}

/** Tables that are written with a header: those at the top, and one level below where that holds tables alone. */
function headersOf(form: Form, path: readonly string[]): Header[] {
  if (form.kind !== 'table') return [];
  return [...form.fields].flatMap(([name, field]): Header[] => {
    const at = [...path, name];
    const inner = field.form;
    if (inner.kind === 'list' && tableIn(inner) !== undefined) return [{ header: `[[${at.join('.')}]]`, doc: field.doc, form: inner }];
    if (inner.kind === 'map' && tableIn(inner.value) !== undefined) return [{ header: `[${at.join('.')}.\${1:name}]`, doc: field.doc, form: inner.value }];
    if (inner.kind === 'table' && [...inner.fields.values()].every((one) => tableIn(one.form) !== undefined)) return headersOf(inner, at);
    return inner.kind === 'table' || inner.kind === 'map' ? [{ header: `[${at.join('.')}]`, doc: field.doc, form: inner }] : [];
  });
}

function requiredLines(form: Form): string {
  const table = tableIn(form);
  if (table?.kind !== 'table') return '';
  const fields = [...table.fields].filter(([, { required }]) => required);
  return fields.map(([name, field], index) => `${name} = ${placeholder(field.form, index + 2)}\n`).join('');
}

/** What to fill in for a value of a form, with a first guess. */
function placeholder(form: Form, index: number): string {
  switch (form.kind) {
    case 'whole': return `\${${index}:${form.least}}`;
    case 'amount':
    case 'spread': return `\${${index}:${form.least}}`;
    case 'flag': return `\${${index}|true,false|}`;
    case 'text': return form.choices === null ? `"\${${index}}"` : `"\${${index}|${form.choices.join(',')}|}"`;
    case 'list': return `[\${${index}}]`;
    case 'map': return `{ \${${index}} }`;
    case 'table': return `{ ${[...form.fields].filter(([, { required }]) => required).map(([name, field], inner) => `${name} = ${placeholder(field.form, index * 10 + inner)}`).join(', ')} }`;
    case 'either': return form.forms[0] === undefined ? '' : placeholder(form.forms[0], index);
    case 'named': return placeholder(form.form(), index);
  }
}

function keyProposals({ path, word, tableStart }: TomlCursor, text: string, vocabulary: Vocabulary): Proposal[] {
  const at = formAt(profileShape.form, path);
  const table = at === undefined ? undefined : tableIn(at.form);
  if (table === undefined) return [];
  const written = keysWritten(text, tableStart);
  if (table.kind === 'map') {
    const names = path.join('.') === 'rules' ? vocabulary.rules : new Map((table.names ?? []).map((name) => [name, '']));
    return [...names].filter(([name]) => !written.has(name)).map(([name, doc]) => keyProposal(name, doc, table.value, word));
  }
  return [...table.fields]
    .filter(([name, { form }]) => !written.has(name) && !(path.length === 0 && tableIn(form) !== undefined))
    .map(([name, field]) => keyProposal(name, fieldDoc(field), field.form, word));
}

function keyProposal(name: string, doc: string, form: Form, span: Span): Proposal {
  return { label: name, doc, kind: 'key', span, snippet: `${name} = ${placeholder(form, 1)}` };
}

/** What a field means, and what it has to be. */
export function fieldDoc({ doc, form, required }: FormField): string {
  return `${doc}\n\n${required ? 'Required: ' : ''}${expected(form)}.`;
}

/** Keys at the start of the lines of one table. */
function keysWritten(text: string, start: number): ReadonlySet<string> {
  const end = /^[ \t]*\[/m.exec(text.slice(start))?.index ?? text.length;
  return new Set([...text.slice(start, start + end).matchAll(/^[ \t]*([\w-]+)[ \t]*=/gm)].map(([, key]) => key ?? ''));
}

function valueProposals({ path, word, quoted }: TomlCursor, text: string, vocabulary: Vocabulary): Proposal[] {
  const at = formAt(profileShape.form, path);
  if (at === undefined) return [];
  const words = wordsOf(path, at.form, vocabulary);
  if (words.size === 0 && !quoted && text.slice(word.start, word.end) === '') {
    const snippet = placeholder(at.form, 1);
    return [{ label: snippet.replace(/\$\{\d+[:|]?([^}|,]*)[^}]*\}/g, '$1'), doc: at.field === null ? expected(at.form) : fieldDoc(at.field), kind: 'value', span: word, snippet }];
  }
  const isText = at.form.kind !== 'flag';
  return [...words].map(([label, doc]) => ({ label, doc, kind: 'value' as const, span: word, snippet: isText ? `"${label}"` : label }));
}

function wordsOf(path: readonly string[], form: Form, { machines, rules, strategies }: Vocabulary): ReadonlyMap<string, string> {
  if (path.join('.') === 'machine') return machines;
  if (path[0] === 'suppress' && path.includes('id')) return new Map([...rules, ...strategies, ['all', 'Every rule and strategy.']]);
  return new Map(choicesOf(form).map((choice) => [choice, '']));
}

function choicesOf(form: Form): readonly string[] {
  switch (form.kind) {
    case 'text': return form.choices ?? [];
    case 'flag': return ['true', 'false'];
    case 'either': return form.forms.flatMap(choicesOf);
    case 'named': return choicesOf(form.form());
    default: return [];
  }
}
