import type { WireCost, WirePart } from './report';

/** What the kernel's objects hold per CPU: the JSON of `report --objects`. Sizes are bytes. */
export interface Inventory {
  readonly kernel: string;
  /** Where the kernel configuration is from, in words. */
  readonly kconfig: string;
  readonly machine: string;
  readonly cpus: { readonly possible: number; readonly online: number };
  readonly memory_nodes: number;
  /** Modules that are counted as loaded. */
  readonly modules: readonly string[];
  readonly operations: readonly InventoryOperation[];
  readonly objects: readonly InventoryObject[];
}

/** What one thing that people do creates. */
export interface InventoryOperation {
  readonly name: string;
  /** Names of the objects, one for each that is created. */
  readonly objects: readonly string[];
  readonly total: InventoryTotal;
}

/** Of the areas that are allocated as configured; `unknown_sizes` of them have no size in `bytes_per_cpu`. */
export interface InventoryTotal {
  readonly areas: number;
  readonly bytes_per_cpu: number;
  /** At the machine's possible CPUs. */
  readonly footprint: number;
  readonly unknown_sizes: number;
  /** Sites that are built and not counted: a condition is open, a module not loaded, or how often it runs is not known. */
  readonly left_out: number;
}

export interface InventoryObject {
  readonly name: string;
  readonly kind: string;
  readonly variant: string | null;
  readonly frequency_class: string;
  readonly total: InventoryTotal;
  readonly areas: readonly InventoryArea[];
  /** How often each lock is taken to create and to destroy one; null where the life of a part is not known. */
  readonly locks: Readonly<Record<string, { readonly create: number; readonly destroy: number }>> | null;
  readonly create: WireCost | null;
  readonly destroy: WireCost | null;
  /** Objects that are created on the way. */
  readonly creates: readonly InventoryChild[];
}

/** What one site allocates for an object. */
export interface InventoryArea extends WirePart {
  readonly site: string;
  readonly file: string;
  readonly line: number;
  readonly function: string | null;
  readonly api: string;
  readonly allocates: string;
  /** Areas of one execution, and their bytes per CPU as the allocator rounds them; null: not known, with the reason. */
  readonly areas: number;
  readonly bytes_per_cpu: number | null;
  readonly size_reason: string;
  /** It is in the total: no condition is open, its modules are loaded, and how often it runs is known. */
  readonly counted: boolean;
}

export interface InventoryChild extends Omit<WirePart, 'assumed'> {
  readonly object: string;
  readonly counted: boolean;
}

/** What stands beside the tree at hand: another folder's tree, or the state that it is compared with (`percpuLens/compareWith`). */
export type InventoryAgainst = { readonly kind: 'folder'; readonly uri: string } | { readonly kind: 'compared' };

export interface InventoryParams {
  /** Modules to count as loaded. */
  readonly modules: readonly string[];
  readonly against: InventoryAgainst | null;
}

/** One tree's inventory as far as it is read. */
export interface InventoryOfTree {
  /** Folder or state in words. */
  readonly name: string;
  /** URI of its folder; null where its files are in no folder. */
  readonly root: string | null;
  readonly state: 'indexing' | 'ready' | 'empty' | 'failed';
  readonly reason: string | null;
  /** Files read, while it is indexed. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly inventory: Inventory;
}

export interface InventoryReply {
  readonly sites_revision: number;
  /** Null: no folder is open. */
  readonly own: InventoryOfTree | null;
  /** On the machine of `own`; null where nothing stands beside it. */
  readonly base: InventoryOfTree | null;
  /** Why what was asked for does not stand beside it; null where it does. */
  readonly refused: string | null;
  /** What else could. */
  readonly offers: readonly { readonly against: InventoryAgainst; readonly name: string }[];
}
