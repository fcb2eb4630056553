import type { WireCost, WireLifeCycleCost, WireStrategy } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { bytes, count, cpus, duration, rate, share } from '../format';

/** Strategies that apply, pushed ones first, then those that do not with the reason in a line each. */
export function strategySection(strategies: readonly WireStrategy[]): HTMLElement {
  const applying = strategies.filter((strategy) => strategy.applies).sort((a, b) => Number(b.pushed) - Number(a.pushed));
  const others = strategies.filter((strategy) => !strategy.applies);
  const section = element('section', { class: 'strategies' }, element('h3', {}, 'What would help here'), ...applying.map(strategyCard));
  if (applying.length === 0) section.append(element('p', {}, 'None of the known strategies applies to this site.'));
  if (others.length > 0) section.append(notApplying(others));
  return section;
}

function notApplying(strategies: readonly WireStrategy[]): HTMLElement {
  const items = strategies.map((strategy) => element('li', {}, element('strong', {}, strategy.title), ` ${strategy.why}`));
  return element('details', {}, element('summary', {}, `${String(strategies.length)} that do not apply, and why`), element('ul', {}, ...items));
}

/** Standing and objections before any figure. */
function strategyCard(strategy: WireStrategy): HTMLElement {
  return element(
    'article',
    { class: 'strategy' },
    element('h4', {}, strategy.title),
    element('p', { class: 'standing' }, strategy.standing),
    ...objections(strategy),
    element('p', {}, strategy.why),
    ...worth(strategy),
    ...comparison(strategy),
    ...list('Asks in return', strategy.prices),
    ...list('What to do', strategy.checklist, 'checklist'),
    ...list('Sources', strategy.sources),
  );
}

function fromMany(contended: NonNullable<WireStrategy['worth']>['contended']): string {
  const updates = contended?.loses_from_updates ?? null;
  return updates === null ? '' : `, from about ${count(Number(updates.toPrecision(2)))} where they come from many CPUs at once`;
}

/** Several figures, since none decides alone; and why it is not shown in the code. */
function worth({ gain, worth: figures, unknown_because: unknown, not_pushed: held, notes }: WireStrategy): HTMLElement[] {
  const saved = figures?.saved_cpus?.value ?? null;
  const lines = [
    ...(gain === null ? [] : [gainText(gain.mid)]),
    ...(unknown === null ? [] : [`gain unknown because ${unknown}`]),
    ...(saved === null || saved.mid <= 0 ? [] : [`${duration({ low: Math.max(0, saved.low) * 1e9, mid: saved.mid * 1e9, high: saved.high * 1e9 })} of CPU time a second on the whole machine, at the rate of its class`]),
    ...(figures === null || figures.pinned_bytes === 0 ? [] : [`${bytes(figures.pinned_bytes)} kept ready on the machine`]),
    ...(figures?.loses_from_updates == null ? [] : [`updates get dearer: it loses from about ${count(Number(figures.loses_from_updates.toPrecision(2)))} updates in the life of an object on${fromMany(figures.contended)}`]),
    ...notes,
    ...(held === null ? [] : [`on request only: ${held}`]),
  ];
  return lines.length === 0 ? [] : [element('ul', { class: 'worth', 'aria-label': 'What it is worth' }, ...lines.map((line) => element('li', {}, line)))];
}

function gainText(gain: number): string {
  return gain >= 0 ? `saves ${share(gain)} of create and destroy` : `costs ${share(-gain)} more to create and destroy`;
}

function objections(strategy: WireStrategy): HTMLElement[] {
  if (strategy.objections.length === 0) return [element('p', { class: 'muted' }, 'No objection was voiced.')];
  const items = strategy.objections.map(({ by, point, source }) => element('li', { title: source }, element('strong', {}, `${by}: `), point));
  return [element('section', { class: 'objections' }, element('h5', {}, 'Objections voiced'), element('ul', {}, ...items))];
}

function comparison({ title, before, after }: WireStrategy): HTMLElement[] {
  if (before === null || after === null) return [];
  const rows = [
    compared('create', time(before.create), time(after.create)),
    compared('destroy', time(before.destroy), time(after.destroy)),
    compared('scales to', knee(before), knee(after)),
    compared('back to back', perSecond(before), perSecond(after)),
    compared('footprint', size(before), size(after)),
    compared('read error', error(before), error(after)),
  ];
  const head = element('tr', {}, element('td'), element('th', { scope: 'col' }, 'now'), element('th', { scope: 'col' }, 'then'));
  return [element('table', { class: 'comparison', 'aria-label': `${title}: before and after` }, element('thead', {}, head), element('tbody', {}, ...rows))];
}

function compared(label: string, now: string, then: string): HTMLElement {
  return element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, now), element('td', {}, then));
}

function time(cost: WireCost): string {
  return cost.ns === null ? `unknown: ${cost.reason ?? 'not modelled'}` : duration(cost.ns);
}

function knee(cost: WireLifeCycleCost): string {
  return cost.knee_cpus === null ? 'no limit found' : cpus(cost.knee_cpus);
}

function perSecond({ create, destroy, knee_cpus: limit, throughput_per_s: throughput }: WireLifeCycleCost): string {
  if (throughput !== null) return limit === null ? 'not limited by percpu memory' : rate(throughput.mid);
  return create.ns?.high === 0 && destroy.ns?.high === 0 ? 'nothing is left to do' : 'unknown';
}

function size(cost: WireLifeCycleCost): string {
  return cost.footprint === null ? 'unknown' : bytes(cost.footprint);
}

function error(cost: WireLifeCycleCost): string {
  const { read_error: off, read_error_unit: unit, read_error_bytes: inBytes } = cost;
  if (off === null) return 'none given';
  if (off === 0) return 'none';
  return `± ${count(off)} ${unit ?? 'counts'}${inBytes === null || unit === 'bytes' ? '' : ` (${bytes(inBytes)})`}`;
}

function list(title: string, items: readonly string[], look = ''): HTMLElement[] {
  if (items.length === 0) return [];
  return [element('details', {}, element('summary', {}, title), element('ul', { class: look }, ...items.map((item) => element('li', {}, item))))];
}
