import { tokensOf } from '../../facts/cTokens';
import type { Declaration } from '../../facts/declarations';
import type { RecordFact, TypeExpression } from '../../facts/fileFacts';
import { evaluate } from '../expression/evaluate';
import { expressionType } from '../expression/expressionType';
import { parseExpressionTokens, parseTypeName } from '../expression/parseExpression';
import type { TranslationUnit } from '../preprocess/translationUnit';
import { enumerator } from './enumerators';
import { generatedTypes } from './generatedTypes';
import { measure, memberOf, recordLayoutOf } from './measure';
import { tagged } from './tags';
import { strip, typedefOf } from './typedefs';
import { type Context, expanded, type LayoutCache, type UnitTypes } from './unitContext';

type UnitMemory = Pick<Context, 'typedefs' | 'parsed' | 'origins' | 'generated'>;

const memories = new WeakMap<TranslationUnit, UnitMemory>();

/** What follows from the unit alone, whatever function is asked about. */
function memoryOf(unit: TranslationUnit): UnitMemory {
  const known = memories.get(unit);
  if (known !== undefined) return known;
  const memory: UnitMemory = { typedefs: new Map<string, Declaration | undefined>(), parsed: new Map(), origins: new Map(), generated: generatedTypes(unit) };
  memories.set(unit, memory);
  return memory;
}

/** Answers for the types of a unit; `variable` gives the declared types where the questions come from. */
export function unitTypes(unit: TranslationUnit, cache: LayoutCache, variable: (name: string) => TypeExpression | undefined): UnitTypes {
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
    ...memoryOf(unit),
    tags: new Map(),
    made: undefined,
    mentioned: { name: '', files: new Map() },
    open: new Set(),
  };
  return types;
}
