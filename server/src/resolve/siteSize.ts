import type { SiteFact } from '../facts/fileFacts';
import { functionPlaces } from '../facts/functionPlaces';
import type { AllocatedArea, Api } from '../kernel/api';
import { type Measured, measuredType } from './measured';
import { namedSize } from './namedSize';
import type { ResolvedSize } from './resolvedSite';
import { siteTypes } from './siteTypes';
import { type TypeWorld, unitOfIncludes } from './typeWorld';
import { attempt, unresolved } from './unresolved';

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
  return outcome.known ? plausible(outcome.value) : unknownSize(outcome.reason);
}

/** Nothing per CPU is larger in any kernel: what is read as larger was read wrong. What the allocator refuses is less. */
const largestSize = 64 * 1024 * 1024;

function plausible(size: Measured): ResolvedSize {
  if (size.size <= largestSize) return size;
  return unknownSize(`${size.reason} gives ${size.size} bytes, more than can be allocated: it was not read as the compiler would`);
}

/** Arguments that are numbers: how many elements, how large a batch. */
export type NumberRole = 'count' | 'batch';

/** Elements of a site's `count` argument; 1 where its API has none; null when it is not constant. */
export function countOfSite(world: TypeWorld, file: string, site: SiteFact, api: Api | undefined): number | null {
  return api?.roles.count === undefined ? 1 : numberOfSite(world, file, site, api, 'count');
}

/** The number that an argument is where the site stands; null where its API has none or it is not constant. */
export function numberOfSite(world: TypeWorld, file: string, site: SiteFact, api: Api | undefined, role: NumberRole): number | null {
  const position = api?.roles[role];
  if (position === undefined) return null;
  const outcome = attempt(() => Number(siteTypes(world, file, site).constant(argument(site, position)).value));
  return outcome.known ? outcome.value : null;
}

function argument(site: SiteFact, position: number): string {
  return site.arguments[position] ?? unresolved(`${site.api} is called with fewer arguments than it has`);
}

function sized(world: TypeWorld, file: string, site: SiteFact, api: Api): Measured {
  const { type, size, count } = api.roles;
  if (type !== undefined) return typeArgument(world, file, site, declaredType(site, argument(site, type), api));
  const areas = areasOfCall(world, file, site, api);
  if (size !== undefined && (areas.length === 0 || areas.some(isDecidedByArgument))) return sizeArgument(world, file, site, argument(site, size), api);
  if (api.areas === undefined) return unresolved(`the catalogue does not say what ${api.name} allocates`);
  return areasSize(world, api, areas, count === undefined ? 1 : countOrUnknown(world, file, site, api));
}

/** `DEFINE_PER_CPU(u8, depth[4])` defines an array: its type is `u8 [4]`. */
function declaredType(site: SiteFact, type: string, { kind, roles }: Api): string {
  const target = kind !== 'define' || roles.target === undefined ? undefined : site.arguments[roles.target];
  const length = target?.indexOf('[') ?? -1;
  return target === undefined || length === -1 ? type : `${type} ${target.slice(length)}`;
}

function isDecidedByArgument({ bytes }: AllocatedArea): boolean {
  return typeof bytes === 'object' && 'unknown' in bytes;
}

/** The areas of a call: where some are for `size is 0` and others for `size is not 0`, those of the size given. */
function areasOfCall(world: TypeWorld, file: string, site: SiteFact, api: Api): readonly AllocatedArea[] {
  const { roles } = api;
  const areas = (api.areas ?? []).filter((area) => !isRefused(world, file, site, area));
  const isZero = areas.filter(({ condition }) => condition === 'size is 0');
  if (isZero.length === 0 || roles.size === undefined) return areas;
  const text = argument(site, roles.size);
  const size = attempt(() => siteTypes(world, file, site).constant(text).value);
  return areas.filter(({ condition }) => condition !== (size.known && size.value === 0n ? 'size is not 0' : 'size is 0'));
}

/** True where the arguments as written say that there is no such area. */
function isRefused(world: TypeWorld, file: string, site: SiteFact, { askedBy, refusedBy }: AllocatedArea): boolean {
  if (refusedBy !== undefined && (namesFlag(site.arguments, refusedBy) || variableNamesFlag(world, file, site, refusedBy))) return true;
  const last = site.arguments.at(-1) ?? '';
  return askedBy !== undefined && /^(?:[A-Z0-9_|\s()]+|true|false)$/.test(last) && !namesFlag(site.arguments, askedBy);
}

/** True where one of the texts sets the flag whatever happens: a choice made at run time says nothing. */
function namesFlag(texts: readonly string[], flag: string): boolean {
  const settled = texts.map((text) => text.replace(/\([^()]*\?[^()]*\)/g, '')).filter((text) => !text.includes('?'));
  return settled.some((text) => new RegExp(`\\b${flag}\\b`).test(text));
}

/** True where an argument is a local variable that the function sets before the call, each time with the flag. */
function variableNamesFlag({ tree }: TypeWorld, file: string, { arguments: given, span }: SiteFact, flag: string): boolean {
  const names = given.flatMap((text) => text.replace(/\b[A-Z_][A-Z0-9_]*\b/g, '').match(/^[\s|()]*([a-z]\w*)[\s|()]*$/)?.[1] ?? []);
  if (names.length === 0) return false;
  const text = tree.read(file) ?? '';
  const around = functionPlaces(text).find(({ start, end }) => start <= span.start && span.start < end);
  if (around === undefined) return false;
  const body = text.slice(around.start, span.start);
  return names.some((name) => {
    const values = [...body.matchAll(new RegExp(`(?<![\\w.>])${name}\\s*=(?!=)([^;]*);`, 'g'))].map(([, value = '']) => value);
    return values.length > 0 && values.every((value) => namesFlag([value], flag));
  });
}

function countOrUnknown(world: TypeWorld, file: string, site: SiteFact, api: Api): number {
  return countOfSite(world, file, site, api) ?? unresolved(`the number of elements, ${argument(site, api.roles.count ?? 0)}, is not known before run time`);
}

function typeArgument(world: TypeWorld, file: string, site: SiteFact, text: string): Measured {
  const simple = unitOfIncludes(world, ['<linux/types.h>']);
  const common = attempt(() => simple.typeOf(text));
  if (common.known && common.value !== undefined) {
    const type = common.value;
    const measured = attempt(() => measuredType(simple, type, text, world.btf));
    if (measured.known && measured.value.source === 'scalar') return measured.value;
  }
  const types = siteTypes(world, file, site);
  const type = types.typeOf(text) ?? types.typeOfExpression(text);
  return measuredType(types, type, text, world.btf);
}

function sizeArgument(world: TypeWorld, file: string, site: SiteFact, text: string, api: Api): Measured {
  const alignText = api.roles.align === undefined ? undefined : argument(site, api.roles.align);
  if (/^\d+$/.test(text) && (alignText === undefined || /^\d+$/.test(alignText))) {
    return { size: Number(text), align: Number(alignText ?? 1), source: 'literal', reason: `${text} as written` };
  }
  const types = siteTypes(world, file, site);
  const value = attempt(() => Number(types.constant(text).value));
  const size = value.known ? value.value : unresolved(`${text}: ${value.reason}`);
  const align = alignText === undefined ? undefined : attempt(() => Number(types.constant(alignText).value));
  const reason = `${text} = ${size}${align?.known === false ? `; alignment not known: ${align.reason}` : ''}`;
  return { size, align: align?.known === true ? align.value : 8, source: /sizeof/.test(text) ? 'layout' : 'literal', reason };
}

function areasSize(world: TypeWorld, api: Api, areas: readonly AllocatedArea[], count: number): Measured {
  const parts = areas.map((area) => areaSize(world, api, area));
  const size = parts.reduce((sum, part) => sum + part.size, 0) * count;
  const align = Math.max(1, ...parts.map((part) => part.align));
  const words = areas.map(({ what, condition }) => (condition === undefined ? what : `${what} (if ${condition})`)).join(', ');
  const reason = words === '' ? nothingAllocated(api) : words;
  return { size, align, source: 'catalogue', reason: count === 1 ? reason : `${count} × ${reason}` };
}

function nothingAllocated({ name, areas = [] }: Api): string {
  const flags = areas.flatMap(({ askedBy, refusedBy }) => (refusedBy === undefined ? `without ${askedBy ?? ''}` : `with ${refusedBy}`));
  return `${name} allocates no percpu memory ${flags.length === 0 ? 'itself' : flags.join(', ')}`;
}

function areaSize(world: TypeWorld, api: Api, { bytes, align }: AllocatedArea): { size: number; align: number } {
  if (typeof bytes === 'object' && 'unknown' in bytes) return unresolved(bytes.unknown);
  const size = typeof bytes === 'number' ? bytes : namedSize(world, api.source, bytes.sizeof).size;
  return { size, align: typeof align === 'number' ? align : namedSize(world, api.source, align.alignof).align };
}
