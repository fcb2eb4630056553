import type { ReportSite, WireCost, WireInterval } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { bytes, cpus, duration, trigger } from '../format';
import { intervalBar } from './intervalBar';
import { longestHold } from './siteOrder';
import type { ColumnId } from './viewState';

/** Bounds of the time columns over the whole report, for the bars' common axis. */
export interface TimeScale {
  readonly low: number;
  readonly high: number;
}

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** What the heading's tooltip says. */
  readonly about: string;
  readonly numeric: boolean;
  cell(site: ReportSite, scale: TimeScale): readonly (Node | string)[];
}

export const columns: readonly Column[] = [
  { id: 'site', title: 'Site', about: 'Function, file and line of the call', numeric: false, cell: siteCell },
  { id: 'allocates', title: 'Per CPU', about: 'Bytes per CPU and the type', numeric: false, cell: sizeCell },
  { id: 'footprint', title: 'Footprint', about: 'Size rounded up to 4 bytes × possible CPUs', numeric: true, cell: footprintCell },
  { id: 'trigger', title: 'Trigger', about: 'What makes the call run, most frequent first', numeric: false, cell: triggerCell },
  { id: 'create', title: 'Create', about: 'Uncontended time to create, low to high', numeric: true, cell: (site, scale) => costCell(site.create, scale) },
  { id: 'destroy', title: 'Destroy', about: 'Uncontended time to destroy, low to high', numeric: true, cell: (site, scale) => costCell(site.destroy, scale) },
  { id: 'locks', title: 'Lock time', about: 'Longest hold of a global lock', numeric: true, cell: lockCell },
  { id: 'scales', title: 'Scales to', about: 'CPUs that can do it at once before throughput stops growing', numeric: true, cell: kneeCell },
  { id: 'advice', title: 'Advice', about: 'Strategies worth a look here', numeric: false, cell: (site) => [site.advice.join(', ')] },
  { id: 'api', title: 'API', about: 'What is called', numeric: false, cell: (site) => [site.api] },
];

function siteCell(site: ReportSite): readonly Node[] {
  const where = element('span', { class: 'where' }, `${site.file}:${String(site.line)}`);
  const name = element('span', { class: 'function' }, site.function ?? 'file scope');
  return [element('span', { title: `${site.function ?? 'file scope'} in ${site.file}:${String(site.line)}` }, name, where)];
}

function sizeCell(site: ReportSite): readonly (Node | string)[] {
  const type = site.type ?? (site.count === null || site.count === 1 ? '' : `×${String(site.count)}`);
  const label = element('span', { class: 'muted' }, type);
  if (site.size !== null) return [`${bytes(site.size)} `, label];
  if (site.size_source !== 'unknown') return [label];
  return [unknownMark('? B', site.size_reason), ' ', label];
}

function footprintCell(site: ReportSite): readonly (Node | string)[] {
  if (site.footprint === null) return site.size_source === 'unknown' ? [unknownMark('unknown', site.size_reason)] : [];
  if (site.accounted_by !== null) return [element('span', { class: 'muted', title: `counted at ${site.accounted_by}` }, bytes(site.footprint))];
  return [element('span', { title: `${String(site.footprint)} bytes` }, bytes(site.footprint))];
}

function triggerCell(site: ReportSite): readonly Node[] {
  const [first = 'unknown', ...others] = site.frequency_class;
  const more = others.length === 0 ? '' : ` +${String(others.length)}`;
  return [element('span', { title: site.frequency_class.map(trigger).join(', ') }, `${trigger(first)}${more}`)];
}

function costCell(cost: WireCost | null, scale: TimeScale): readonly Node[] {
  if (cost === null) return [];
  if (cost.ns === null) return [unknownMark('unknown', cost.reason ?? 'not modelled')];
  return [intervalBar(cost.ns, scale), timeText(cost.ns)];
}

function timeText(interval: WireInterval): HTMLElement {
  return element('span', { class: 'time' }, duration(interval));
}

function lockCell(site: ReportSite): readonly (Node | string)[] {
  const longest = longestHold(site.locks);
  const found = Object.entries(site.locks).find(([, lock]) => lock.hold_ns?.mid === longest);
  if (found === undefined || found[1].hold_ns === null) return [];
  const [name, lock] = found;
  const title = `${name}${lock.irqs_off ? ', interrupts off' : ''}`;
  return [element('span', { title }, duration(found[1].hold_ns))];
}

function kneeCell(site: ReportSite): readonly Node[] {
  const knee = site.contention?.knee_cpus;
  if (knee === null || knee === undefined) return [];
  return [element('span', { title: `${site.contention?.bottleneck ?? 'no lock'}: ${site.contention?.assumption ?? ''}` }, cpus(knee))];
}

function unknownMark(text: string, reason: string): HTMLElement {
  return element('span', { class: 'unknown', title: `unknown because ${reason}` }, text);
}

/** Bounds over all create and destroy times; one decade where there are none. */
export function timeScale(sites: readonly ReportSite[]): TimeScale {
  let low = Infinity;
  let high = 0;
  for (const site of sites) {
    for (const cost of [site.create, site.destroy]) {
      if (cost === null || cost.ns === null || cost.ns.low <= 0) continue;
      low = Math.min(low, cost.ns.low);
      high = Math.max(high, cost.ns.high);
    }
  }
  return high === 0 ? { low: 1, high: 10 } : { low, high };
}
