import type { DifferenceReply } from '../../../server/src/protocol/comparison';
import type { ReportTotals, WirePrice } from '../../../server/src/protocol/report';
import type { PricesReply, SummaryReply } from '../../../server/src/protocol/requests';
import type { ListedSite, ReportHead } from '../messages';
import { commitDifference, type CommitDifference } from './commitDifference';
import { evaluationOf, type Basis, type Evaluation, type Setting } from './evaluation';
import type { WantedPrices } from './priceAsker';
import type { Entry } from './rows';
import type { ComparedSite } from './siteOrder';

/** Shapes asked for at once beside those in view: some milliseconds of the server's work. */
const batch = 32;

/** A report as it came, with a price of each shape. */
export interface WholeReport {
  readonly head: ReportHead;
  readonly sites: readonly ListedSite[];
  readonly prices: readonly WirePrice[];
  /** The load that knees are said to hold for. */
  readonly assumption: string;
  readonly difference: DifferenceReply;
}

/** What a second column of figures is for, and what its figures follow from. */
export interface Other {
  readonly setting: Setting;
  readonly basis: Basis;
}

/** A report whose sites are priced anew for the machine that is shown, as far as prices have come. */
export interface PricedReport {
  readonly report: ReportHead;
  /** The sites of the report, in its order. */
  readonly sites: readonly Entry[];
  /** What is listed: those and, compared with a commit, what is only there. */
  readonly entries: readonly Entry[];
  readonly difference: CommitDifference | null;
  readonly assumption: string;
  readonly basis: Basis;
  readonly evaluation: Evaluation;
  readonly other: (Other & { readonly evaluation: Evaluation }) | null;
  readonly hottestLock: ReportTotals['hottest_lock'] | undefined;
  /** The first answer for the setting has come. */
  readonly answered: boolean;
  /** Settings that the server has no prices for: asked once. */
  readonly refused: ReadonlySet<string>;
}

export function priced({ head, sites, prices, assumption }: WholeReport): PricedReport {
  const basis = { shapes: head.shapes, footprints: sites.map(({ footprint }) => footprint), possible: head.cpus.possible };
  const evaluation = evaluationOf(basis, settingOf(head), head.cpus.online, new Map(prices.map((price) => [price.shape, price])), new Map());
  const entries = sites.map((site, index) => ({ index, site }));
  return { report: head, sites: entries, entries, difference: null, assumption, basis, evaluation, other: null, hottestLock: head.totals.hottest_lock, answered: true, refused: new Set() };
}

export function settingOf({ machine, cpus, kernel }: ReportHead): Setting {
  return { machine, cpus: cpus.possible, kernel };
}

function sameSetting(a: Setting, b: Setting): boolean {
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

/** The same sites with what a machine changed in the rest of the report; the entries are the same where no advice changed. */
export function summarised(shown: PricedReport, { advice, ...summary }: SummaryReply): PricedReport {
  const report = { ...shown.report, ...summary };
  return { ...at({ ...advised(shown, advice), report }, settingOf(report)), hottestLock: summary.totals.hottest_lock };
}

function advised(shown: PricedReport, advice: SummaryReply['advice']): PricedReport {
  if (shown.sites.every(({ site }) => sameAdvice(site, advice))) return shown;
  const sites = shown.sites.map((entry) => (sameAdvice(entry.site, advice) ? entry : { ...entry, site: { ...entry.site, advice: advice[entry.site.id] ?? [] } }));
  const { difference } = shown;
  return { ...shown, sites, difference: difference === null ? null : { ...difference, entries: commitDifference(difference.told, sites, shown.basis).entries } };
}

/** The same with how it differs from a commit; null: it is compared with none, or with other sites than these. */
export function withDifference(shown: PricedReport, told: DifferenceReply): PricedReport {
  const difference = told === null || told.sites_revision !== shown.report.sites_revision ? null : commitDifference(told, shown.sites, shown.basis);
  return { ...shown, difference };
}

/** The same with what is only in the commit listed too, or without. */
export function listing(shown: PricedReport, removed: boolean): PricedReport {
  const entries = removed && shown.difference !== null ? shown.difference.entries : shown.sites;
  return entries === shown.entries ? shown : { ...shown, entries };
}

function sameAdvice(site: ListedSite, advice: SummaryReply['advice']): boolean {
  return (advice[site.id] ?? []).join() === site.advice.join();
}

export function comparedWith(shown: PricedReport, other: Other | null): PricedReport {
  if (other === null) return shown.other === null ? shown : { ...shown, other: null };
  if (shown.other !== null && shown.other.basis === other.basis && sameSetting(shown.other.setting, other.setting)) return shown;
  return { ...shown, other: { ...other, evaluation: evaluationOf(other.basis, other.setting, 0, new Map(), shown.other?.evaluation.prices() ?? new Map()) } };
}

/** What to ask for next: prices in view; once the slider rests, the rest in batches, then the lock that is full first. */
export function wantedPrices(shown: PricedReport, inView: readonly number[], resting: boolean): WantedPrices | null {
  const { evaluation, other, refused } = shown;
  const [own, compared] = [evaluation, other?.evaluation].map((one) => (one === undefined || refused.has(keyOf(one.setting)) ? null : one));
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
  if (other !== null && keyOf(other.setting) === key) other.evaluation.take(reply);
  if (keyOf(evaluation.setting) !== key) return shown;
  evaluation.take(reply);
  return { ...shown, answered: true, ...(reply.hottest_lock === undefined ? {} : { hottestLock: reply.hottest_lock }) };
}

/** Whether every figure is that of its setting. */
export function isComplete({ evaluation, other, hottestLock }: PricedReport): boolean {
  return hottestLock !== undefined && evaluation.missing().length === 0 && (other === null || other.evaluation.missing().length === 0);
}

/** A listed site with its figures on both sides. */
export function comparedSite({ evaluation, other, difference }: PricedReport, entry: Entry): ComparedSite {
  const { index } = entry;
  return { ...entry, here: evaluation.figures(index), other: other?.evaluation.figures(index) ?? null, since: other !== null && other.basis === difference?.basis };
}

/** Bytes shown over those of the report's totals. */
export function totalsFactor({ evaluation, report }: PricedReport): number {
  return evaluation.setting.cpus / report.cpus.possible;
}

/** Bytes shown over those that the sites came with. */
export function sitesFactor({ evaluation, basis }: PricedReport): number {
  return evaluation.setting.cpus / basis.possible;
}
