import { type Token, tokensOf } from '../../facts/cTokens';
import { type Declaration, declarationsOf } from '../../facts/declarations';
import { definitionsIn } from '../../facts/definitionsIn';
import type { EnumFact, RecordFact, TypeExpression } from '../../facts/fileFacts';
import type { OutlineItem } from '../../facts/outline';
import { expandedReaderOf } from '../../facts/tokenReader';
import { type Constant, evaluate } from '../expression/evaluate';
import { parseExpressionTokens } from '../expression/parseExpression';
import type { TypeContext } from '../expression/typeContext';
import { configuredTokens } from '../preprocess/configuredTokens';
import type { SourceFile } from '../preprocess/headers';
import { expand } from '../preprocess/macros';
import type { Place, TranslationUnit } from '../preprocess/translationUnit';
import type { GeneratedTypes } from './generatedTypes';
import type { Measure, RecordLayout } from './recordLayout';

/**
 * Results that hold in every translation unit of one configuration: a definition in a header means the same to all
 * that include it.
 */
export interface LayoutCache {
  readonly declarations: WeakMap<OutlineItem, readonly Declaration[]>;
  readonly layouts: WeakMap<RecordFact, RecordLayout>;
  readonly enumerations: WeakMap<EnumFact, Enumeration>;
}

export type TagKind = 'struct' | 'union' | 'enum';

export interface Enumeration {
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

/** What the analysis of one unit works with. */
export interface Context {
  readonly unit: TranslationUnit;
  readonly cache: LayoutCache;
  readonly types: UnitTypes;
  readonly typedefs: Map<string, Declaration | undefined>;
  readonly tags: Map<string, RecordFact | EnumFact | undefined>;
  /** Definitions read in this unit, and the items they are from. */
  readonly parsed: Map<OutlineItem, readonly Declaration[]>;
  readonly origins: Map<Declaration | RecordFact | EnumFact, OutlineItem>;
  /** Enumerators that macros make, once they were needed. */
  made: ReadonlyMap<string, Constant> | undefined;
  /** Files of the unit that hold the name asked for last. */
  mentioned: { readonly name: string; readonly files: Map<SourceFile, boolean> };
  readonly generated: GeneratedTypes;
  /** Definitions in progress: one that needs itself is no finite type. */
  readonly open: Set<object>;
}

export function expanded(context: Context, tokens: readonly Token[]): Token[] {
  return expand(tokens, context.unit.macrosAt(context.unit.end));
}

/** Value of an expression whose macros are expanded already. */
export function constantOf(context: Context, text: string): Constant {
  return evaluate(parseExpressionTokens(tokensOf(text), context.types.isTypeName), context.types);
}

/** End of the statement that a definition begins: attributes may stand between `}` and `;`. */
function statementEnd(text: string, from: number): number {
  const semicolon = text.indexOf(';', from);
  return semicolon === -1 || semicolon - from > 4_000 ? from : semicolon;
}

/** The declarations of a definition with its macros expanded. */
export function declarationsAt(context: Context, place: Place): readonly Declaration[] {
  const { file, item } = place;
  const known = context.cache.declarations.get(item) ?? context.parsed.get(item);
  if (known !== undefined) return known;
  const tokens = configuredTokens(context.unit, file, item.start, statementEnd(file.text, item.end), place.sequence);
  const declarations = declarationsOf(expandedReaderOf(tokens, place.pack));
  context.parsed.set(item, declarations);
  for (const declaration of declarations) {
    context.origins.set(declaration, item);
    for (const definition of definitionsIn(declaration.type)) context.origins.set(definition, item);
  }
  return declarations;
}

/**
 * A definition that could be laid out holds in all units. One that could not may lack a macro in this unit alone, and
 * is read again in the next.
 */
export function share(context: Context, definition: Declaration | RecordFact | EnumFact): void {
  const item = context.origins.get(definition);
  const declarations = item === undefined ? undefined : context.parsed.get(item);
  if (item !== undefined && declarations !== undefined) context.cache.declarations.set(item, declarations);
}
