import { type Token, tokensOf } from '../../facts/cTokens';
import { type Declaration, declarationsOf, expandedReaderOf } from '../../facts/declarations';
import type { EnumFact, RecordFact, TypeExpression } from '../../facts/fileFacts';
import type { OutlineItem } from '../../facts/outline';
import { kernelScalar, scalarLayout } from '../../kernel/abi';
import type { Constant } from '../expression/evaluate';
import { evaluate } from '../expression/evaluate';
import { expressionType } from '../expression/expressionType';
import { parseExpressionTokens, parseTypeName } from '../expression/parseExpression';
import type { TypeContext } from '../expression/typeContext';
import { configuredTokens } from '../preprocess/configuredTokens';
import { expand } from '../preprocess/macros';
import type { SourceFile } from '../preprocess/headers';
import type { Place, TranslationUnit } from '../preprocess/translationUnit';
import { attempt, unresolved } from '../unresolved';
import { definitionsIn } from '../../facts/definitionsIn';
import { generatedTypes, type GeneratedTypes } from './generatedTypes';
import { enumMeasure, type LayoutSource, layoutRecord, type Measure, type MemberLayout, type RecordLayout, requestedAlignment } from './recordLayout';

/**
 * Results that hold in every translation unit of one configuration: a definition in a header means the same to all
 * that include it.
 */
export interface LayoutCache {
  readonly declarations: WeakMap<OutlineItem, readonly Declaration[]>;
  readonly layouts: WeakMap<RecordFact, RecordLayout>;
  readonly enumerations: WeakMap<EnumFact, Enumeration>;
}

type TagKind = 'struct' | 'union' | 'enum';

interface Enumeration {
  readonly values: ReadonlyMap<string, bigint>;
  readonly measure: Measure & { readonly type: string };
}

export function newLayoutCache(): LayoutCache {
  return { declarations: new WeakMap(), layouts: new WeakMap(), enumerations: new WeakMap() };
}

/** Types, constants and layouts as they are in one translation unit. */
export interface UnitTypes extends TypeContext {
  readonly unit: TranslationUnit;
  readonly record: (kind: 'struct' | 'union', name: string) => RecordFact | undefined;
  readonly recordLayout: (type: TypeExpression) => RecordLayout;
  /** Parses a type as written (`struct x`, `u64 *`, `typeof(*p)`), macros expanded; undefined where it is none. */
  readonly typeOf: (text: string) => TypeExpression | undefined;
  /** Type of an expression as written; throws Unresolved. */
  readonly typeOfExpression: (text: string) => TypeExpression;
  readonly constant: (text: string) => Constant;
  /** File that defines a struct, union or enum. */
  readonly definedIn: (tag: 'struct' | 'union' | 'enum', name: string) => string | undefined;
}

interface Context {
  readonly unit: TranslationUnit;
  readonly cache: LayoutCache;
  readonly types: UnitTypes;
  readonly typedefs: Map<string, Declaration | undefined>;
  readonly tags: Map<string, RecordFact | EnumFact | undefined>;
  /** Enumerators that macros make, once they were needed. */
  made: ReadonlyMap<string, Constant> | undefined;
  /** Files of the unit that hold the name asked for last. */
  mentioned: { readonly name: string; readonly files: Map<SourceFile, boolean> };
  readonly generated: GeneratedTypes;
  /** Definitions in progress: one that needs itself is no finite type. */
  readonly open: Set<object>;
}

export function unitTypes(unit: TranslationUnit, cache: LayoutCache, variable: (name: string) => TypeExpression | undefined): UnitTypes {
  const typedefs = new Map<string, Declaration | undefined>();
  const types: UnitTypes = {
    abi: unit.headers.abi,
    unit,
    isTypeName: (name) => typedefOf(context, name) !== undefined,
    enumerator: (name) => enumerator(context, name),
    variable,
    layout: (type) => measure(context, type),
    strip: (type) => strip(context, type),
    member: (type, name) => memberOf(context, type, name),
    record: (kind, name) => tagged(context, kind, name) as RecordFact | undefined,
    recordLayout: (type) => recordLayoutOf(context, type),
    typeOf: (text) => parseTypeName(expanded(context, tokensOf(text)), types.isTypeName),
    typeOfExpression: (text) => expressionType(parseExpressionTokens(expanded(context, tokensOf(text)), types.isTypeName), types),
    definedIn: (tag, name) => context.unit.tags(name).find(({ item }) => item.kind === tag)?.file.path,
    constant: (text) => evaluate(parseExpressionTokens(expanded(context, tokensOf(text)), types.isTypeName), types),
  };
  const context: Context = {
    unit,
    cache,
    types,
    typedefs,
    tags: new Map(),
    made: undefined,
    mentioned: { name: '', files: new Map() },
    generated: generatedTypes(unit),
    open: new Set(),
  };
  return types;
}

function expanded(context: Context, tokens: readonly Token[]): Token[] {
  return expand(tokens, context.unit.macrosAt(context.unit.end));
}

/** Value of an expression whose macros are expanded already. */
function constantOf(context: Context, text: string): Constant {
  return evaluate(parseExpressionTokens(tokensOf(text), context.types.isTypeName), context.types);
}

function layoutSource(context: Context): LayoutSource {
  return {
    abi: context.types.abi,
    measure: (type) => measure(context, type),
    constant: (text) => Number(constantOf(context, text).value),
  };
}

/** End of the statement that a definition begins: attributes may stand between `}` and `;`. */
function statementEnd(text: string, from: number): number {
  const semicolon = text.indexOf(';', from);
  return semicolon === -1 || semicolon - from > 4_000 ? from : semicolon;
}

function declarationsAt(context: Context, place: Place): readonly Declaration[] {
  const known = context.cache.declarations.get(place.item);
  if (known !== undefined) return known;
  const { file, item } = place;
  const tokens = configuredTokens(context.unit, file, item.start, statementEnd(file.text, item.end), place.sequence);
  const declarations = declarationsOf(expandedReaderOf(tokens, place.pack));
  context.cache.declarations.set(item, declarations);
  return declarations;
}

function tagged(context: Context, kind: TagKind, name: string): RecordFact | EnumFact | undefined {
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

function typedefOf(context: Context, name: string): Declaration | undefined {
  if (context.typedefs.has(name)) return context.typedefs.get(name);
  context.typedefs.set(name, undefined);
  for (const place of context.unit.typedefs(name)) {
    const found = declarationsAt(context, place).find((declaration) => declaration.isTypedef && declaration.name === name);
    if (found === undefined) continue;
    context.typedefs.set(name, found);
    return found;
  }
  const generated = context.generated(name).find((declaration) => declaration.isTypedef && declaration.name === name);
  const found = generated ?? scalarTypedef(name);
  context.typedefs.set(name, found);
  return found;
}

/** What the kernel's headers define, for code that is read without them. */
function scalarTypedef(name: string): Declaration | undefined {
  const scalar = kernelScalar(name);
  if (scalar === null) return undefined;
  return { name, type: { kind: 'scalar', name: scalar }, bits: null, packed: false, aligned: [], isTypedef: true, condition: null };
}

function strip(context: Context, type: TypeExpression): TypeExpression {
  switch (type.kind) {
    case 'named': {
      const found = typedefOf(context, type.name) ?? unresolved(`no definition of the type ${type.name} found`);
      return strip(context, found.type);
    }
    case 'typeof':
      return strip(context, typeofType(context, type.expression));
    case 'macro':
      return unresolved(`the macro ${type.text} is not defined where it is used`);
    default:
      return type;
  }
}

function typeofType(context: Context, text: string): TypeExpression {
  const tokens = tokensOf(text);
  const type = parseTypeName(tokens, context.types.isTypeName);
  return type ?? expressionType(parseExpressionTokens(tokens, context.types.isTypeName), context.types);
}

function measure(context: Context, type: TypeExpression): Measure {
  switch (type.kind) {
    case 'scalar':
      return scalarLayout(context.types.abi, type.name) ?? unresolved(`the size of ${type.name} is not known`);
    case 'pointer':
      return { size: 8, align: 8 };
    case 'function':
      return { size: 1, align: 1 };
    case 'array':
      return arrayMeasure(context, type.of, type.length);
    case 'named':
      return typedefMeasure(context, type.name);
    case 'typeof':
      return measure(context, typeofType(context, type.expression));
    case 'macro':
      return unresolved(`the macro ${type.text} is not defined where it is used`);
    case 'tagged':
    case 'inline':
      return definedMeasure(context, type);
  }
}

function arrayMeasure(context: Context, of: TypeExpression, length: string | null): Measure {
  const element = measure(context, of);
  if (length === null) return { size: 0, align: element.align };
  const count = Number(constantOf(context, length).value);
  if (count < 0) return unresolved(`an array of ${count} elements`);
  return { size: element.size * count, align: element.align };
}

/** An alignment given to a typedef replaces that of its type. */
function typedefMeasure(context: Context, name: string): Measure {
  const found = typedefOf(context, name) ?? unresolved(`no definition of the type ${name} found`);
  const { size, align } = measure(context, found.type);
  return { size, align: requestedAlignment(found.aligned, layoutSource(context)) ?? align };
}

function definedMeasure(context: Context, type: TypeExpression & { kind: 'tagged' | 'inline' }): Measure {
  const definition = type.kind === 'inline' ? type.definition : tagged(context, type.tag, type.name);
  if (definition === undefined) return unresolved(`no definition of ${type.kind === 'tagged' ? `${type.tag} ${type.name}` : ''} found`);
  return definition.kind === 'enum' ? enumerationOf(context, definition).measure : layoutOf(context, definition);
}

function recordLayoutOf(context: Context, type: TypeExpression): RecordLayout {
  const stripped = strip(context, type);
  if (stripped.kind !== 'tagged' && stripped.kind !== 'inline') return unresolved('not a struct or union');
  const definition = stripped.kind === 'inline' ? stripped.definition : tagged(context, stripped.tag, stripped.name);
  if (definition === undefined || definition.kind === 'enum') return unresolved(`no definition of ${stripped.kind === 'tagged' ? `${stripped.tag} ${stripped.name}` : 'the type'} found`);
  return layoutOf(context, definition);
}

function layoutOf(context: Context, record: RecordFact): RecordLayout {
  const known = context.cache.layouts.get(record);
  if (known !== undefined) return known;
  if (context.open.has(record)) return unresolved(`${record.kind} ${record.name ?? ''} contains itself`);
  context.open.add(record);
  try {
    const layout = layoutRecord(record, layoutSource(context));
    context.cache.layouts.set(record, layout);
    return layout;
  } finally {
    context.open.delete(record);
  }
}

function enumerationOf(context: Context, definition: EnumFact): Enumeration {
  const known = context.cache.enumerations.get(definition);
  if (known !== undefined) return known;
  const values = new Map<string, bigint>();
  // Enumerators may use those before them: they are looked up while the map fills.
  const partial: Enumeration = { values, measure: { size: 4, align: 4, type: 'int' } };
  context.cache.enumerations.set(definition, partial);
  let next = 0n;
  try {
    for (const { name, value } of definition.enumerators) {
      if (value !== null) next = constantOf(context, value).value;
      values.set(name, next);
      next += 1n;
    }
  } catch (error) {
    context.cache.enumerations.delete(definition);
    throw error;
  }
  const result = { values, measure: enumMeasure([...values.values()], definition.packed) };
  context.cache.enumerations.set(definition, result);
  return result;
}

function enumerator(context: Context, name: string): Constant | undefined {
  for (const place of context.unit.enumerators(name)) {
    const found = enumeratorsAt(context, place).get(name);
    if (found !== undefined) return found;
  }
  context.made ??= madeEnumerators(context);
  return context.made.get(name);
}

function enumeratorsAt(context: Context, place: Place): ReadonlyMap<string, Constant> {
  const found = new Map<string, Constant>();
  for (const { type } of declarationsAt(context, place)) {
    for (const definition of definitionsIn(type)) {
      if (definition.kind !== 'enum') continue;
      for (const [name, value] of enumerationOf(context, definition).values) found.set(name, { value, type: enumeratorType(value) });
    }
  }
  return found;
}

function enumeratorType(value: bigint): string {
  if (value >= -(1n << 31n) && value < 1n << 31n) return 'int';
  return value >= 0n && value < 1n << 32n ? 'unsigned int' : 'long';
}

/** Enumerators of lists that are macros: `enum { FOO_LIST(ITEM) FOO_COUNT };`. */
function madeEnumerators(context: Context): ReadonlyMap<string, Constant> {
  const made = new Map<string, Constant>();
  context.made = made;
  for (const place of context.unit.all('enum')) {
    const scope = context.unit.macrosAt(place.sequence);
    if (!place.item.names.some((name) => scope.macro(name.replace('(', '')) !== undefined)) continue;
    const found = attempt(() => enumeratorsAt(context, place));
    if (found.known) for (const [name, constant] of found.value) made.set(name, constant);
  }
  return made;
}

function memberOf(context: Context, type: TypeExpression, name: string): { type: TypeExpression; offset: number } {
  const found = findMember(context, recordLayoutOf(context, type).members, name, 0);
  return found ?? unresolved(`no member ${name} found`);
}

function findMember(context: Context, members: readonly MemberLayout[], name: string, base: number): { type: TypeExpression; offset: number } | undefined {
  for (const member of members) {
    if (member.name === name) return { type: member.type, offset: base + member.offset };
    if (member.name !== null) continue;
    const inner = findMember(context, recordLayoutOf(context, member.type).members, name, base + member.offset);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
