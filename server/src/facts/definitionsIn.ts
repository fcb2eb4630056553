import type { EnumFact, RecordFact, TypeExpression } from './fileFacts';

/** All structs, unions and enums that a type defines, the outer ones first. */
export function definitionsIn(type: TypeExpression): readonly (RecordFact | EnumFact)[] {
  switch (type.kind) {
    case 'inline': {
      const inner = type.definition.kind === 'enum' ? [] : type.definition.members.flatMap((member) => definitionsIn(member.type));
      return [type.definition, ...inner];
    }
    case 'pointer':
      return definitionsIn(type.to);
    case 'array':
      return definitionsIn(type.of);
    case 'function':
      return definitionsIn(type.returns);
    default:
      return [];
  }
}
