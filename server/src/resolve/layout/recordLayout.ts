import type { MemberFact, RecordFact, TypeExpression } from '../../facts/fileFacts';
import type { Abi } from '../../kernel/abi';
import { unresolved } from '../unresolved';

export interface Measure {
  /** Bytes. */
  readonly size: number;
  readonly align: number;
}

export interface MemberLayout {
  /** Null for an anonymous struct or union. */
  readonly name: string | null;
  readonly type: TypeExpression;
  /** Bytes from the start of the record; of a bit-field: of the byte its first bit is in. */
  readonly offset: number;
  readonly size: number;
  /** Null but for bit-fields. */
  readonly bits: { readonly offset: number; readonly width: number } | null;
}

export interface RecordLayout extends Measure {
  readonly members: readonly MemberLayout[];
}

/** What a layout asks back: measures of the members' types and values of the expressions in them. */
export interface LayoutSource {
  readonly abi: Abi;
  measure(type: TypeExpression): Measure;
  constant(expression: string): number;
}

interface State {
  /** Next free bit. */
  bit: number;
  /** End of the largest member, in bits: the size of a union. */
  largest: number;
  align: number;
  readonly members: MemberLayout[];
}

/** Alignment that attributes ask for, the largest of several; undefined where there are none. */
export function requestedAlignment(aligned: readonly string[], source: LayoutSource): number | undefined {
  if (aligned.length === 0) return undefined;
  const values = aligned.map((expression) => (expression === '' ? source.abi.largestAlignment : source.constant(expression)));
  return Math.max(...values);
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/**
 * Lays out a struct or union by the System V AMD64 or AAPCS64 rules with GNU attributes; members under a condition
 * are expected to be decided already. Throws Unresolved naming the member that is not known.
 */
export function layoutRecord(record: RecordFact, source: LayoutSource): RecordLayout {
  const state: State = { bit: 0, largest: 0, align: 1, members: [] };
  for (const member of record.members) {
    if (declaresNothing(member)) continue;
    if (record.kind === 'union') state.bit = 0;
    try {
      if (member.bits !== null) placeBitField(state, member, record, source);
      else placeMember(state, member, record, source);
    } catch (error) {
      throw inMember(error, member, record);
    }
    state.largest = Math.max(state.largest, state.bit);
  }
  const align = Math.max(state.align, requestedAlignment(record.aligned, source) ?? 1);
  return { size: roundUp(Math.ceil(state.largest / 8), align), align, members: state.members };
}

/** A type defined or named inside a record without a declarator adds no member: `enum { A };`, `struct later;`. */
function declaresNothing({ name, bits, type }: MemberFact): boolean {
  if (name !== null || bits !== null) return false;
  if (type.kind === 'inline') return type.definition.kind === 'enum' || type.definition.name !== null;
  return type.kind === 'tagged' || type.kind === 'scalar';
}

function inMember(error: unknown, member: MemberFact, record: RecordFact): unknown {
  if (!(error instanceof Error) || error.name !== 'Unresolved' || error.message.startsWith('member ')) return error;
  const name = member.name ?? 'without a name';
  return Object.assign(error, { message: `member ${name} of ${record.kind} ${record.name ?? '(anonymous)'}: ${error.message}` });
}

function placeMember(state: State, member: MemberFact, record: RecordFact, source: LayoutSource): void {
  const measure = source.measure(member.type);
  const natural = record.packed || member.packed ? 1 : measure.align;
  const align = capped(Math.max(natural, requestedAlignment(member.aligned, source) ?? 1), record);
  const offset = roundUp(Math.ceil(state.bit / 8), align);
  state.align = Math.max(state.align, align);
  state.members.push({ name: member.name, type: member.type, offset, size: measure.size, bits: null });
  state.bit = (offset + measure.size) * 8;
}

function capped(align: number, record: RecordFact): number {
  return record.pack === null ? align : Math.min(align, record.pack);
}

function placeBitField(state: State, member: MemberFact, record: RecordFact, source: LayoutSource): void {
  const { size, align: typeAlign } = source.measure(member.type);
  const width = source.constant(member.bits ?? '0');
  if (width < 0 || width > size * 8) unresolved(`a bit-field of ${width} bits`);
  const packed = record.packed || member.packed;
  const written = requestedAlignment(member.aligned, source);
  const requested = written === undefined ? undefined : capped(written, record);
  if (width === 0) {
    state.bit = roundUp(state.bit, Math.max(typeAlign, requested ?? 1) * 8);
    if (source.abi.unnamedBitFieldsAlign && !packed) state.align = Math.max(state.align, typeAlign);
    return;
  }
  if (requested !== undefined) state.bit = roundUp(state.bit, requested * 8);
  // A bit-field never crosses a boundary of its declared type, unless packed by attribute or pragma.
  const unit = size * 8;
  const inUnit = state.bit % (typeAlign * 8);
  if (!packed && record.pack === null && inUnit + width > unit) state.bit = roundUp(state.bit, typeAlign * 8);
  const counts = member.name !== null || source.abi.unnamedBitFieldsAlign;
  // With `#pragma pack` in force a packed bit-field still counts with its type.
  const own = packed && record.pack === null ? 1 : capped(typeAlign, record);
  if (counts) state.align = Math.max(state.align, requested ?? 1, own);
  if (member.name !== null) {
    const bits = { offset: state.bit % 8, width };
    state.members.push({ name: member.name, type: member.type, offset: Math.floor(state.bit / 8), size, bits });
  }
  state.bit += width;
}

/** Size of an enumeration: int or unsigned int, wider where a value needs it, the smallest that fits when packed. */
export function enumMeasure(values: readonly bigint[], packed: boolean): Measure & { readonly type: string } {
  const low = values.reduce((least, value) => (value < least ? value : least), 0n);
  const high = values.reduce((most, value) => (value > most ? value : most), 0n);
  for (const bytes of packed ? [1, 2, 4, 8] : [4, 8]) {
    const bits = BigInt(bytes * 8);
    const name = { 1: 'char', 2: 'short', 4: 'int', 8: 'long' }[bytes] ?? 'long';
    if (low >= 0n && high < 1n << bits) return { size: bytes, align: bytes, type: `unsigned ${name}` };
    if (low < 0n && low >= -(1n << (bits - 1n)) && high < 1n << (bits - 1n)) {
      return { size: bytes, align: bytes, type: bytes === 1 ? 'signed char' : name };
    }
  }
  return { size: 8, align: 8, type: 'unsigned long' };
}
