import type { RecordFact, TypeExpression } from '../../facts/fileFacts';
import { scalarLayout } from '../../kernel/abi';
import { unresolved } from '../unresolved';
import { enumerationOf } from './enumerators';
import { type LayoutSource, layoutRecord, type Measure, type MemberLayout, type RecordLayout, requestedAlignment } from './recordLayout';
import { tagged } from './tags';
import { missingMacro, strip, typedefOf, typeofType } from './typedefs';
import { constantOf, type Context, share } from './unitContext';

function layoutSource(context: Context): LayoutSource {
  return {
    abi: context.types.abi,
    measure: (type) => measure(context, type),
    constant: (text) => Number(constantOf(context, text).value),
  };
}

/** Size and alignment of a type. */
export function measure(context: Context, type: TypeExpression): Measure {
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
      return unresolved(missingMacro(type.text));
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
  const requested = requestedAlignment(found.aligned, layoutSource(context));
  share(context, found);
  return { size, align: requested ?? align };
}

function definedMeasure(context: Context, type: TypeExpression & { kind: 'tagged' | 'inline' }): Measure {
  const definition = type.kind === 'inline' ? type.definition : tagged(context, type.tag, type.name);
  if (definition === undefined) return unresolved(`no definition of ${type.kind === 'tagged' ? `${type.tag} ${type.name}` : ''} found`);
  return definition.kind === 'enum' ? enumerationOf(context, definition).measure : layoutOf(context, definition);
}

export function recordLayoutOf(context: Context, type: TypeExpression): RecordLayout {
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
    share(context, record);
    return layout;
  } finally {
    context.open.delete(record);
  }
}

export function memberOf(context: Context, type: TypeExpression, name: string): { type: TypeExpression; offset: number } {
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
