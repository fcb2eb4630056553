import type { WireCost, WireInterval } from '../../../server/src/protocol/report';
import { bytes, count, cpus, duration, signedShare } from '../format';
import { t } from '../l10n';
import type { ListedSite } from '../messages';
import type { Figures } from './evaluation';
import { difference, longestHold, sides, type ComparedSite } from './siteOrder';
import type { FigureId } from './viewState';

/** What a cell of a figure says; `interval` is drawn as a bar before it. */
export interface FigureText {
  readonly text: string;
  readonly title: string;
  readonly look: '' | 'time' | 'muted' | 'unknown';
  readonly interval: WireInterval | null;
}

const nothing: FigureText = { text: '', title: '', look: '', interval: null };

/** A figure of a site on one side; `assumption`: the load that a knee holds for. */
export function figureText(id: FigureId, site: ListedSite, figures: Figures | null, assumption: string): FigureText {
  if (figures === null) return nothing;
  const { price } = figures;
  switch (id) {
    case 'footprint':
      return footprintText(site, figures.footprint);
    case 'create':
      return costText(price?.create ?? null);
    case 'destroy':
      return costText(price?.destroy ?? null);
    case 'locks':
      return price === null ? nothing : lockText(price.locks);
    case 'scales':
      return price?.knee_cpus == null ? nothing : { text: cpus(price.knee_cpus), title: `${price.bottleneck ?? t('no lock')}: ${assumption}`, look: 'time', interval: null };
  }
}

/** What a figure is more or less on the other side, or than it was. */
export function differenceText(id: FigureId, row: ComparedSite): FigureText {
  const value = difference(id, row);
  if (value === null) return nothing;
  if (value === 0) return { ...nothing, text: '0' };
  const amount = Math.abs(value);
  const text = id === 'footprint' ? bytes(amount) : id === 'scales' ? count(Math.round(amount)) : duration({ low: amount, mid: amount, high: amount });
  const [base] = sides(id, row);
  const share = base === null || base === 0 ? '' : ` (${signedShare(value / base)})`;
  return { ...nothing, text: `${value > 0 ? '+' : '−'}${text}${share}` };
}

function footprintText(site: ListedSite, footprint: number | null): FigureText {
  if (footprint === null) return site.size_source === 'unknown' ? unknown(site.size_reason) : nothing;
  if (site.accounted_by !== null) return { ...nothing, text: bytes(footprint), title: t('counted at each call of the API, such as {0}', site.accounted_by), look: 'muted' };
  return { ...nothing, text: bytes(footprint), title: t('{0} bytes', String(footprint)) };
}

function costText(cost: WireCost | null): FigureText {
  if (cost === null) return nothing;
  return cost.ns === null ? unknown(cost.reason ?? t('it is not modelled')) : { text: duration(cost.ns), title: '', look: 'time', interval: cost.ns };
}

function lockText(locks: NonNullable<Figures['price']>['locks']): FigureText {
  const longest = longestHold(locks);
  const found = Object.entries(locks).find(([, lock]) => lock.hold_ns?.mid === longest);
  if (found === undefined || found[1].hold_ns === null) return nothing;
  const [name, lock] = found;
  return { text: duration(found[1].hold_ns), title: lock.irqs_off ? t('{0}, interrupts off', name) : name, look: 'time', interval: null };
}

function unknown(reason: string): FigureText {
  return { text: t('unknown'), title: t('unknown because {0}', reason), look: 'unknown', interval: null };
}
