import type { InventoryAgainst, InventoryReply } from '../../../server/src/protocol/inventory';

/** What a person set, kept while the panel is hidden and over a reload. */
export interface Settings {
  readonly filter: string;
  readonly modules: readonly string[];
  readonly against: InventoryAgainst | null;
  /** Only what is not the same in both trees. */
  readonly differing: boolean;
  /** Ids of rows that are open, and of those closed that are open unasked. */
  readonly toggled: readonly string[];
  readonly selected: string | null;
}

export interface InventoryState extends Settings {
  readonly reply: InventoryReply | null;
  readonly failure: string | null;
}

export const initialState: InventoryState = { filter: '', modules: [], against: null, differing: false, toggled: [], selected: null, reply: null, failure: null };

export function settingsOf({ filter, modules, against, differing, toggled, selected }: InventoryState): Settings {
  return { filter, modules, against, differing, toggled, selected };
}

/** Modules as typed: names with commas or blanks between. */
export function moduleNames(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}
