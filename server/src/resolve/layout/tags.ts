import type { Declaration } from '../../facts/declarations';
import { definitionsIn } from '../../facts/definitionsIn';
import type { EnumFact, RecordFact } from '../../facts/fileFacts';
import type { SourceFile } from '../preprocess/headers';
import { unresolved } from '../unresolved';
import { measure } from './measure';
import { type Context, declarationsAt, type TagKind } from './unitContext';

/** The definition of a tag in force in a unit. */
export function tagged(context: Context, kind: TagKind, name: string): RecordFact | EnumFact | undefined {
  const key = `${kind} ${name}`;
  if (!context.tags.has(key)) context.tags.set(key, findTag(context, kind, name));
  return context.tags.get(key);
}

/** As written, at file scope before in functions; then made by a macro at file scope; then by a macro in a record. */
function findTag(context: Context, kind: TagKind, name: string): RecordFact | EnumFact | undefined {
  const places = context.unit.tags(name).filter(({ item }) => item.kind === kind);
  for (const place of places.filter(({ item }) => !item.local)) {
    const found = definitionIn(declarationsAt(context, place), kind, name);
    if (found !== undefined) return found;
  }
  const local = places.filter(({ item }) => item.local).flatMap((place) => definitionIn(declarationsAt(context, place), kind, name) ?? []);
  if (local.length > 1 && !sameSize(context, local)) return unresolved(`several functions define a ${kind} ${name} of their own`);
  if (local[0] !== undefined) return local[0];
  return definitionIn(context.generated(name), kind, name) ?? nestedTag(context, kind, name);
}

function sameSize(context: Context, definitions: readonly (RecordFact | EnumFact)[]): boolean {
  const sizes = definitions.map((definition) => measure(context, { kind: 'inline', definition }).size);
  return sizes.every((size) => size === sizes[0]);
}

function definitionIn(declarations: readonly Declaration[], kind: TagKind, name: string): RecordFact | EnumFact | undefined {
  for (const { type } of declarations) {
    const found = definitionsIn(type).find((definition) => definition.kind === kind && definition.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A tag that a macro names inside a record: `struct_group_tagged(tag, member, …)`. */
function nestedTag(context: Context, kind: TagKind, name: string): RecordFact | EnumFact | undefined {
  for (const place of context.unit.all('struct', 'union')) {
    const { file, item } = place;
    if (!mentions(context, file, name) || !file.text.slice(item.start, item.end).includes(name)) continue;
    const found = definitionIn(declarationsAt(context, place), kind, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mentions(context: Context, file: SourceFile, name: string): boolean {
  if (context.mentioned.name !== name) context.mentioned = { name, files: new Map() };
  let answer = context.mentioned.files.get(file);
  if (answer === undefined) {
    answer = file.text.includes(name);
    context.mentioned.files.set(file, answer);
  }
  return answer;
}
