import type { ReportSite, SiteDetails, WireCost, WireLock, WireStep } from '../../protocol/report';
import { clientCommands } from '../../protocol/requests';
import { formatBytes, formatDurations, formatInterval, formatShare } from '../../util/format';
import { siteById, type Snapshot } from '../../workspace/snapshot';
import { triggerWords } from '../classWords';
import { findingsIn } from '../findings';
import { suppressionText } from '../suppression';
import { joined, type Block, type Page, type Phrase } from './page';
import { bestStrategy, strategyBlocks } from './strategyBlocks';

/** Steps of creation and of destruction that a hover lists; the rest is added up. */
const shownSteps = 4;

/** The hover of one site: a glance, the steps with their shares and sources, what would help, links. */
export function sitePage(details: SiteDetails, snapshot: Snapshot): Page {
  const { site } = details;
  if (siteById(snapshot, site.id)?.settled === false) {
    return [titleOf(site, snapshot), { kind: 'lines', lines: [['Size and callers are still being resolved.']] }];
  }
  return [
    titleOf(site, snapshot),
    { kind: 'lines', lines: glanceLines(details, snapshot) },
    ...stepBlocks(details),
    ...factBlocks(details),
    ...strategyBlocks(details.strategies),
    noteOf(site, snapshot),
    linksOf(site),
  ];
}

/** The call as far as its first argument. */
function titleOf({ id, api, first_argument: first }: ReportSite, snapshot: Snapshot): Block {
  const more = (siteById(snapshot, id)?.site.fact.arguments.length ?? 0) > 1 ? ', …' : '';
  return { kind: 'title', phrase: [{ code: first === null ? api : `${api}(${first}${more})` }] };
}

/** Footprint and class, costs with knee and the best strategy, the path, and which findings are not shown, and why. */
function glanceLines(details: SiteDetails, snapshot: Snapshot): readonly Phrase[] {
  const { site } = details;
  const silent = findingsIn(snapshot, site.file).filter(({ siteId, suppressed }) => siteId === site.id && suppressed !== null);
  return [
    ...usePhrase(site, snapshot),
    costPhrase(details),
    pathPhrase(site),
    ...(site.accounted_by === null ? [] : [['these bytes are counted at each call of the API, such as ', { code: site.accounted_by }]]),
    ...silent.map(({ finding, suppressed }): Phrase => (suppressed === null ? [] : [{ strong: finding.rule }, ` is ${suppressionText(suppressed)}`])),
  ].filter((line) => line.length > 0);
}

/** Kinds that may allocate; others are not asked for bytes. */
const sized: ReadonlySet<ReportSite['kind']> = new Set(['alloc', 'init', 'indirect', 'define', 'declare']);

function usePhrase(site: ReportSite, { machine: { topology } }: Snapshot): readonly Phrase[] {
  if (sized.has(site.kind)) return [sizePhrase(site, topology.possibleCpus)];
  return site.kind === 'sum' ? [[`allocates nothing: visits ${topology.onlineCpus} online CPUs with interrupts off`]] : [];
}

export function sizePhrase(site: ReportSite, cpus: number): Phrase {
  if (site.size === 0) return [`nothing per CPU in this configuration (${site.size_reason})`];
  if (site.size === null) return [`? B per CPU × ${cpus} possible CPUs: unknown because ${site.size_reason}`];
  return [`${site.size} B per CPU × ${cpus} possible CPUs = `, { strong: formatBytes(site.footprint ?? 0) }, ` (${site.size_reason.startsWith(site.size_source) ? '' : `${site.size_source}: `}${site.size_reason})`];
}

function costPhrase({ site, strategies }: SiteDetails): Phrase {
  const create: Phrase = site.create?.ns == null ? [] : ['create ', { strong: formatDurations(site.create.ns) }];
  return joined([create, kneePhrase(site), bestStrategy(strategies)]);
}

function kneePhrase({ contention }: ReportSite): Phrase {
  return contention?.knee_cpus == null ? [] : ['scales to ', { strong: formatInterval(contention.knee_cpus, 'CPUs') }, ' back to back'];
}

function pathPhrase(site: ReportSite): Phrase {
  const triggers = site.frequency_class.map(triggerWords).join(', ');
  const [first, ...others] = site.reach.filter((reach) => reach.chain.length > 1);
  if (first === undefined) return [triggers, ...(site.frequency_class[0] === 'unknown' ? [' because no chain of calls to a known root was found'] : [])];
  const chain = joined(first.chain.map((name): Phrase => [{ code: name }]), ' → ');
  const more = others.length === 0 ? [] : [` (and ${others.length} more ${others.length === 1 ? 'path' : 'paths'})`];
  return [`${triggers}: `, ...chain, ...more];
}

function stepBlocks({ site, create_steps: create, destroy_steps: destroy }: SiteDetails): readonly Block[] {
  const rows = [...stepRows('create', site.create, create), ...stepRows('destroy', site.destroy, destroy)];
  return rows.length === 0 ? [] : [{ kind: 'table', head: [['step'], ['share'], ['time'], ['source']], rows }];
}

function stepRows(name: string, cost: WireCost | null, steps: readonly WireStep[]): readonly (readonly Phrase[])[] {
  if (cost === null) return [];
  if (cost.ns === null) return [[[{ strong: name }], [], [`unknown because ${cost.reason ?? 'it is not modelled'}`], []]];
  const known = steps.filter((step) => step.share !== null).sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  const rest = known.slice(shownSteps).reduce((sum, step) => sum + (step.share ?? 0), 0);
  const more = known.length - shownSteps;
  return [
    [[{ strong: name }], [], [{ strong: unbroken(formatDurations(cost.ns)) }], []],
    ...known.slice(0, shownSteps).map(stepRow),
    ...(more > 0 ? [[[`… ${more} more`], [formatShare(rest)], [], []]] : []),
  ];
}

function stepRow({ label, share, ns, at, under }: WireStep): readonly Phrase[] {
  const held: Phrase = under.length === 0 ? [] : [' under ', { code: under.at(-1) ?? '' }];
  return [[label, ...held], [formatShare(share ?? 0)], ns === null ? [] : [unbroken(formatDurations(ns))], [at]];
}

/** A column that is narrow leaves its lines whole. */
function unbroken(text: string): string {
  // A line may else be broken after the dash.
  return text.replaceAll(' ', '\u00a0').replaceAll('–', '\u2060–\u2060');
}

function factBlocks({ site, accuracy }: SiteDetails): readonly Block[] {
  const locks = Object.entries(site.locks).map(([name, lock]) => lockPhrase(name, lock));
  const lines: readonly Phrase[] = [
    ...(locks.length === 0 ? [] : [['locks: ', ...joined(locks)]]),
    ...scaleLine(site),
    ...(accuracy === null ? [] : [[`read error: ${accuracy}`]]),
  ];
  return lines.length === 0 ? [] : [{ kind: 'lines', lines }];
}

function lockPhrase(name: string, { hold_ns: hold, irqs_off: irqsOff }: WireLock): Phrase {
  return [{ code: name }, ` ${hold === null ? 'hold unknown' : formatDurations(hold)}${irqsOff ? ' (irqs off)' : ''}`];
}

function scaleLine({ contention }: ReportSite): readonly Phrase[] {
  if (contention?.knee_cpus == null) return [];
  const limit: Phrase = contention.bottleneck === null ? [] : [', then ', { code: contention.bottleneck }, ' is full'];
  return [[`scales to ${formatInterval(contention.knee_cpus, 'CPUs')}`, ...limit, ` (${contention.assumption})`]];
}

function noteOf(site: ReportSite, { machine, kconfigOrigin }: Snapshot): Block {
  const isTimed = site.create !== null || site.destroy !== null;
  const calibrated = machine.calibrated || !isTimed ? '' : 'uncalibrated: order of magnitude · ';
  return { kind: 'note', phrase: [`${machine.name} · ${calibrated}sizes for ${kconfigOrigin}`] };
}

function linksOf({ id, type, kind }: ReportSite): Block {
  const argument = { siteId: id };
  const links = [
    { title: 'Show in report', command: clientCommands.showReport, argument },
    ...(sized.has(kind) ? [{ title: 'Simulate this', command: clientCommands.simulateSite, argument }] : []),
    { title: 'Why these numbers', command: clientCommands.explainSite, argument },
    ...(type === null || !/^(?:struct|union|enum)\s/.test(type) ? [] : [{ title: `Open ${type}`, command: clientCommands.openType, argument }]),
  ];
  return { kind: 'links', links };
}
