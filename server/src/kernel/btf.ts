import { type BtfBytes, btfBytes } from './btfSection';

/** Sizes of named types from BTF (Documentation/bpf/btf.rst). */
export interface Btf {
  /** Types of a name: several where different files define it differently. */
  readonly find: (kind: BtfNameKind, name: string) => readonly BtfMeasure[];
  readonly typeCount: number;
}

export type BtfNameKind = 'struct' | 'union' | 'enum' | 'typedef' | 'scalar';

export interface BtfMeasure {
  /** Bytes; null for a type that has none (void, a function). */
  readonly size: number | null;
  /** BTF does not record alignment: the largest that the members' offsets and the size allow. */
  readonly align: number;
}

/** Numbers of the format. */
const KIND = {
  int: 1, pointer: 2, array: 3, struct: 4, union: 5, enum: 6, forward: 7, typedef: 8, volatile: 9, const: 10, restrict: 11,
  function: 12, prototype: 13, variable: 14, section: 15, float: 16, declTag: 17, typeTag: 18, enum64: 19,
} as const;

interface Types {
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Offset of each type's record by id; id 0 is void. */
  readonly offsets: readonly number[];
  readonly name: (offset: number) => string;
  /** By id, so that each is worked out once; a type on the way to itself has no size. */
  readonly measures: Map<number, BtfMeasure>;
}

const magic = 0xeb9f;

/** Reads raw BTF or the `.BTF` section of an ELF file such as vmlinux; a text saying what is wrong otherwise. */
export function readBtf(file: Uint8Array): Btf | { readonly problem: string } {
  const section = btfBytes(file);
  if ('problem' in section) return section;
  try {
    const types = typesOf(section);
    return 'problem' in types ? types : indexOf(types);
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'the BTF data is cut short' };
    throw error;
  }
}

function typesOf({ bytes }: BtfBytes): Types | { readonly problem: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = view.getUint16(0, true) === magic;
  if (!littleEndian && view.getUint16(0, false) !== magic) return { problem: 'no BTF: the magic number is missing' };
  if (view.getUint8(2) !== 1) return { problem: `BTF of version ${view.getUint8(2)} is not known` };
  const word = (at: number): number => view.getUint32(at, littleEndian);
  const header = word(4);
  const start = header + word(8);
  const strings = header + word(16);
  return {
    view,
    littleEndian,
    offsets: offsetsOf(view, littleEndian, start, start + word(12)),
    measures: new Map(),
    name: (offset) => {
      const from = strings + offset;
      return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, bytes.indexOf(0, from) - from)).toString('latin1');
    },
  };
}

/** Bytes that follow the 12 bytes all types have. */
function extraBytes(kind: number, count: number): number {
  switch (kind) {
    case KIND.int:
    case KIND.variable:
    case KIND.declTag:
      return 4;
    case KIND.array:
      return 12;
    case KIND.struct:
    case KIND.union:
    case KIND.section:
    case KIND.enum64:
      return 12 * count;
    case KIND.enum:
    case KIND.prototype:
      return 8 * count;
    default:
      return 0;
  }
}

function offsetsOf(view: DataView, littleEndian: boolean, start: number, end: number): readonly number[] {
  const offsets = [0];
  for (let at = start; at < end; ) {
    offsets.push(at);
    const info = view.getUint32(at + 4, littleEndian);
    at += 12 + extraBytes((info >>> 24) & 31, info & 0xffff);
  }
  return offsets;
}

function word(types: Types, at: number): number {
  // Damaged data may point anywhere.
  return at >= 0 && at + 4 <= types.view.byteLength ? types.view.getUint32(at, types.littleEndian) : 0;
}

function kindAt(types: Types, at: number): number {
  return (word(types, at + 4) >>> 24) & 31;
}

const nameKinds: ReadonlyMap<number, BtfNameKind> = new Map<number, BtfNameKind>([
  [KIND.struct, 'struct'], [KIND.union, 'union'], [KIND.enum, 'enum'], [KIND.enum64, 'enum'], [KIND.typedef, 'typedef'],
  [KIND.int, 'scalar'], [KIND.float, 'scalar'],
]);

function indexOf(types: Types): Btf {
  const byName = new Map<string, number[]>();
  for (let id = 1; id < types.offsets.length; id += 1) {
    const at = types.offsets[id] ?? 0;
    const kind = nameKinds.get(kindAt(types, at));
    const name = kind === undefined ? '' : types.name(word(types, at));
    if (kind === undefined || name === '') continue;
    const key = `${kind} ${name}`;
    byName.set(key, [...(byName.get(key) ?? []), id]);
  }
  return {
    find: (kind, name) => measures(types, byName.get(`${kind} ${name}`) ?? []),
    typeCount: types.offsets.length - 1,
  };
}

/** Types nested deeper than the stack are found in damaged data only: they have no measure. */
function measures(types: Types, ids: readonly number[]): readonly BtfMeasure[] {
  try {
    return ids.map((id) => measure(types, id));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

const none: BtfMeasure = { size: null, align: 1 };

function measure(types: Types, id: number): BtfMeasure {
  const known = types.measures.get(id);
  if (known !== undefined) return known;
  types.measures.set(id, none);
  const result = measureAt(types, types.offsets[id] ?? 0);
  types.measures.set(id, result);
  return result;
}

function measureAt(types: Types, at: number): BtfMeasure {
  if (at === 0) return none;
  const size = word(types, at + 8);
  switch (kindAt(types, at)) {
    case KIND.int:
    case KIND.float:
    case KIND.enum:
    case KIND.enum64:
      return { size, align: Math.max(1, Math.min(size, 16)) };
    case KIND.pointer:
      return { size: 8, align: 8 };
    case KIND.array:
      return arrayMeasure(types, at);
    case KIND.struct:
    case KIND.union:
      return { size, align: recordAlignment(types, at, size) };
    case KIND.typedef:
    case KIND.volatile:
    case KIND.const:
    case KIND.restrict:
    case KIND.typeTag:
      return measure(types, size);
    default:
      return none;
  }
}

function arrayMeasure(types: Types, at: number): BtfMeasure {
  const element = measure(types, word(types, at + 12));
  return element.size === null ? none : { size: element.size * word(types, at + 20), align: element.align };
}

/** The largest alignment of a member that all offsets and the size agree with: smaller ones are packed. */
function recordAlignment(types: Types, at: number, size: number): number {
  const info = word(types, at + 4);
  const hasBitFields = info >>> 31 === 1;
  let align = 1;
  for (let index = 0; index < (info & 0xffff); index += 1) {
    const member = at + 12 + index * 12;
    const packedOffset = word(types, member + 8);
    const isBitField = hasBitFields && packedOffset >>> 24 > 0;
    const offset = (hasBitFields ? packedOffset & 0xffffff : packedOffset) / 8;
    const wanted = measure(types, word(types, member + 4)).align;
    if (isBitField || offset % wanted === 0) align = Math.max(align, wanted);
  }
  while (align > 1 && size % align !== 0) align /= 2;
  return align;
}
