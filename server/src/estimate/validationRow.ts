import { parseCpuCount } from '../machine/cpuCount';
import { descriptionFault, type MachineDescription } from '../machine/description';

export const uses = ['exact', 'bound', 'sign', 'shape', 'fit', 'validate'] as const;
export type Use = (typeof uses)[number];

export const metrics = ['ops_per_s', 'gain_percent', 'allocs_per_s', 'ns', 'bytes', 'error_bytes', 'system_time_percent'] as const;
export type Metric = (typeof metrics)[number];

/** A published figure with its single use, and the case that it is of. */
export interface PublishedFigure {
  readonly id: string;
  readonly source: string;
  readonly use: Use;
  /** A built-in machine or one described here. */
  readonly machine: string | MachineDescription;
  readonly kernel: string;
  readonly scenario: string;
  readonly clients: number;
  /** Values that stand in place of the scenario's assumptions, by id, where the published case says so. */
  readonly assumptions?: Readonly<Record<string, number>>;
  readonly before: readonly string[];
  /** Null: the figure is of `before` alone. `kernel:X.Y` stands for the same case on another kernel. */
  readonly after: readonly string[] | null;
  readonly metric: Metric;
  readonly published: number;
  /** Which side of the published figure the prediction has to stay on. */
  readonly bound: 'upper' | 'lower' | null;
  readonly note: string;
}

export type ParsedFigures =
  | { readonly ok: true; readonly rows: readonly PublishedFigure[] }
  | { readonly ok: false; readonly message: string };

/** Reads rows from JSON: a list, or an object with `rows`. The first fault is named with its row; a figure has one use, so a second row of its name is one. */
export function parseFigures(text: string): ParsedFigures {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const list: unknown = isRecord(value) ? value['rows'] : value;
  if (!Array.isArray(list)) return { ok: false, message: 'expected a list of rows, or an object with a list "rows"' };
  if (list.length === 0) return { ok: false, message: 'there is no row in it' };
  const rows: PublishedFigure[] = [];
  for (const [index, row] of list.entries()) {
    const fault = faultOf(row);
    if (fault !== null) return { ok: false, message: `row ${String(index + 1)}: ${fault}` };
    const figure = completed(row as Partial<PublishedFigure>);
    const earlier = rows.findIndex(({ id }) => id === figure.id);
    if (earlier >= 0) return { ok: false, message: `row ${String(index + 1)}: "id" ${figure.id} is that of row ${String(earlier + 1)}: a figure has one use` };
    rows.push(figure);
  }
  return { ok: true, rows };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultOf(row: unknown): string | null {
  if (!isRecord(row)) return 'is not an object';
  const checks: readonly (readonly [boolean, string])[] = [
    [typeof row['id'] === 'string' && row['id'] !== '', '"id" has to be text'],
    [uses.some((use) => use === row['use']), `"use" has to be one of ${uses.join(', ')}`],
    [metrics.some((metric) => metric === row['metric']), `"metric" has to be one of ${metrics.join(', ')}`],
    [isFinite(row['published']), '"published" has to be a number'],
    [typeof row['machine'] === 'string' || descriptionFault(row['machine']) === null, `"machine" has to be a name or a description: ${descriptionFault(row['machine']) ?? ''}`],
    [typeof row['kernel'] === 'string', '"kernel" has to be text such as "6.12"'],
    [typeof row['scenario'] === 'string', '"scenario" has to be text'],
    [row['clients'] === undefined || row['clients'] === null || parseCpuCount(shown(row['clients'])).ok, '"clients" has to be a whole number from 1 to 8192'],
    [isTextList(row['before'] ?? []), '"before" has to be a list of strategies'],
    [row['after'] === undefined || row['after'] === null || isTextList(row['after']), '"after" has to be a list of strategies or null'],
    [row['bound'] === undefined || row['bound'] === null || row['bound'] === 'upper' || row['bound'] === 'lower', '"bound" has to be "upper", "lower" or null'],
    [row['use'] !== 'bound' || row['bound'] === 'upper' || row['bound'] === 'lower', 'a bound has to say "upper" or "lower"'],
  ];
  return checks.find(([fine]) => !fine)?.[1] ?? null;
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'no number';
}

function isFinite(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function completed(row: Partial<PublishedFigure>): PublishedFigure {
  const { id = '', use = 'sign', machine = '', kernel = '', scenario = '', metric = 'ns', published = 0 } = row;
  return {
    id, use, machine, kernel, scenario, metric, published,
    source: row.source ?? '', clients: row.clients ?? 1, before: row.before ?? [], after: row.after ?? null, bound: row.bound ?? null, note: row.note ?? '',
  };
}
