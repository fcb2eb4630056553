import type { WirePrice } from '../../../server/src/protocol/report';
import type { PricesReply } from '../../../server/src/protocol/requests';
import type { CostCurve } from './costChart';
import type { Setting } from './evaluation';
import type { WantedPrices } from './priceAsker';

const counts: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

interface Subject {
  readonly title: string;
  readonly shape: number;
  readonly setting: Setting;
}

export interface CostCurves {
  /** What the curve is of; null: nothing. */
  choose(subject: Subject | null): void;
  wanted(): WantedPrices | null;
  take(key: string, reply: PricesReply): void;
  /** The points that are there; null where nothing is chosen. */
  curve(): CostCurve | null;
}

/** Prices of one shape at the powers of two, each asked for once. */
export function createCostCurves(): CostCurves {
  const known = new Map<string, WirePrice>();
  let chosen: Subject | null = null;
  const keyAt = ({ shape, setting }: Subject, cpus: number): string => `${setting.machine} ${setting.kernel} ${String(shape)} ${String(cpus)}`;
  return {
    choose: (subject) => {
      chosen = subject;
    },
    wanted: () => {
      const subject = chosen;
      const cpus = subject === null ? undefined : counts.find((count) => !known.has(keyAt(subject, count)));
      if (subject === null || cpus === undefined) return null;
      return { key: keyAt(subject, cpus), params: { ...subject.setting, cpus, shapes: [subject.shape] } };
    },
    take: (key, reply) => {
      const [price] = reply.state === 'priced' ? reply.prices : [];
      if (price !== undefined) known.set(key, price);
      else chosen = null;
    },
    curve: () => {
      const subject = chosen;
      if (subject === null) return null;
      const points = counts.flatMap((cpus) => {
        const price = known.get(keyAt(subject, cpus));
        return price === undefined ? [] : [{ cpus, price }];
      });
      return { title: subject.title, points, current: subject.setting.cpus };
    },
  };
}
