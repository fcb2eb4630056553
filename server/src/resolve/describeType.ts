import type { TypeExpression } from '../facts/fileFacts';
import type { MemberLayout } from './layout/recordLayout';
import type { UnitTypes } from './layout/unitContext';
import { type TypeWorld, unitOf } from './typeWorld';
import { attempt, unresolved } from './unresolved';

/** A type as one file has it: where it is defined and how it is laid out. */
export interface TypeDescription {
  /** As asked: `struct mm_cid`. */
  readonly name: string;
  /** Null where it is no struct or union, or its definition is made by a macro. */
  readonly place: { readonly file: string; /** One-based. */ readonly line: number } | null;
  readonly layout: DescribedLayout | null;
  /** Why there is no layout; null where there is one. */
  readonly reason: string | null;
}

export interface DescribedLayout {
  /** Bytes. */
  readonly size: number;
  readonly align: number;
  readonly members: number;
  /** Bytes of padding between members, with the member before each. */
  readonly holes: readonly { readonly after: string; readonly bytes: number }[];
  /** Bytes of padding behind the last member. */
  readonly tail: number;
}

/** Describes a type by its name where a file stands; never throws. */
export function describeType(world: TypeWorld, file: string, name: string): TypeDescription {
  const types = attempt(() => unitOf(world, file) ?? unresolved(`${file} cannot be read`));
  if (!types.known) return { name, place: null, layout: null, reason: types.reason };
  const type = attempt(() => types.value.typeOf(name) ?? unresolved(`${name} is no type there`));
  if (!type.known) return { name, place: null, layout: null, reason: type.reason };
  const layout = attempt(() => layoutOf(types.value, type.value));
  const place = attempt(() => placeOf(types.value, types.value.strip(type.value)));
  return { name, place: place.known ? place.value : null, layout: layout.known ? layout.value : null, reason: layout.known ? null : layout.reason };
}

function placeOf(types: UnitTypes, type: TypeExpression): TypeDescription['place'] {
  if (type.kind !== 'tagged') return null;
  const found = types.unit.tags(type.name).find(({ item }) => item.kind === type.tag);
  if (found === undefined) return null;
  const { file, item } = found;
  return { file: file.path, line: file.text.slice(0, item.start).split('\n').length };
}

function layoutOf(types: UnitTypes, type: TypeExpression): DescribedLayout {
  const { size, align, members } = types.recordLayout(type);
  const holes: { after: string; bytes: number }[] = [];
  let end = 0;
  let last = '';
  for (const member of members) {
    const gap = member.offset - Math.ceil(end);
    if (gap > 0 && member.bits === null) holes.push({ after: last, bytes: gap });
    end = Math.max(end, endOf(member));
    last = member.name ?? 'a member without a name';
  }
  return { size, align, members: members.length, holes, tail: Math.max(0, size - Math.ceil(end)) };
}

/** Where a member ends, in bytes: a bit-field within one. */
function endOf({ offset, size, bits }: MemberLayout): number {
  return bits === null ? offset + size : offset + (bits.offset + bits.width) / 8;
}
