import { formatKernelVersion, type KernelVersion, kernelVersion } from '../kernel/version';
import { allocation, release, type Setting, work } from './allocation';
import { counterBytes, destroyCounters, initCounters } from './counter';
import type { Area, LifeCycle, ObjectKind } from './lifeCycle';
import { mmLifeCycle } from './mm';
import { type AreaRow, objectTables } from './objectTables';
import type { Step } from './step';

export interface ObjectOptions {
  /** Memory nodes of the machine; 1 where absent. */
  readonly nodes?: number;
  /** Share of creations that enlarge what is in use; by default 0 for an mm, 1 for what stays. */
  readonly growth?: number;
}

export const objectKinds: readonly ObjectKind[] = ['mm', ...objectTables.keys()];

/** The life of a whole object's percpu memory; null for a kind that is not known. */
export function objectLifeCycle(kind: ObjectKind, kernel: KernelVersion, options: ObjectOptions = {}): LifeCycle | null {
  if (kind === 'mm') return mmLifeCycle(kernel, options.growth ?? 0);
  const table = objectTables.get(kind);
  if (table === undefined) return null;
  const setting: Setting = { kernel, growth: options.growth ?? 1 };
  const rows = table.areas.flatMap((row) => onEveryNode(row, options.nodes ?? 1));
  return {
    subject: table.subject,
    kernel,
    sites: [...new Set(rows.map(({ at }) => at))],
    create: rows.flatMap((row) => createArea(row, setting)),
    use: table.use,
    destroy: [...rows].reverse().flatMap((row) => destroyArea(row, setting)),
    areas: rows.map(areaOf),
    sharedBytes: rows.filter(({ holder }) => holder === 'percpu_counter').length * counterBytes,
    counters: table.counters,
    strategies: [],
    object: table.facts,
    notes: [...table.notes, ...versionNotes(kernel)],
  };
}

function versionNotes(kernel: KernelVersion): readonly string[] {
  const recorded = kernelVersion(6, 12);
  if (kernel.major === recorded.major && kernel.minor === recorded.minor) return [];
  return [`areas and sizes as recorded on 6.12, not on ${formatKernelVersion(kernel)}`];
}

function onEveryNode(row: AreaRow, nodes: number): readonly AreaRow[] {
  if (row.perNode !== true) return [row];
  return Array.from({ length: nodes }, (_, node) => ({ ...row, what: `${row.what} of node ${String(node)}` }));
}

function areaOf(row: AreaRow): Area {
  const { what, size, align, holder, at } = row;
  const name = at.replace(/^.* /, '');
  const origin = { site: at, function: name, inside: isLibrary(at) ? name : null };
  return { what, size, align, holder, origin, atomic: false, accounted: row.accounted ?? false };
}

/** Functions that allocate for whoever calls them. */
function isLibrary(at: string): boolean {
  return /^(include|lib)\//.test(at);
}

function createArea(row: AreaRow, setting: Setting): readonly Step[] {
  const area = areaOf(row);
  if (row.holder === 'percpu_counter') return initCounters(area, 1, setting);
  return [...allocation(area, setting), ...besides(row), ...initialisation(row)];
}

function initialisation(row: AreaRow): readonly Step[] {
  if (row.initialised === undefined) return [];
  const operation = { op: 'walk', over: 'possible', loads: 0, stores: row.initialised, warm: true } as const;
  return [work('initialise every possible CPU\'s copy', operation, row.at, row.what)];
}

/** percpu_ref_init also allocates its data from slab (lib/percpu-refcount.c, 6.12). */
function besides(row: AreaRow): readonly Step[] {
  return row.holder === 'percpu_ref' ? [work('allocate the reference\'s data', { op: 'slab', bytes: 64 }, row.at, row.what)] : [];
}

function destroyArea(row: AreaRow, setting: Setting): readonly Step[] {
  const area = areaOf(row);
  return row.holder === 'percpu_counter' ? destroyCounters(area, 1, setting) : release(area, setting);
}
