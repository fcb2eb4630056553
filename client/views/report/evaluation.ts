import type { WirePrice } from '../../../server/src/protocol/report';
import type { PricesReply } from '../../../server/src/protocol/requests';

/** Where prices hold. */
export interface Setting {
  readonly machine: string;
  /** Possible CPUs. */
  readonly cpus: number;
  readonly kernel: string;
}

/** What the figures of listed sites follow from, by their place in the list. */
export interface Basis {
  /** Null where a site has no price. */
  readonly shapes: readonly (number | null)[];
  /** Bytes; null: unknown or nothing is created; undefined: there is no such site. */
  readonly footprints: readonly (number | null | undefined)[];
  /** Possible CPUs for which the footprints are. */
  readonly possible: number;
}

/** Figures of one site; `price` null where it has none or none has come. */
export interface Figures {
  readonly footprint: number | null;
  readonly price: WirePrice | null;
}

/** The sites on one machine: bytes at once, times as far as their prices have come; earlier ones stand in, marked as stale. */
export interface Evaluation {
  readonly setting: Setting;
  online(): number;
  /** Whether the site's times are those of the setting. */
  isFresh(index: number): boolean;
  /** Null where there is no such site. */
  figures(index: number): Figures | null;
  /** Shapes of these sites (all if none are named) that have no price yet. */
  missing(indices?: Iterable<number>): number[];
  take(reply: Extract<PricesReply, { state: 'priced' }>): void;
  prices(): ReadonlyMap<number, WirePrice>;
}

/** `stale`: prices of another setting to show until those of this one have come. */
export function evaluationOf(basis: Basis, setting: Setting, online: number, fresh: ReadonlyMap<number, WirePrice>, stale: ReadonlyMap<number, WirePrice>): Evaluation {
  const known = new Map(fresh);
  let onlineCpus = online;
  const factor = setting.cpus / basis.possible;
  const priceOf = (shape: number | null): WirePrice | null => (shape === null ? null : (known.get(shape) ?? stale.get(shape) ?? null));
  return {
    setting,
    online: () => onlineCpus,
    isFresh: (index) => {
      const shape = basis.shapes[index] ?? null;
      return shape === null || known.has(shape);
    },
    figures: (index) => {
      const bytes = basis.footprints[index];
      return bytes === undefined ? null : { footprint: bytes === null ? null : Math.round(bytes * factor), price: priceOf(basis.shapes[index] ?? null) };
    },
    missing: (indices) => [...(indices === undefined ? shapesOf(basis) : shapesAt(basis, indices))].filter((shape) => !known.has(shape)),
    take: ({ cpus, prices }) => {
      onlineCpus = cpus.online;
      for (const price of prices) known.set(price.shape, price);
    },
    prices: () => known,
  };
}

const allShapes = new WeakMap<Basis, ReadonlySet<number>>();

/** Each shape once; asked for with every position of the slider. */
function shapesOf(basis: Basis): ReadonlySet<number> {
  const known = allShapes.get(basis) ?? new Set(basis.shapes.filter((shape) => shape !== null));
  allShapes.set(basis, known);
  return known;
}

function shapesAt({ shapes }: Basis, indices: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const index of indices) {
    const shape = shapes[index];
    if (shape !== null && shape !== undefined) found.add(shape);
  }
  return found;
}
