import type { SiteFact, TypeExpression } from '../facts/fileFacts';
import type { AllocatedArea, Api } from '../kernel/api';
import { functionAt, functionScope } from './layout/localScope';
import type { UnitTypes } from './layout/unitTypes';
import { unitTypes } from './layout/unitTypes';
import type { ResolvedSize, SizeSource } from './resolvedSite';
import { sizeofTypes, type TypeSize } from './sizeofTypes';
import { type TypeWorld, unitOf, unitOfIncludes } from './typeWorld';
import { attempt, unresolved } from './unresolved';

interface Sized {
  readonly size: number;
  readonly align: number;
  readonly source: SizeSource;
  readonly reason: string;
}

function unknownSize(reason: string): ResolvedSize {
  return { size: null, align: null, source: 'unknown', reason };
}

/**
 * Bytes and alignment that a site allocates per CPU, from source and configuration alone: the type or size argument
 * for its API's roles, times its count; for an indirect initialiser the sum of the areas that the catalogue lists.
 * Never throws; unknown says which name or run-time value is missing.
 */
export function sizeOfSite(world: TypeWorld, file: string, site: SiteFact, api: Api | undefined): ResolvedSize {
  if (api === undefined) return unknownSize(`${site.api} is not in the catalogue`);
  const outcome = attempt(() => sized(world, file, site, api));
  return outcome.known ? outcome.value : unknownSize(outcome.reason);
}

/** Elements of a site's `count` argument; 1 where its API has none; null when it is not constant. */
export function countOfSite(world: TypeWorld, file: string, site: SiteFact, api: Api | undefined): number | null {
  const position = api?.roles.count;
  if (position === undefined) return 1;
  const outcome = attempt(() => Number(siteTypes(world, file, site).constant(argument(site, position)).value));
  return outcome.known ? outcome.value : null;
}

function argument(site: SiteFact, position: number): string {
  return site.arguments[position] ?? unresolved(`${site.api} is called with fewer arguments than it has`);
}

function sized(world: TypeWorld, file: string, site: SiteFact, api: Api): Sized {
  const { type, size, count } = api.roles;
  if (type !== undefined) return typeArgument(world, file, site, argument(site, type));
  if (size !== undefined) return sizeArgument(world, file, site, argument(site, size), api);
  if (api.areas !== undefined) return areasSize(world, api.areas, count === undefined ? 1 : countOrUnknown(world, file, site, api));
  return unresolved(`the catalogue does not say what ${api.name} allocates`);
}

function countOrUnknown(world: TypeWorld, file: string, site: SiteFact, api: Api): number {
  return countOfSite(world, file, site, api) ?? unresolved(`the number of elements, ${argument(site, api.roles.count ?? 0)}, is not known before run time`);
}

/** The types as they are where the site stands: in its function in its file. */
function siteTypes(world: TypeWorld, path: string, site: SiteFact): UnitTypes {
  if (site.inMacro) return unresolved(`inside the macro ${site.function ?? ''}: its arguments decide`);
  const types = unitOf(world, path) ?? unresolved(`${path} cannot be read`);
  const file = world.headers.file(path);
  const item = file === undefined ? undefined : functionAt(file, site.span.start);
  if (file === undefined || item === undefined) return types;
  const local = functionScope(types.unit, file, item, site.span.start, types.isTypeName);
  return unitTypes(types.unit, world.cache, (name) => local(name) ?? types.variable(name));
}

function typeArgument(world: TypeWorld, file: string, site: SiteFact, text: string): Sized {
  const simple = unitOfIncludes(world, ['<linux/types.h>']);
  const common = attempt(() => simple.typeOf(text));
  if (common.known && common.value !== undefined) {
    const type = common.value;
    const measured = attempt(() => sizedType(simple, type, text));
    if (measured.known && measured.value.source === 'scalar') return measured.value;
  }
  const types = siteTypes(world, file, site);
  const type = types.typeOf(text) ?? types.typeOfExpression(text);
  return sizedType(types, type, text);
}

function sizedType(types: UnitTypes, type: TypeExpression, text: string): Sized {
  const { size, align } = types.layout(type);
  const stripped = types.strip(type);
  if (stripped.kind === 'scalar') return { size, align, source: 'scalar', reason: `${text} is ${named(text, stripped.name)}` };
  if (stripped.kind === 'pointer') return { size, align, source: 'scalar', reason: `${text} is a pointer` };
  const place = stripped.kind === 'tagged' ? types.definedIn(stripped.tag, stripped.name) : undefined;
  const what = stripped.kind === 'tagged' ? `${stripped.tag} ${stripped.name}` : text;
  return { size, align, source: 'layout', reason: `layout of ${what}${place === undefined ? '' : ` from ${place}`}` };
}

function named(written: string, scalar: string): string {
  return written === scalar ? 'a scalar' : scalar;
}

function sizeArgument(world: TypeWorld, file: string, site: SiteFact, text: string, api: Api): Sized {
  const alignText = api.roles.align === undefined ? undefined : argument(site, api.roles.align);
  if (/^\d+$/.test(text) && (alignText === undefined || /^\d+$/.test(alignText))) {
    return { size: Number(text), align: Number(alignText ?? 1), source: 'literal', reason: `${text} as written` };
  }
  const types = siteTypes(world, file, site);
  const size = Number(types.constant(text).value);
  const align = alignText === undefined ? undefined : attempt(() => Number(types.constant(alignText).value));
  const reason = `${text} = ${size}${align?.known === false ? `; alignment unknown: ${align.reason}` : ''}`;
  return { size, align: align?.known === true ? align.value : 8, source: /sizeof/.test(text) ? 'layout' : 'literal', reason };
}

function areasSize(world: TypeWorld, areas: readonly AllocatedArea[], count: number): Sized {
  const parts = areas.map((area) => areaSize(world, area));
  const size = parts.reduce((sum, part) => sum + part.size, 0) * count;
  const align = Math.max(1, ...parts.map((part) => part.align));
  const reason = areas.map(({ what, condition }) => (condition === undefined ? what : `${what} (${condition})`)).join(', ');
  return { size, align, source: 'catalogue', reason: count === 1 ? reason : `${count} × ${reason}` };
}

function areaSize(world: TypeWorld, { bytes, align }: AllocatedArea): { size: number; align: number } {
  if (typeof bytes === 'object' && 'unknown' in bytes) return unresolved(bytes.unknown);
  const size = typeof bytes === 'number' ? bytes : sizeOfNamed(world, bytes.sizeof).size;
  return { size, align: typeof align === 'number' ? align : sizeOfNamed(world, align.alignof).align };
}

/** Types that the catalogue names, looked up once for a tree. */
const namedSizes = new WeakMap<TypeWorld, Map<string, TypeSize>>();

function sizeOfNamed(world: TypeWorld, name: string): { size: number; align: number } {
  const known = namedSizes.get(world) ?? new Map<string, TypeSize>();
  namedSizes.set(world, known);
  const found = known.get(name) ?? sizeofTypes(world, [name])[0];
  if (found === undefined) return unresolved(`${name} is not known`);
  known.set(name, found);
  return found.size === null ? unresolved(found.reason) : { size: found.size, align: found.align ?? 1 };
}
