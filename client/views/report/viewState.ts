export type GroupBy = 'none' | 'directory' | 'class' | 'api' | 'type' | 'object';

export type FigureId = 'footprint' | 'create' | 'destroy' | 'locks' | 'scales';

export type ColumnId =
  | 'site' | 'change' | 'api' | 'allocates' | 'trigger' | 'advice'
  | FigureId
  /** The same figure on what is compared with, and the difference to it. */
  | `${FigureId}-other` | `${FigureId}-difference`;

/** What the report is compared with. `cpus`: possible CPUs; null: those of the machine. */
export type ComparedWith =
  | { readonly kind: 'machine'; readonly machine: string; readonly cpus: number | null }
  /** The same sources on another kernel. */
  | { readonly kind: 'kernel'; readonly kernel: string; readonly cpus: number | null }
  /** Another state of the tree, as the whole window is compared with. */
  | { readonly kind: 'commit'; readonly ref: string };

/** What the person set in the panel; survives hide, reload and closing. */
export interface ViewState {
  readonly search: string;
  /** Frequency classes shown; empty: all. */
  readonly classes: readonly string[];
  /** Only sites that create or define percpu memory, every call, or what differs from the commit compared with. */
  readonly kinds: 'creating' | 'all' | 'changed';
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

/** State as saved by an older build may lack fields; a comparison with a commit is again once it was read anew. */
export function restoredState(saved: Partial<ViewState> | undefined): ViewState {
  const state = { ...initialState, ...saved };
  const kind: string | undefined = state.compared?.kind;
  return kind === 'machine' || kind === 'kernel' ? state : { ...state, ...uncompared(state), compared: null };
}

/** What a comparison with a commit was shown as, by the commit that it was with. */
export type ShownComparison = Pick<ViewState, 'sort' | 'kinds'> & { readonly ref: string };

/** The comparison that a saved state showed, for when that commit is compared with again. */
export function savedComparison(saved: Partial<ViewState> | undefined): ShownComparison | null {
  const { compared, sort, kinds } = { ...initialState, ...saved };
  return compared?.kind === 'commit' ? { ref: compared.ref, sort, kinds } : null;
}

/** What the state is without the columns and rows that a comparison has. */
export function uncompared({ sort, kinds }: ViewState): Pick<ViewState, 'sort' | 'kinds'> {
  const plain = sort.column.split('-')[0] as ColumnId;
  return { sort: plain === 'change' ? initialState.sort : { ...sort, column: plain }, kinds: kinds === 'changed' ? 'creating' : kinds };
}

/** The figures of this build, by the column that shows them. */
export const figures: readonly FigureId[] = ['footprint', 'create', 'destroy', 'locks', 'scales'];
