import type { ReportTotals } from '../../../server/src/protocol/report';
import type { PricesReply, ReportReply } from '../../../server/src/protocol/requests';
import { evaluationOf, pricesWithin, type Basis, type Evaluation, type Setting } from './evaluation';
import type { WantedPrices } from './priceAsker';
import type { Entry } from './rows';

/** Shapes asked for at once beside those in view: some milliseconds of the server's work. */
const batch = 32;

/** What a second column of figures is for; `shapes` are those of its kernel. */
export interface Other {
  readonly setting: Setting;
  readonly shapes: readonly (number | null)[];
}

/** A report whose sites are priced anew for the machine that is shown, as far as prices have come. */
export interface PricedReport {
  readonly report: ReportReply;
  readonly basis: Basis;
  readonly evaluation: Evaluation;
  readonly other: Evaluation | null;
  readonly hottestLock: ReportTotals['hottest_lock'] | undefined;
  /** The first answer for the setting has come. */
  readonly answered: boolean;
  /** Settings that the server has no prices for: asked once. */
  readonly refused: ReadonlySet<string>;
}

export function priced(report: ReportReply): PricedReport {
  const { sites, shapes, cpus } = report;
  const basis = { sites, shapes, possible: cpus.possible, assumption: sites.find(({ contention }) => contention !== null)?.contention?.assumption ?? '' };
  const evaluation = evaluationOf(basis, settingOf(report), cpus.online, pricesWithin(sites, shapes), new Map());
  return { report, basis, evaluation, other: null, hottestLock: report.totals.hottest_lock, answered: true, refused: new Set() };
}

export function settingOf({ machine, cpus, kernel }: ReportReply): Setting {
  return { machine, cpus: cpus.possible, kernel };
}

export function sameSetting(a: Setting, b: Setting): boolean {
  return a.machine === b.machine && a.cpus === b.cpus && a.kernel === b.kernel;
}

/** The same sites for another setting: bytes at once, times of before until those asked for have come. */
export function at(shown: PricedReport, setting: Setting): PricedReport {
  if (sameSetting(shown.evaluation.setting, setting)) return shown;
  const { evaluation, basis, report } = shown;
  const online = Math.max(1, Math.round((evaluation.online() * setting.cpus) / evaluation.setting.cpus));
  const next = evaluationOf(basis, setting, online, new Map(), evaluation.prices());
  const own = sameSetting(setting, settingOf(report));
  return { ...shown, evaluation: next, hottestLock: own ? report.totals.hottest_lock : undefined, answered: false };
}

/** The same sites with what a machine changed in the rest of the report. */
export function summarised(shown: PricedReport, summary: ReportReply): PricedReport {
  const sites = shown.basis.sites.map((site) => {
    const advice = summary.advice[site.id] ?? [];
    return advice.join() === site.advice.join() ? site : { ...site, advice };
  });
  const { evaluation } = shown;
  const basis = { ...shown.basis, sites };
  const kept = evaluationOf(basis, evaluation.setting, evaluation.online(), evaluation.prices(), new Map());
  return { ...at({ ...shown, report: { ...summary, sites }, basis, evaluation: kept }, settingOf(summary)), hottestLock: summary.totals.hottest_lock };
}

export function comparedWith(shown: PricedReport, other: Other | null): PricedReport {
  if (other === null) return shown.other === null ? shown : { ...shown, other: null };
  if (shown.other !== null && sameSetting(shown.other.setting, other.setting)) return shown;
  const basis = { ...shown.basis, shapes: other.shapes };
  return { ...shown, other: evaluationOf(basis, other.setting, 0, new Map(), shown.other?.prices() ?? new Map()) };
}

/** What to ask for next: prices in view; once the slider rests, the rest in batches, then the lock that is full first. */
export function wantedPrices(shown: PricedReport, inView: readonly number[], resting: boolean): WantedPrices | null {
  const { evaluation, other, refused } = shown;
  const [own, compared] = [evaluation, other].map((one) => (one === null || refused.has(keyOf(one.setting)) ? null : one));
  if (own != null && !shown.answered) return wanted(own, own.missing(inView));
  const near = wantedOf(own, own?.missing(inView)) ?? wantedOf(compared, compared?.missing(inView));
  if (near !== null || !resting) return near;
  return (
    wantedOf(own, own?.missing()) ?? wantedOf(compared, compared?.missing()) ??
    (own != null && shown.hottestLock === undefined ? wanted(own, [], true) : null)
  );
}

function wantedOf(evaluation: Evaluation | null | undefined, shapes: readonly number[] = []): WantedPrices | null {
  return evaluation == null || shapes.length === 0 ? null : wanted(evaluation, shapes.slice(0, batch));
}

function wanted({ setting }: Evaluation, shapes: readonly number[], hottestLock = false): WantedPrices {
  return { key: keyOf(setting), params: { ...setting, shapes, ...(hottestLock ? { hottestLock } : {}) } };
}

function keyOf({ machine, cpus, kernel }: Setting): string {
  return `${machine} ${String(cpus)} ${kernel}`;
}

/** Takes an answer in, unless what it was asked for is no longer shown. */
export function take(shown: PricedReport, key: string, reply: PricesReply): PricedReport {
  if (reply.state === 'refused') return { ...shown, refused: new Set([...shown.refused, key]) };
  const { evaluation, other } = shown;
  if (keyOf(evaluation.setting) === key) {
    evaluation.take(reply);
    return { ...shown, answered: true, ...(reply.hottest_lock === undefined ? {} : { hottestLock: reply.hottest_lock }) };
  }
  if (other !== null && keyOf(other.setting) === key) other.take(reply);
  return shown;
}

/** Whether every figure is that of its setting. */
export function isComplete({ evaluation, other, hottestLock }: PricedReport): boolean {
  return hottestLock !== undefined && evaluation.missing().length === 0 && (other === null || other.missing().length === 0);
}

export function entriesOf({ basis, evaluation, other }: PricedReport): Entry[] {
  return basis.sites.map((_, index) => ({ index, site: evaluation.site(index), other: other?.site(index) ?? null }));
}

/** Bytes shown over those of the report's totals. */
export function totalsFactor({ evaluation, report }: PricedReport): number {
  return evaluation.setting.cpus / report.cpus.possible;
}
