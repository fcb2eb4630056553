import type { ReportSite, SiteDetails, WireCost, WireLock, WireStep, WireStrategy } from '../protocol/report';
import { clientCommands } from '../protocol/requests';
import { formatBytes, formatDurations, formatInterval, formatShare } from '../util/format';
import type { Snapshot } from '../workspace/snapshot';
import { triggerWords } from './classWords';

/** Strategies that a hover lists; the rest is a click away. */
const shownStrategies = 3;
const shownSteps = 3;

/** The hover of one site: three lines for one glance, the table of costs, what would help, links last. */
export function hoverMarkdown(details: SiteDetails, snapshot: Snapshot, settled = true): string {
  const { site } = details;
  if (!settled) return `${headline(site)}\n\nSize and callers are still being resolved.`;
  const blocks = [headline(site), glance(site, snapshot)];
  if (site.create !== null || site.destroy !== null) blocks.push(costTable(details, snapshot));
  if (helpfulFirst(details.strategies).length > 0) blocks.push(strategyTable(details.strategies));
  blocks.push(links(site));
  return blocks.join('\n\n');
}

function headline(site: ReportSite): string {
  const call = site.first_argument === null ? site.api : `${site.api}(${site.first_argument}${site.api.startsWith('D') ? '' : ', …'})`;
  return `**Percpu Lens** ${code(call)}`;
}

function glance(site: ReportSite, snapshot: Snapshot): string {
  const cpus = snapshot.machine.topology.possibleCpus;
  const size =
    site.size === 0
      ? `nothing per CPU in this configuration (${text(site.size_reason)})`
      : site.size === null
      ? `? B per CPU × ${cpus} possible CPUs: unknown because ${text(site.size_reason)}`
      : `${site.size} B per CPU × ${cpus} possible CPUs = **${formatBytes(site.footprint ?? 0)}** (${site.size_source}: ${text(site.size_reason)})`;
  const lines = site.kind === 'free' || site.kind === 'destroy' || site.kind === 'update' ? [] : [size];
  lines.push(`${triggers(site)}${chain(site)}`);
  if (site.accounted_by !== null) lines.push(`these bytes are counted at ${code(site.accounted_by)}`);
  return lines.join('  \n');
}

function triggers(site: ReportSite): string {
  return site.frequency_class.map(triggerWords).join(', ');
}

function chain(site: ReportSite): string {
  const [first, ...others] = site.reach.filter((reach) => reach.chain.length > 1);
  if (first === undefined) return site.frequency_class[0] === 'unknown' ? ' because no chain of calls to a known root was found' : '';
  const more = others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'path' : 'paths'})`;
  return `: ${first.chain.map(code).join(' → ')}${more}`;
}

function costTable(details: SiteDetails, snapshot: Snapshot): string {
  const { site } = details;
  const rows = [
    ...costRow('create', site.create, details.create_steps),
    ...costRow('destroy', site.destroy, details.destroy_steps),
    ...lockRows(site.locks),
    ...kneeRow(site),
    ...(details.accuracy === null ? [] : [['read error', text(details.accuracy)]]),
  ];
  const calibrated = snapshot.machine.calibrated ? '' : 'uncalibrated: order of magnitude · ';
  const calibration = `\n\n*${calibrated}sizes for ${text(snapshot.kconfigOrigin)}*`;
  return `${table(['', text(snapshot.machine.name)], rows)}${calibration}`;
}

function costRow(name: string, cost: WireCost | null, steps: readonly WireStep[]): string[][] {
  if (cost === null) return [];
  if (cost.ns === null) return [[name, `unknown because ${text(cost.reason ?? 'it is not modelled')}`]];
  const main = [...steps]
    .filter((step) => step.share !== null)
    .sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
    .slice(0, shownSteps)
    .map((step) => `${text(step.label)} ${formatShare(step.share ?? 0)}`);
  return [[name, `**${formatDurations(cost.ns)}** ${main.join(' · ')}`]];
}

function lockRows(locks: Readonly<Record<string, WireLock>>): string[][] {
  const shown = Object.entries(locks).map(([name, lock]) => {
    const hold = lock.hold_ns === null ? 'hold unknown' : formatDurations(lock.hold_ns);
    return `${code(name)} ${hold}${lock.irqs_off ? ' (irqs off)' : ''}`;
  });
  return shown.length === 0 ? [] : [['locks', shown.join(' · ')]];
}

function kneeRow(site: ReportSite): string[][] {
  const { contention } = site;
  if (contention?.knee_cpus == null) return [];
  const limit = contention.bottleneck === null ? '' : `, then ${code(contention.bottleneck)} is full`;
  return [['scales to', `${formatInterval(contention.knee_cpus, 'CPUs')}${limit} (${text(contention.assumption)})`]];
}

function strategyTable(strategies: readonly WireStrategy[]): string {
  const applicable = helpfulFirst(strategies);
  const rows = applicable.slice(0, shownStrategies).map((strategy) => [
    `${text(strategy.title)} (${code(strategy.id)})`,
    gain(strategy),
    standing(strategy),
  ]);
  const rest = applicable.length - rows.length;
  const more = rest > 0 ? `\n\n…${rest} more in the report` : '';
  return `${table(['What would help', 'now → then', 'standing'], rows)}${more}`;
}

/** What saves most of the time of one object first; what costs more is for the report, which says by how much. */
function helpfulFirst(strategies: readonly WireStrategy[]): readonly WireStrategy[] {
  const saved = (strategy: WireStrategy): number => strategy.gain?.mid ?? 0;
  const helpful = strategies.filter((strategy) => strategy.applies && (strategy.gain === null || strategy.gain.mid > 0));
  return [...helpful].sort((a, b) => saved(b) - saved(a));
}

function gain(strategy: WireStrategy): string {
  if (strategy.gain === null) return text(strategy.unknown_because === null ? strategy.why : `gain unknown because ${strategy.unknown_because}`);
  const { low, high } = strategy.gain;
  const from = formatShare(Math.max(0, low));
  const to = formatShare(high);
  const range = from === to ? to : `${from} – ${to}`;
  return `${range} less create + destroy`;
}

function standing(strategy: WireStrategy): string {
  const [objection] = strategy.objections;
  return objection === undefined
    ? text(strategy.standing)
    : `${text(strategy.standing)}; objection (${text(objection.by)}): ${text(objection.point)}`;
}

function links(site: ReportSite): string {
  const argument = encodeURIComponent(JSON.stringify([{ siteId: site.id }]));
  const link = (title: string, command: string): string => `[${title}](command:${command}?${argument})`;
  return [
    link('Show in report', clientCommands.showReport),
    link('Simulate this', clientCommands.simulateSite),
    link('Why these numbers', clientCommands.explainSite),
  ].join(' · ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text of the source may hold any character; none of it is to act as Markdown or HTML. */
function text(raw: string): string {
  return raw.replace(/[\\`*_{}[\]#|<>&~]/g, (character) => (character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`)).replace(/\s+/g, ' ');
}

function code(raw: string): string {
  const flat = raw.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const fence = flat.includes('`') ? '``' : '`';
  return `${fence}${flat}${fence}`;
}
