import { expected, type Form, type FormField } from './form';
import { between, exactly, type Interval } from './interval';
import { shownValue, type Located } from './located';
import type { Span } from './text';

/** Something wrong in a file that people write. `path` leads to it: `machines`, `big`, `possible`. */
export interface ShapeProblem {
  readonly message: string;
  readonly span: Span;
  readonly path: readonly string[];
  /** Absent: an error, and the part was left out. A warning is about a part that holds. */
  readonly severity?: 'warning';
}

/** Where a reader is, and whom it tells what is wrong. */
export interface Place {
  readonly path: readonly string[];
  readonly report: (problem: ShapeProblem) => void;
}

/** A typed reader of written values that says what it takes. */
export interface Shape<T> {
  readonly form: Form;
  /** The value; undefined where it is none, which was reported. What is wrong inside is left out and reported. */
  readonly read: (value: Located, place: Place) => T | undefined;
}

export interface Field<T> {
  readonly shape: Shape<T>;
  readonly doc: string;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
type Values<F extends Fields> = { readonly [Key in keyof F]: F[Key] extends Field<infer T> ? T : never };

export function field<T>(shape: Shape<T>, doc: string): Field<T> {
  return { shape, doc };
}

/** Text of any kind, or one of a few words. */
export function text(): Shape<string>;
export function text<const C extends string>(choices: readonly C[]): Shape<C>;
export function text(choices: readonly string[] | null = null): Shape<string> {
  return primitive({ kind: 'text', choices }, (value) =>
    value.kind === 'text' && (choices?.includes(value.text) ?? true) ? value.text : undefined);
}

export function whole(least: number, most: number): Shape<number> {
  return primitive({ kind: 'whole', least, most }, (value) =>
    value.kind === 'number' && Number.isInteger(value.number) && isWithin(value.number, least, most) ? value.number : undefined);
}

export function amount(least: number, most: number): Shape<number> {
  return primitive({ kind: 'amount', least, most }, (value) =>
    value.kind === 'number' && isWithin(value.number, least, most) ? value.number : undefined);
}

export const flag: Shape<boolean> = primitive({ kind: 'flag' }, (value) => (value.kind === 'flag' ? value.flag : undefined));

/** `3`, `[2, 5]`, `[2, 3, 5]` or `{ low = 2, mid = 3, high = 5 }`. */
export function spread(least: number, most: number): Shape<Interval> {
  return primitive({ kind: 'spread', least, most }, (value) => {
    const bounds = boundsOf(value);
    const [low, mid, high] = bounds.length === 1 ? [bounds[0], bounds[0], bounds[0]] : bounds.length === 2 ? [bounds[0], middle(bounds), bounds[1]] : bounds;
    if (low === undefined || mid === undefined || high === undefined || bounds.length > 3) return undefined;
    if (!bounds.every((bound) => isWithin(bound, least, most)) || low > mid || mid > high) return undefined;
    return low === high ? exactly(mid) : between(low, high, mid);
  });
}

function middle([low = 0, high = 0]: readonly number[]): number {
  return low > 0 ? Math.sqrt(low * high) : (low + high) / 2;
}

function boundsOf(value: Located): number[] {
  if (value.kind === 'number') return [value.number];
  if (value.kind === 'list') return value.items.map((item) => (item.kind === 'number' ? item.number : NaN));
  if (value.kind !== 'table' || value.entries.length !== 3) return [];
  return ['low', 'mid', 'high'].map((name) => {
    const bound = value.entries.find(({ key }) => key === name)?.value;
    return bound?.kind === 'number' ? bound.number : NaN;
  });
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function primitive<T>(form: Form, read: (value: Located) => T | undefined): Shape<T> {
  return {
    form,
    read: (value, place) => {
      const result = read(value);
      return result === undefined ? refuse(form, value, place) : result;
    },
  };
}

function refuse(form: Form, value: Located, { path, report }: Place): undefined {
  report({ message: `${quotedTail(path)} has to be ${expected(form)}, not ${shownValue(value)}`, span: value.span, path });
  return undefined;
}

function quotedTail(path: readonly string[]): string {
  return path.length === 0 ? 'the whole' : `"${path.slice(-2).map(shortened).join('.')}"`;
}

/** Items that are wrong are left out. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  const form: Form = { kind: 'list', item: item.form };
  return {
    form,
    read: (value, place) => {
      if (value.kind !== 'list') return refuse(form, value, place);
      return value.items.flatMap((inner, index) => {
        const read = item.read(inner, { ...place, path: [...place.path, String(index + 1)] });
        return read === undefined ? [] : [read];
      });
    },
  };
}

/** Names with values of one shape; entries that are wrong are left out. `names`: the only ones there are. */
export function mapOf<T, const N extends string = string>(value: Shape<T>, names: readonly N[] | null = null): Shape<ReadonlyMap<N, T>> {
  const form: Form = { kind: 'map', names, value: value.form };
  return {
    form,
    read: (given, place) => {
      if (given.kind !== 'table') return refuse(form, given, place);
      const found = new Map<N, T>();
      for (const { key, keySpan, value: inner } of given.entries) {
        const path = [...place.path, key];
        if (names !== null && !isOneOf(key, names)) place.report({ message: unknownKey(path, names), span: keySpan, path });
        else {
          const read = value.read(inner, { ...place, path });
          if (read !== undefined) found.set(key as N, read);
        }
      }
      return found;
    },
  };
}

function isOneOf<N extends string>(key: string, names: readonly N[]): key is N {
  return names.some((name) => name === key);
}

/** A table of named fields. It is refused as a whole where a required field is missing or wrong. */
export function table<R extends Fields, O extends Fields>(required: R, optional: O): Shape<Values<R> & Partial<Values<O>>> {
  const fields = new Map<string, Field<unknown>>([...Object.entries(required), ...Object.entries(optional)]);
  const form: Form = {
    kind: 'table',
    fields: new Map([...fields].map(([name, { shape, doc }]): [string, FormField] => [name, { form: shape.form, doc, required: name in required }])),
  };
  return {
    form,
    read: (value, place) => {
      if (value.kind !== 'table') return refuse(form, value, place);
      const found: Record<string, unknown> = {};
      for (const { key, keySpan, value: inner } of value.entries) {
        const path = [...place.path, key];
        const known = fields.get(key);
        if (known === undefined) place.report({ message: unknownKey(path, [...fields.keys()]), span: keySpan, path });
        else {
          const read = known.shape.read(inner, { ...place, path });
          if (read !== undefined) found[key] = read;
        }
      }
      const given = new Set(value.entries.map(({ key }) => key));
      for (const name of Object.keys(required)) if (!given.has(name)) place.report(missing(name, required, value.span, place.path));
      return Object.keys(required).every((name) => name in found) ? (found as Values<R> & Partial<Values<O>>) : undefined;
    },
  };
}

function missing(name: string, fields: Fields, span: Span, path: readonly string[]): ShapeProblem {
  const doc = fields[name]?.doc ?? '';
  return { message: `${quotedTail([...path, name])} is missing: ${doc.charAt(0).toLowerCase()}${doc.slice(1).replace(/\.$/, '')}`, span, path: [...path, name] };
}

function unknownKey(path: readonly string[], known: readonly string[]): string {
  const near = nearest(path.at(-1) ?? '', known);
  return `${quotedTail(path)} is not known; ${near === null ? `there are ${known.join(', ')}` : `did you mean "${near}"?`}`;
}

function shortened(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key;
}

/** The known word that differs by a slip or two; null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const slips = Math.min(2, Math.floor(word.length / 3));
  return known.find((one) => Math.abs(one.length - word.length) <= slips && distance(word, one) <= slips) ?? null;
}

/** Edits between two short words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The first shape whose kind of value is there. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  const form: Form = { kind: 'either', forms: [first.form, second.form] };
  const silent: Place = { path: [], report: () => undefined };
  return {
    form,
    read: (value, place) => {
      const read = first.read(value, silent) ?? second.read(value, silent);
      return read === undefined ? refuse(form, value, place) : read;
    },
  };
}

/** Another type made of what was read; a sentence where that cannot be. */
export function mapped<A, B>(shape: Shape<A>, make: (value: A, name: string) => Made<B>): Shape<B> {
  return {
    form: shape.form,
    read: (value, place) => {
      const read = shape.read(value, place);
      if (read === undefined) return undefined;
      const made = make(read, place.path.at(-1) ?? '');
      if ('value' in made) return made.value;
      place.report({ message: made.fault, span: value.span, path: place.path });
      return undefined;
    },
  };
}

export type Made<T> = { readonly value: T } | { readonly fault: string };

/** A shape that holds itself somewhere below. */
export function recursive<T>(name: string, shape: () => Shape<T>): Shape<T> {
  return { form: { kind: 'named', name, form: () => shape().form }, read: (value, place) => shape().read(value, place) };
}
