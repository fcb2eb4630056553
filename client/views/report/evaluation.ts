import type { ReportSite, WirePrice } from '../../../server/src/protocol/report';
import type { PricesReply } from '../../../server/src/protocol/requests';

/** Where prices hold. */
export interface Setting {
  readonly machine: string;
  /** Possible CPUs. */
  readonly cpus: number;
  readonly kernel: string;
}

/** What all evaluations of a report share: its sites as the server priced them, with their shapes. */
export interface Basis {
  readonly sites: readonly ReportSite[];
  readonly shapes: readonly (number | null)[];
  /** Possible CPUs for which the sites' footprints are. */
  readonly possible: number;
  /** Back-to-back creation on which CPUs: what a knee is said to hold for. */
  readonly assumption: string;
}

/** The sites on one machine: bytes at once, times as far as their prices have come; earlier ones stand in, marked as stale. */
export interface Evaluation {
  readonly setting: Setting;
  online(): number;
  /** Whether the site's times are those of the setting. */
  isFresh(index: number): boolean;
  site(index: number): ReportSite;
  /** Shapes of these sites (all if none are named) that have no price yet. */
  missing(indices?: Iterable<number>): number[];
  take(reply: Extract<PricesReply, { state: 'priced' }>): void;
  prices(): ReadonlyMap<number, WirePrice>;
}

/** `stale`: prices of another setting to show until those of this one have come. */
export function evaluationOf(basis: Basis, setting: Setting, online: number, fresh: ReadonlyMap<number, WirePrice>, stale: ReadonlyMap<number, WirePrice>): Evaluation {
  const known = new Map(fresh);
  const all = new Set(basis.shapes.filter((shape) => shape !== null));
  let made: (ReportSite | undefined)[] = [];
  let onlineCpus = online;
  const factor = setting.cpus / basis.possible;
  return {
    setting,
    online: () => onlineCpus,
    isFresh: (index) => isKnown(known, basis.shapes[index]),
    site: (index) => (made[index] ??= evaluated(basis, index, factor, known, stale)),
    missing: (indices) => missingShapes(indices === undefined ? all : shapesAt(basis, indices), known),
    take: ({ cpus, prices }) => {
      onlineCpus = cpus.online;
      for (const price of prices) known.set(price.shape, price);
      made = [];
    },
    prices: () => known,
  };
}

function isKnown(known: ReadonlyMap<number, WirePrice>, shape: number | null | undefined): boolean {
  return shape === null || shape === undefined || known.has(shape);
}

function* shapesAt({ shapes }: Basis, indices: Iterable<number>): Iterable<number> {
  for (const index of indices) {
    const shape = shapes[index];
    if (shape !== null && shape !== undefined) yield shape;
  }
}

function missingShapes(shapes: Iterable<number>, known: ReadonlyMap<number, WirePrice>): number[] {
  return [...new Set(shapes)].filter((shape) => !known.has(shape));
}

function evaluated(basis: Basis, index: number, factor: number, known: ReadonlyMap<number, WirePrice>, stale: ReadonlyMap<number, WirePrice>): ReportSite {
  const site = basis.sites[index];
  if (site === undefined) throw new RangeError(`there is no site ${String(index)}`);
  const footprint = site.footprint === null ? null : Math.round(site.footprint * factor);
  const shape = basis.shapes[index] ?? null;
  const price = shape === null ? undefined : (known.get(shape) ?? stale.get(shape));
  return price === undefined ? { ...site, footprint } : { ...site, footprint, ...timesOf(price, basis.assumption) };
}

function timesOf({ create, destroy, locks, knee_cpus, bottleneck }: WirePrice, assumption: string): Pick<ReportSite, 'create' | 'destroy' | 'locks' | 'contention'> {
  const contention = { throughput_per_s: null, wait_ns: null, utilisation: null, knee_cpus, bottleneck, assumption };
  return { create, destroy, locks, contention: create === null ? null : contention };
}

/** The prices that the sites of a report came with: one of each shape. */
export function pricesWithin(sites: readonly ReportSite[], shapes: readonly (number | null)[]): Map<number, WirePrice> {
  const prices = new Map<number, WirePrice>();
  sites.forEach(({ create, destroy, locks, contention }, index) => {
    const shape = shapes[index] ?? null;
    if (shape === null || prices.has(shape)) return;
    prices.set(shape, { shape, create, destroy, locks, knee_cpus: contention?.knee_cpus ?? null, bottleneck: contention?.bottleneck ?? null });
  });
  return prices;
}
