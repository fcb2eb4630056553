import { allApis } from '../kernel/catalogue';
import type { UnitTypes } from './layout/unitContext';
import { type Measured, measuredType } from './measured';
import { sizeofTypes } from './sizeofTypes';
import { type TypeWorld, unitOf, unitOfIncludes } from './typeWorld';
import { noteNamed } from './unitReads';
import { attempt, unresolved } from './unresolved';

export interface NamedSize {
  readonly size: number;
  readonly align: number;
}

/** Size and alignment of a type that the catalogue names, for an API defined in `source`; null where it is not found. */
export function catalogueType(world: TypeWorld, source: string, name: string): NamedSize | null {
  const outcome = attempt(() => namedSize(world, source, name));
  return outcome.known ? outcome.value : null;
}

/** A type that an API allocates, as the file has it in which the API is defined; else where the kernel's core does. */
export function namedSize(world: TypeWorld, source: string, name: string): NamedSize {
  const key = `${source} ${name}`;
  const known = world.named.get(key) ?? noteNamed(world.reads, source, name, () => attempt(() => namedSizeAt(world, source, name)));
  world.named.set(key, known);
  return known.known ? known.value : unresolved(known.reason);
}

function namedSizeAt(world: TypeWorld, source: string, name: string): NamedSize {
  const included = includeOf(source);
  const near = sizeIn(world, included.startsWith('<') ? unitOfIncludes(world, [included]) : unitOf(world, source), name);
  if (near !== undefined) return near;
  const places = isTagged(name) ? definingPlaces(world, name) : [];
  if (places.length === 0 && isTagged(name)) return unresolved(`no definition of ${name} in ${source}, nor in ${coreFolders.join(', ')} or include`);
  for (const place of places) world.reads.naming?.units.add(place);
  const core = sizeIn(world, unitOfPlaces(world, places), name);
  if (core !== undefined) return core;
  const [found] = sizeofTypes(world, [name]);
  if (found?.size == null || found.align === null) return unresolved(found?.reason ?? `no ${name} in ${source}`);
  return { size: found.size, align: found.align };
}

/** The one C file, else the one header; undefined where there are several. */
function unitOfPlaces(world: TypeWorld, places: readonly string[]): UnitTypes | undefined {
  const code = places.filter((place) => place.endsWith('.c'));
  const [only, ...more] = code.length > 0 ? code : places;
  if (only === undefined || more.length > 0) return undefined;
  return code.length > 0 ? unitOf(world, only) : unitOfIncludes(world, [includeOf(only)]);
}

function isTagged(name: string): boolean {
  return /^(struct|union)\s+\w+$/.test(name);
}

/** How a file of the root's own includes a header: those outside the folders for headers by their path. */
function includeOf(header: string): string {
  const path = /^(?:arch\/\w+\/)?include\/(?:uapi\/)?(.+)$/.exec(header)?.[1];
  return path === undefined ? `"${header}"` : `<${path}>`;
}

function sizeIn(world: TypeWorld, types: UnitTypes | undefined, name: string): Measured | undefined {
  if (types === undefined) return undefined;
  const size = attempt(() => {
    const type = types.typeOf(name);
    return type === undefined ? undefined : measuredType(types, type, name, world.btf);
  });
  return size.known ? size.value : undefined;
}

/** Folders where the APIs of the catalogue are implemented. */
const coreFolders = ['mm', 'kernel', 'lib', 'block', 'net/core'];

/**
 * Files of the kernel's core that seem to define a struct, where the file of its API does not: what is nowhere there
 * is not looked for in the drivers, in a tree that lacks a part of the kernel least of all. All types that the
 * catalogue names are looked for at once.
 */
function definingPlaces(world: TypeWorld, name: string): readonly string[] {
  const known = world.definers.get(name);
  if (known !== undefined) return known;
  const names = world.definers.size === 0 ? [...new Set([name, ...taggedNames()])] : [name];
  for (const each of names) world.definers.set(each, []);
  const definition = new RegExp(`\\b(${names.map((each) => each.replace(/\s+/, '\\s+')).join('|')})\\s*\\{`, 'g');
  const files = [...coreFolders.flatMap((folder) => world.tree.list(folder, ['.c', '.h'])), ...world.tree.list('include', ['.h'])];
  for (const file of files) {
    for (const [, found = ''] of (world.tree.read(file) ?? '').matchAll(definition)) {
      const places = world.definers.get(found.replace(/\s+/, ' ')) ?? [];
      if (!places.includes(file)) world.definers.set(found.replace(/\s+/, ' '), [...places, file]);
    }
  }
  return world.definers.get(name) ?? [];
}

function taggedNames(): readonly string[] {
  const types = allApis.flatMap(({ areas = [] }) => areas.flatMap(({ bytes, align }) => [bytes, align]));
  return types.flatMap((type) => (typeof type === 'number' ? [] : 'sizeof' in type ? [type.sizeof] : 'alignof' in type ? [type.alignof] : [])).filter(isTagged);
}
