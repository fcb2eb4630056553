export type GroupBy = 'none' | 'directory' | 'class' | 'api' | 'type' | 'object';

export type FigureId = 'footprint' | 'create' | 'destroy' | 'locks' | 'scales';

export type ColumnId =
  | 'site' | 'api' | 'allocates' | 'trigger' | 'advice'
  | FigureId
  /** The same figure on what is compared with, and the difference to it. */
  | `${FigureId}-other` | `${FigureId}-difference`;

/** What the report is compared with: another machine, another count of CPUs, or another kernel. */
export interface ComparedWith {
  readonly machine: string;
  /** Possible CPUs; null: the machine's own. */
  readonly cpus: number | null;
  /** Null: the kernel of the report. */
  readonly kernel: string | null;
}

/** What the person set in the panel; survives hide, reload and closing. */
export interface ViewState {
  readonly search: string;
  /** Frequency classes shown; empty: all. */
  readonly classes: readonly string[];
  /** Only sites that create or define percpu memory, or every call. */
  readonly kinds: 'creating' | 'all';
  readonly group: GroupBy;
  readonly sort: { readonly column: ColumnId; readonly descending: boolean };
  readonly selected: string | null;
  readonly collapsed: readonly string[];
  readonly follow: boolean;
  readonly compared: ComparedWith | null;
  readonly charts: boolean;
}

export const initialState: ViewState = {
  search: '',
  classes: [],
  kinds: 'creating',
  group: 'object',
  sort: { column: 'trigger', descending: false },
  selected: null,
  collapsed: [],
  follow: false,
  compared: null,
  charts: true,
};

/** State as saved by an older build may lack fields. */
export function restoredState(saved: Partial<ViewState> | undefined): ViewState {
  return { ...initialState, ...saved };
}

/** The figures of this build, by the column that shows them. */
export const figures: readonly FigureId[] = ['footprint', 'create', 'destroy', 'locks', 'scales'];
