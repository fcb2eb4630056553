import type { WireLifeCycleCost, WireStrategy } from '../../protocol/report';
import { formatBytes, formatDurations, formatInterval, formatShare } from '../../util/format';
import { add, type Interval } from '../../util/interval';
import type { Block, Phrase } from './page';

/** Strategies that a hover lists; the rest is a click away. */
const shownStrategies = 3;

/** What would help most, for the glance, with its standing; only of what is shown unasked. */
export function bestStrategy(strategies: readonly WireStrategy[]): Phrase {
  const [best] = helpfulFirst(strategies);
  if (best?.gain == null || best.not_pushed !== null) return [];
  const objections = best.merged || best.objections.length === 0 ? '' : ', objections below';
  return [`helps most: ${best.id} (${best.standing.replace(/[:;].*$/s, '')}${objections}), `, { strong: `${shareText(best.gain)} less` }, ' create + destroy'];
}

/** The strategies that apply, what saves most first, with before and after. */
export function strategyBlocks(strategies: readonly WireStrategy[]): readonly Block[] {
  const helpful = helpfulFirst(strategies);
  if (helpful.length === 0) return [];
  const shown = helpful.slice(0, shownStrategies);
  const rows = shown.map(strategyRow);
  const isPriced = shown.some(({ gain }) => gain !== null);
  const head: readonly Phrase[] = [['what would help'], [isPriced ? 'create + destroy' : ''], [isPriced ? 'scales to' : ''], ['standing']];
  const rest = helpful.length - rows.length;
  const more: readonly Block[] = rest > 0 ? [{ kind: 'lines', lines: [[`…${rest} more in the report`]] }] : [];
  return [{ kind: 'table', head, rows }, ...more];
}

/**
 * What is shown unasked first, then what the object's own authors could do, each by what it saves; what costs more is
 * for the report, which says by how much.
 */
function helpfulFirst(strategies: readonly WireStrategy[]): readonly WireStrategy[] {
  const saved = (strategy: WireStrategy): number => strategy.gain?.mid ?? 0;
  const rank = ({ not_pushed: held, changes }: WireStrategy): number => (held === null ? 2 : changes === 'object' ? 1 : 0);
  const helpful = strategies.filter((strategy) => strategy.applies && strategy.suppressed === null && (strategy.gain === null || strategy.gain.mid > 0));
  return [...helpful].sort((a, b) => rank(b) - rank(a) || saved(b) - saved(a));
}

function strategyRow(strategy: WireStrategy): readonly Phrase[] {
  const { title, id, gain, before, after, unknown_because: missing } = strategy;
  const name: Phrase = [`${title} (`, { code: id }, ')'];
  if (gain === null) return [name, [missing === null ? strategy.why : `gain unknown because ${missing}`], [], standingOf(strategy)];
  const memory = before?.footprint != null && after?.footprint != null && before.footprint !== after.footprint ? `; ${formatBytes(before.footprint)} → ${formatBytes(after.footprint)}` : '';
  const times = change(before, after, ({ create, destroy }) => (create.ns === null || destroy.ns === null ? null : add(create.ns, destroy.ns)), formatDurations);
  const knees = change(before, after, ({ knee_cpus: knee }) => knee, (knee) => formatInterval(knee, 'CPUs'));
  return [name, [`${shareText(gain)} less${times === '' ? '' : `: ${times}`}${memory}`], [knees], standingOf(strategy)];
}

function change(
  before: WireLifeCycleCost | null,
  after: WireLifeCycleCost | null,
  part: (cost: WireLifeCycleCost) => Interval | null,
  format: (value: Interval) => string,
): string {
  const from = before === null ? null : part(before);
  const to = after === null ? null : part(after);
  return from === null ? '' : `${format(from)} → ${to === null ? 'no limit of the allocator’s' : format(to)}`;
}

function shareText({ low, high }: Interval): string {
  const from = formatShare(Math.max(0, low));
  const to = formatShare(high);
  return from === to ? to : `${from} – ${to}`;
}

function standingOf({ standing, objections: [objection] }: WireStrategy): Phrase {
  return [objection === undefined ? standing : `${standing}; objection (${objection.by}): ${objection.point}`];
}
