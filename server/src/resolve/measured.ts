import type { TypeExpression } from '../facts/fileFacts';
import type { Btf, BtfMeasure, BtfNameKind } from '../kernel/btf';
import type { UnitTypes } from './layout/unitContext';
import type { SizeSource } from './resolvedSite';
import { attempt, unresolved } from './unresolved';

/** A size with where it is from. */
export interface Measured {
  readonly size: number;
  readonly align: number;
  readonly source: SizeSource;
  readonly reason: string;
}

/** The only size that debug information has for a name; undefined where it has none or several. */
export function btfMeasure(btf: Btf | undefined, kind: BtfNameKind, name: string): { readonly size: number; readonly align: number } | undefined {
  const found = btf?.find(kind, name) ?? [];
  const [first] = found;
  if (first === undefined || first.size === null || found.some(({ size }) => size !== first.size)) return undefined;
  return { size: first.size, align: Math.max(...found.map((each: BtfMeasure) => each.align)) };
}

function btfName(type: TypeExpression): readonly [BtfNameKind, string] | undefined {
  if (type.kind === 'tagged') return [type.tag, type.name];
  return type.kind === 'named' ? ['typedef', type.name] : undefined;
}

/** A name of all the kernel: defined in a header that all files may include. */
function isGlobal(place: string | undefined): boolean {
  return place === undefined || /^(?:include|arch\/\w+\/include)\//.test(place);
}

/**
 * Size and alignment of a type as a unit has it. Debug information is taken where it knows the name: it tells the
 * size, the source the alignment. A name that one C file or driver keeps for itself may be another type in the
 * debug information: where the two differ the source counts.
 */
export function measuredType(types: UnitTypes, type: TypeExpression, text: string, btf: Btf | undefined): Measured {
  const laidOut = attempt(() => layoutMeasure(types, type, text));
  const name = btfName(type);
  const debugged = name === undefined ? undefined : btfMeasure(btf, ...name);
  if (debugged === undefined) return laidOut.known ? laidOut.value : unresolved(laidOut.reason);
  const fromBtf: Measured = { ...debugged, source: 'btf', reason: `${text} in the debug information; alignment as its members have it` };
  if (!laidOut.known) return fromBtf;
  const { size, align } = laidOut.value;
  if (size === debugged.size) return { size, align, source: 'btf', reason: `${text} in the debug information; the source agrees` };
  const place = type.kind === 'tagged' ? types.definedIn(type.tag, type.name) : undefined;
  return isGlobal(place) ? { ...fromBtf, reason: `${text} in the debug information; the source gives ${size} with this configuration` } : laidOut.value;
}

function layoutMeasure(types: UnitTypes, type: TypeExpression, text: string): Measured {
  const { size, align } = types.layout(type);
  const stripped = types.strip(type);
  if (stripped.kind === 'function') return unresolved('a function has no size');
  if (stripped.kind === 'scalar') return { size, align, source: 'scalar', reason: text === stripped.name ? 'a scalar' : `${text} is ${stripped.name}` };
  if (stripped.kind === 'pointer') return { size, align, source: 'scalar', reason: `${text} is a pointer` };
  const place = stripped.kind === 'tagged' ? types.definedIn(stripped.tag, stripped.name) : undefined;
  const what = stripped.kind === 'tagged' ? `${stripped.tag} ${stripped.name}` : text;
  return { size, align, source: 'layout', reason: `layout of ${what} ${place === undefined ? `as ${unitName(types)} has it` : `from ${place}`}` };
}

function unitName(types: UnitTypes): string {
  return types.unit.path === '' ? 'its header' : types.unit.path;
}
