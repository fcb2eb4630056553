import type { WireCost, WireLifeCycleCost, WireStrategy } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { bytes, count, cpus, duration, rate, share } from '../format';
import { t } from '../l10n';

/** Strategies that apply, pushed ones first, then those that do not with the reason in a line each. */
export function strategySection(strategies: readonly WireStrategy[]): HTMLElement {
  const applying = strategies.filter((strategy) => strategy.applies).sort((a, b) => Number(b.pushed) - Number(a.pushed));
  const others = strategies.filter((strategy) => !strategy.applies);
  const section = element('section', { class: 'strategies' }, element('h3', {}, t('What would help here')), ...applying.map(strategyCard));
  if (applying.length === 0) section.append(element('p', {}, t('None of the known strategies applies to this site.')));
  if (others.length > 0) section.append(notApplying(others));
  return section;
}

function notApplying(strategies: readonly WireStrategy[]): HTMLElement {
  const items = strategies.map((strategy) => element('li', {}, element('strong', {}, strategy.title), ` ${strategy.why}`));
  return element('details', {}, element('summary', {}, t('Not applicable, and why: {0}', strategies.length)), element('ul', {}, ...items));
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
    ...list(t('Asks in return'), strategy.prices),
    ...list(t('What to do'), strategy.checklist, 'checklist'),
    ...list(t('Sources'), strategy.sources),
  );
}

function fromMany(contended: NonNullable<WireStrategy['worth']>['contended']): string {
  const updates = contended?.loses_from_updates ?? null;
  return updates === null ? '' : t(', from about {0} where they come from many CPUs at once', count(Number(updates.toPrecision(2))));
}

/** Several figures, since none decides alone; and why it is not shown in the code. */
function worth({ gain, worth: figures, unknown_because: unknown, not_pushed: held, notes }: WireStrategy): HTMLElement[] {
  const saved = figures?.saved_cpus?.value ?? null;
  const lines = [
    ...(gain === null ? [] : [gainText(gain.mid)]),
    ...(unknown === null ? [] : [t('gain unknown because {0}', unknown)]),
    ...(saved === null || saved.mid <= 0 ? [] : [t('{0} of CPU time a second on the whole machine, at the rate of its class', duration({ low: Math.max(0, saved.low) * 1e9, mid: saved.mid * 1e9, high: saved.high * 1e9 }))]),
    ...(figures === null || figures.pinned_bytes === 0 ? [] : [t('{0} kept ready on the machine', bytes(figures.pinned_bytes))]),
    ...(figures?.loses_from_updates == null ? [] : [t('updates get dearer: it loses from about {0} updates in the life of an object on{1}', count(Number(figures.loses_from_updates.toPrecision(2))), fromMany(figures.contended))]),
    ...notes,
    ...(held === null ? [] : [t('on request only: {0}', held)]),
  ];
  return lines.length === 0 ? [] : [element('ul', { class: 'worth', 'aria-label': t('What it is worth') }, ...lines.map((line) => element('li', {}, line)))];
}

function gainText(gain: number): string {
  return gain >= 0 ? t('saves {0} of create and destroy', share(gain)) : t('costs {0} more to create and destroy', share(-gain));
}

function objections(strategy: WireStrategy): HTMLElement[] {
  if (strategy.objections.length === 0) return [element('p', { class: 'muted' }, t('No objection was voiced.'))];
  const items = strategy.objections.map(({ by, point, source }) => element('li', { title: source }, element('strong', {}, `${by}: `), point));
  return [element('section', { class: 'objections' }, element('h5', {}, t('Objections voiced')), element('ul', {}, ...items))];
}

function comparison({ title, before, after }: WireStrategy): HTMLElement[] {
  if (before === null || after === null) return [];
  const rows = [
    compared(t('create'), time(before.create), time(after.create)),
    compared(t('destroy'), time(before.destroy), time(after.destroy)),
    compared(t('scales to'), knee(before), knee(after)),
    compared(t('back to back'), perSecond(before), perSecond(after)),
    compared(t('footprint'), size(before), size(after)),
    compared(t('read error'), error(before), error(after)),
  ];
  const head = element('tr', {}, element('td'), element('th', { scope: 'col' }, t('now')), element('th', { scope: 'col' }, t('then')));
  return [element('table', { class: 'comparison', 'aria-label': t('{0}: before and after', title) }, element('thead', {}, head), element('tbody', {}, ...rows))];
}

function compared(label: string, now: string, then: string): HTMLElement {
  return element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, now), element('td', {}, then));
}

function time(cost: WireCost): string {
  return cost.ns === null ? t('unknown: {0}', cost.reason ?? t('not modelled')) : duration(cost.ns);
}

function knee(cost: WireLifeCycleCost): string {
  return cost.knee_cpus === null ? t('no limit found') : cpus(cost.knee_cpus);
}

function perSecond({ create, destroy, knee_cpus: limit, throughput_per_s: throughput }: WireLifeCycleCost): string {
  if (throughput !== null) return limit === null ? t('not limited by percpu memory') : rate(throughput.mid);
  return create.ns?.high === 0 && destroy.ns?.high === 0 ? t('nothing is left to do') : t('unknown');
}

function size(cost: WireLifeCycleCost): string {
  return cost.footprint === null ? t('unknown') : bytes(cost.footprint);
}

function error(cost: WireLifeCycleCost): string {
  const { read_error: off, read_error_unit: unit, read_error_bytes: inBytes } = cost;
  if (off === null) return t('none given');
  if (off === 0) return t('none');
  return `± ${count(off)} ${unit ?? t('counts')}${inBytes === null || unit === 'bytes' ? '' : ` (${bytes(inBytes)})`}`;
}

function list(title: string, items: readonly string[], look = ''): HTMLElement[] {
  if (items.length === 0) return [];
  return [element('details', {}, element('summary', {}, title), element('ul', { class: look }, ...items.map((item) => element('li', {}, item))))];
}
