import type { Span } from './text';

/** A value that people wrote in a file, with where it stands. */
export type Located =
  | { readonly kind: 'table'; readonly span: Span; readonly entries: readonly LocatedEntry[] }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly Located[] }
  | { readonly kind: 'text'; readonly span: Span; readonly text: string }
  | { readonly kind: 'number'; readonly span: Span; readonly number: number }
  | { readonly kind: 'flag'; readonly span: Span; readonly flag: boolean }
  /** Nothing that any of our files has: a date, a null. */
  | { readonly kind: 'other'; readonly span: Span; readonly what: string };

export interface LocatedEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Located;
}

const nowhere: Span = { start: 0, end: 0 };

/** A value read from JSON, which has no places. */
export function locatedJson(value: unknown): Located {
  if (typeof value === 'string') return { kind: 'text', span: nowhere, text: value };
  if (typeof value === 'number') return { kind: 'number', span: nowhere, number: value };
  if (typeof value === 'boolean') return { kind: 'flag', span: nowhere, flag: value };
  if (Array.isArray(value)) return { kind: 'list', span: nowhere, items: value.map(locatedJson) };
  if (typeof value !== 'object' || value === null) return { kind: 'other', span: nowhere, what: String(value) };
  const entries = Object.entries(value).map(([key, inner]): LocatedEntry => ({ key, keySpan: nowhere, value: locatedJson(inner) }));
  return { kind: 'table', span: nowhere, entries };
}

/** The value that keys lead to; items of lists are counted from 1. */
export function valueAt(value: Located, path: readonly string[]): Located | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = value.kind === 'table' ? value.entries.find((entry) => entry.key === key)?.value : value.kind === 'list' ? value.items[Number(key) - 1] : undefined;
  return inner === undefined ? undefined : valueAt(inner, rest);
}

/** The value in a few characters, for a message about it. */
export function shownValue(value: Located): string {
  switch (value.kind) {
    case 'table': return 'a table';
    case 'list': return 'a list';
    case 'text': return JSON.stringify(value.text.length > 40 ? `${value.text.slice(0, 40)}…` : value.text);
    case 'number': return String(value.number);
    case 'flag': return String(value.flag);
    case 'other': return value.what;
  }
}
