import { type FileSet, type Range, ranges, searchRange } from './definitions/search';
import type { UnitTypes } from './layout/unitContext';
import { btfMeasure, measuredType } from './measured';
import type { SizeSource } from './resolvedSite';
import { type TypeWorld, unitOf, unitOfIncludes } from './typeWorld';
import { noteUnit } from './unitReads';
import { attempt, type Outcome } from './unresolved';

/** The answer to `sizeof NAME`. */
export interface TypeSize {
  /** As asked. */
  readonly name: string;
  /** Bytes; null when unknown. */
  readonly size: number | null;
  readonly align: number | null;
  readonly source: SizeSource;
  readonly reason: string;
}

interface Wanted {
  readonly name: string;
  /** Null for a type that is named by a typedef or a scalar. */
  readonly tag: 'struct' | 'union' | 'enum' | null;
  readonly identifier: string;
}

/**
 * Sizes and alignments of types by name (`struct rq`, `atomic_t`, `u64 *`), from source and configuration. Files
 * that the configuration links into the kernel are searched first, then those of modules, then the rest of the
 * tree. A name that several of them define with different sizes is unknown, with the places in the reason.
 */
export function sizeofTypes(world: TypeWorld, names: readonly string[]): readonly TypeSize[] {
  const answers = new Map<string, TypeSize>();
  const wanted: Wanted[] = [];
  const common = unitOfIncludes(world, ['<linux/types.h>']);
  for (const name of new Set(names)) {
    const parsed = wantedOf(name);
    const debugged = parsed === undefined ? undefined : btfMeasure(world.btf, parsed.tag ?? 'typedef', parsed.identifier);
    if (debugged !== undefined) {
      answers.set(name, { name, ...debugged, source: 'btf', reason: 'from the debug information; alignment as its members have it' });
      continue;
    }
    const simple = inUnit(common, name);
    if (simple?.known === true && simple.value.size !== null && (parsed === undefined || parsed.tag === null)) answers.set(name, simple.value);
    else if (parsed === undefined) answers.set(name, unknownSize(name, 'not a type name'));
    else wanted.push(parsed);
  }
  const sets: FileSet[] = [];
  let open: readonly Wanted[] = wanted;
  for (const range of ranges) {
    if (open.length === 0) break;
    sets.push(searchRange({ tree: world.tree, abi: world.abi, build: world.build }, range, namesOf(open), sets));
    for (const each of inPlaceOrder(open, sets, range)) {
      const answer = answerFrom(world, each, sets, range);
      if (answer !== undefined) answers.set(each.name, answer);
    }
    open = open.filter((each) => !answers.has(each.name));
  }
  return names.map((name) => answers.get(name) ?? unknownSize(name, `no definition of ${name} found in the tree`));
}

function unknownSize(name: string, reason: string): TypeSize {
  return { name, size: null, align: null, source: 'unknown', reason };
}

function wantedOf(name: string): Wanted | undefined {
  const match = /^\s*(?:(struct|union|enum)\s+)?([A-Za-z_]\w*)\s*$/.exec(name);
  if (match === null) return undefined;
  const tag = match[1] === 'struct' || match[1] === 'union' || match[1] === 'enum' ? match[1] : null;
  return { name, tag, identifier: match[2] ?? '' };
}

function namesOf(wanted: readonly Wanted[]): { readonly tags: ReadonlySet<string>; readonly typedefs: ReadonlySet<string> } {
  const tags = wanted.filter(({ tag }) => tag !== null).map(({ identifier }) => identifier);
  const typedefs = wanted.filter(({ tag }) => tag === null).map(({ identifier }) => identifier);
  return { tags: new Set(tags), typedefs: new Set(typedefs) };
}

/** A type's size in one unit; undefined where the text is no type there. */
function inUnit(types: UnitTypes, name: string): Outcome<TypeSize> | undefined {
  const type = attempt(() => types.typeOf(name));
  if (!type.known) return type;
  const { value } = type;
  return value === undefined ? undefined : attempt(() => ({ name, ...measuredType(types, value, name, undefined) }));
}

/** Names defined in the same file one after the other: they share its translation unit. */
function inPlaceOrder(wanted: readonly Wanted[], sets: readonly FileSet[], range: Range): readonly Wanted[] {
  const set = sets.find((each) => each.range === range);
  const first = ({ identifier }: Wanted): string => set?.places.get(identifier)?.[0] ?? set?.made(identifier)[0] ?? '';
  return [...wanted].sort((a, b) => (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0));
}

/** More C files that include a header are not tried. */
const triedIncluders = 12;

function answerFrom(world: TypeWorld, wanted: Wanted, sets: readonly FileSet[], range: Range): TypeSize | undefined {
  const set = sets.find((each) => each.range === range);
  const written = set?.places.get(wanted.identifier) ?? [];
  return writtenAnswer(world, wanted, sets, written) ?? madeAnswer(world, wanted, sets, set?.made(wanted.identifier) ?? []);
}

/** All definitions as written that are in force, which must agree. */
function writtenAnswer(world: TypeWorld, wanted: Wanted, sets: readonly FileSet[], places: readonly string[]): TypeSize | undefined {
  const outcomes = places.flatMap((place) => {
    const outcome = inFile(world, wanted, place, sets);
    return outcome === undefined ? [] : [{ place, outcome }];
  });
  const known = outcomes.flatMap(({ place, outcome }) => (outcome.known ? [{ place, answer: outcome.value }] : []));
  const failed = outcomes.find(({ outcome }) => !outcome.known)?.outcome;
  const [first] = known;
  if (first === undefined) return failed?.known === false ? unknownSize(wanted.name, failed.reason) : undefined;
  if (known.every(({ answer }) => answer.size === first.answer.size && answer.align === first.answer.align)) return first.answer;
  const list = known.map(({ place, answer }) => `${place} (${answer.size ?? 0} bytes)`).join(', ');
  return unknownSize(wanted.name, `defined more than once: ${list}`);
}

/** More files that call a macro with what would make a name are not tried. */
const triedMakers = 30;

function madeAnswer(world: TypeWorld, wanted: Wanted, sets: readonly FileSet[], places: readonly string[]): TypeSize | undefined {
  for (const place of places.slice(0, triedMakers)) {
    const outcome = inFile(world, wanted, place, sets);
    if (outcome?.known === true) return outcome.value;
  }
  return undefined;
}

/** The type as a file defines it, in a unit in which that file's definition is in force; undefined where in none. */
function inFile(world: TypeWorld, wanted: Wanted, place: string, sets: readonly FileSet[]): Outcome<TypeSize> | undefined {
  let failure: Outcome<TypeSize> | undefined;
  for (const types of unitsWith(world, place, sets)) {
    const outcome = definedAt(types, wanted, place) ? inUnit(types, wanted.name) : undefined;
    if (outcome?.known === true) return outcome;
    failure ??= outcome;
  }
  return failure;
}

function definedAt(types: UnitTypes, wanted: Wanted, place: string): boolean {
  // Where the name is a macro, its definition defines another name.
  const macro = types.unit.macrosAt(types.unit.end).macro(wanted.identifier);
  if (macro?.parameters === null && macro.body[0]?.text !== wanted.identifier) return false;
  const tagged = wanted.tag === null ? undefined : types.definedIn(wanted.tag, wanted.identifier);
  return tagged === undefined || tagged === place;
}

/**
 * Units in which a file is read: those at hand, itself, the C files that include it, directly or not. A public
 * header that none includes is taken alone.
 */
function* unitsWith(world: TypeWorld, place: string, sets: readonly FileSet[]): Generator<UnitTypes> {
  const file = world.headers.file(place);
  if (file === undefined) return;
  const tried = new Set<string>();
  for (const types of [...world.units.values()].reverse()) {
    if (types.unit.path === '' || !types.unit.files.has(file)) continue;
    tried.add(types.unit.path);
    noteUnit(world.reads, types.unit.path, types.unit);
    yield types;
  }
  if (place.endsWith('.c') && !tried.has(world.build.compiledAs(place))) {
    const own = unitOf(world, place);
    if (own !== undefined) yield own;
  }
  let others = tried.size;
  for (const types of unitsIncluding(world, place, sets, tried)) {
    others += 1;
    yield types;
  }
  const alone = others === 0 ? headerUnit(world, place) : undefined;
  if (alone !== undefined) yield alone;
}

function* unitsIncluding(world: TypeWorld, place: string, sets: readonly FileSet[], tried: ReadonlySet<string>): Generator<UnitTypes> {
  const queue = [place];
  const seen = new Set(queue);
  let count = 0;
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const from = path;
    const includers = sets.flatMap((set) => set.includers(from));
    for (const includer of includers) {
      if (seen.has(includer)) continue;
      seen.add(includer);
      queue.push(includer);
      if (!includer.endsWith('.c') || tried.has(includer)) continue;
      count += 1;
      if (count > triedIncluders) return;
      const unit = unitOf(world, includer);
      if (unit !== undefined) yield unit;
    }
  }
}

/** A public header included alone. */
function headerUnit(world: TypeWorld, path: string): UnitTypes | undefined {
  const match = /^(?:arch\/\w+\/)?include\/(?:uapi\/)?(.+)$/.exec(path);
  return match === null ? undefined : unitOfIncludes(world, ['<linux/types.h>', `<${match[1] ?? ''}>`]);
}
