export type GroupBy = 'none' | 'directory' | 'class' | 'api' | 'type' | 'object';

export type ColumnId = 'site' | 'api' | 'allocates' | 'footprint' | 'trigger' | 'create' | 'destroy' | 'locks' | 'scales' | 'advice';

/** What the person set in the panel; survives hide and reload. */
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
}

export const initialState: ViewState = {
  search: '',
  classes: [],
  kinds: 'creating',
  group: 'none',
  sort: { column: 'trigger', descending: false },
  selected: null,
  collapsed: [],
};

/** State as saved by an older build may lack fields. */
export function restoredState(saved: Partial<ViewState> | undefined): ViewState {
  return { ...initialState, ...saved };
}
