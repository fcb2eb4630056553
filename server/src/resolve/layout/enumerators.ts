import { definitionsIn } from '../../facts/definitionsIn';
import type { EnumFact } from '../../facts/fileFacts';
import type { Constant } from '../expression/evaluate';
import type { Place } from '../preprocess/translationUnit';
import { attempt } from '../unresolved';
import { enumMeasure } from './recordLayout';
import { constantOf, type Context, declarationsAt, type Enumeration, share } from './unitContext';

export function enumerationOf(context: Context, definition: EnumFact): Enumeration {
  const known = context.cache.enumerations.get(definition);
  if (known !== undefined) return known;
  const values = new Map<string, bigint>();
  // Enumerators may use those before them: they are looked up while the map fills.
  const partial: Enumeration = { values, measure: { size: 4, align: 4, type: 'int' } };
  context.cache.enumerations.set(definition, partial);
  let next = 0n;
  try {
    for (const { name, value } of definition.enumerators) {
      if (value !== null) next = constantOf(context, value).value;
      values.set(name, next);
      next += 1n;
    }
  } catch (error) {
    context.cache.enumerations.delete(definition);
    throw error;
  }
  const result = { values, measure: enumMeasure([...values.values()], definition.packed) };
  context.cache.enumerations.set(definition, result);
  share(context, definition);
  return result;
}

export function enumerator(context: Context, name: string): Constant | undefined {
  for (const place of context.unit.enumerators(name)) {
    const found = enumeratorsAt(context, place).get(name);
    if (found !== undefined) return found;
  }
  context.made ??= madeEnumerators(context);
  return context.made.get(name);
}

function enumeratorsAt(context: Context, place: Place): ReadonlyMap<string, Constant> {
  const found = new Map<string, Constant>();
  for (const { type } of declarationsAt(context, place)) {
    for (const definition of definitionsIn(type)) {
      if (definition.kind !== 'enum') continue;
      for (const [name, value] of enumerationOf(context, definition).values) found.set(name, { value, type: enumeratorType(value) });
    }
  }
  return found;
}

function enumeratorType(value: bigint): string {
  if (value >= -(1n << 31n) && value < 1n << 31n) return 'int';
  return value >= 0n && value < 1n << 32n ? 'unsigned int' : 'long';
}

/** Enumerators of lists that are macros: `enum { FOO_LIST(ITEM) FOO_COUNT };`. */
function madeEnumerators(context: Context): ReadonlyMap<string, Constant> {
  const made = new Map<string, Constant>();
  context.made = made;
  for (const place of context.unit.all('enum')) {
    const scope = context.unit.macrosAt(place.sequence);
    if (!place.item.names.some((name) => scope.macro(name.replace('(', '')) !== undefined)) continue;
    const found = attempt(() => enumeratorsAt(context, place));
    if (found.known) for (const [name, constant] of found.value) made.set(name, constant);
  }
  return made;
}
