import type { EnumFact, RecordFact, TypeExpression, TypeFact } from './fileFacts';

/** The definition with all its offsets, those of definitions inside it too, moved on by `by`. */
export function shiftedType(fact: TypeFact, by: number): TypeFact {
  const span = { start: fact.span.start + by, end: fact.span.end + by };
  if (fact.kind === 'typedef') return { ...fact, span, type: shiftedExpression(fact.type, by) };
  return fact.kind === 'enum' ? { ...fact, span } : { ...shiftedRecord(fact, by), span };
}

function shiftedRecord(fact: RecordFact, by: number): RecordFact {
  return { ...fact, members: fact.members.map((member) => ({ ...member, type: shiftedExpression(member.type, by) })) };
}

function shiftedExpression(type: TypeExpression, by: number): TypeExpression {
  switch (type.kind) {
    case 'inline':
      return { kind: 'inline', definition: shiftedType(type.definition, by) as RecordFact | EnumFact };
    case 'pointer':
      return { kind: 'pointer', to: shiftedExpression(type.to, by) };
    case 'array':
      return { ...type, of: shiftedExpression(type.of, by) };
    case 'function':
      return { kind: 'function', returns: shiftedExpression(type.returns, by) };
    default:
      return type;
  }
}
