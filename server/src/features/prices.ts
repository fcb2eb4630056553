import { bottleneckOf, kneeInterval } from '../estimate/contention';
import { costOf } from '../estimate/cost';
import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import type { WirePrice } from '../protocol/report';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Snapshot } from '../workspace/snapshot';
import { lifeCycleOn, priceOptions, type PriceSetting } from './evaluation';
import { sitesInOrder } from './siteOrder';
import { wireCost, wireLocks } from './wire';

/**
 * Thousands of sites go through some hundred different lives: the same steps in the same order. A price is made once
 * for each such shape and machine, without the reasons that the details of a site are made with; its values are the
 * same.
 */
export interface PriceShape {
  readonly number: number;
  readonly lifeCycle: LifeCycle;
}

const numbers = new Map<string, PriceShape>();
const shapes: PriceShape[] = [];
const ofSites = new WeakMap<LifeCycle, PriceShape>();

/** The shape of a site's life on a kernel; null where it has none. */
export function shapeOf(site: ResolvedSite, kernel: KernelVersion): PriceShape | null {
  const lifeCycle = lifeCycleOn(kernel, site);
  if (lifeCycle === null) return null;
  const known = ofSites.get(lifeCycle) ?? numbered(lifeCycle);
  ofSites.set(lifeCycle, known);
  return known;
}

/** Of every site in the report's order: the number of its shape on a kernel, null where it has no price. */
export function shapesOf(snapshot: Snapshot, kernel: KernelVersion): readonly (number | null)[] {
  return sitesInOrder(snapshot).map(({ site }) => shapeOf(site, kernel)?.number ?? null);
}

export function shapeByNumber(number: number): PriceShape | undefined {
  return shapes[number];
}

function numbered(lifeCycle: LifeCycle): PriceShape {
  const key = `${formatKernelVersion(lifeCycle.kernel)} ${keyOf(lifeCycle.create)} / ${keyOf(lifeCycle.destroy)}`;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const made = { number: shapes.length, lifeCycle };
  numbers.set(key, made);
  shapes.push(made);
  return made;
}

/** All that a price follows from: labels and places in the source are not. */
function keyOf(steps: readonly Step[]): string {
  return steps.map((step) => (step.kind === 'work' ? JSON.stringify(step.operation) : holdKey(step))).join();
}

function holdKey({ lock, lockKind, irqsOff, scope, steps }: Extract<Step, { kind: 'hold' }>): string {
  return `${lock} ${lockKind} ${String(irqsOff)} ${scope ?? ''}{${keyOf(steps)}}`;
}

/** What a life of one shape costs, without how it scales. */
export type ShapeCost = Pick<WirePrice, 'create' | 'destroy' | 'locks'>;

export function costOfShape(shape: PriceShape, setting: PriceSetting): ShapeCost {
  return rememberedOn(costs, shape, setting, newCost);
}

export function priceOfShape(shape: PriceShape, setting: PriceSetting): WirePrice {
  return rememberedOn(prices, shape, setting, newPrice);
}

/** Of one machine, by shape and by why times are not modelled. */
type Remembered<T> = WeakMap<MachineProfile, Map<string, T>>;

const costs: Remembered<ShapeCost> = new WeakMap();
const prices: Remembered<WirePrice> = new WeakMap();

function rememberedOn<T>(remembered: Remembered<T>, shape: PriceShape, setting: PriceSetting, make: (shape: PriceShape, setting: PriceSetting) => T): T {
  const known = remembered.get(setting.machine) ?? new Map<string, T>();
  remembered.set(setting.machine, known);
  const key = `${shape.number} ${setting.timesNotModelled ?? ''}`;
  const value = known.get(key) ?? make(shape, setting);
  known.set(key, value);
  return value;
}

function newCost({ lifeCycle }: PriceShape, setting: PriceSetting): ShapeCost {
  const { create, destroy, locks } = costOf(lifeCycle, setting.machine, priceOptions(setting));
  return {
    create: lifeCycle.create.length > 0 ? wireCost(create) : null,
    destroy: lifeCycle.destroy.length > 0 ? wireCost(destroy) : null,
    // What a lock does to interrupts differs where times are not modelled (pcpu_lock sleeps on PREEMPT_RT).
    locks: setting.timesNotModelled === null ? wireLocks(locks) : {},
  };
}

function newPrice(shape: PriceShape, setting: PriceSetting): WirePrice {
  const { number, lifeCycle } = shape;
  const scales = setting.timesNotModelled === null && lifeCycle.create.length > 0;
  const knee = scales ? kneeInterval(lifeCycle, setting.machine) : null;
  return {
    shape: number,
    ...costOfShape(shape, setting),
    knee_cpus: typeof knee === 'string' ? null : knee,
    bottleneck: scales ? bottleneckOf(lifeCycle, setting.machine) : null,
  };
}
