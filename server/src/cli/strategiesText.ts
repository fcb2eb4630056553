import { triggerWords } from '../features/classWords';
import type { WireCost, WireInterval, WireLifeCycleCost, WireObjection, WireWorth } from '../protocol/report';
import type { AnsweredStrategy, GroupedObject, PushedStrategy, StrategyAnswer, TreeStrategies, WireCombination } from '../protocol/strategyAnswer';
import { formatBytes, formatDurations, formatInterval, formatShare } from '../util/format';
import { exactly } from '../util/interval';
import { reasonText } from './reasonText';
import { alignedTable } from './table';

/** Every strategy for one object: standing and objections first, then what changes, then what it asks. */
export function answerText(answer: StrategyAnswer): string {
  const { cpus, strategies, threads } = answer;
  const applying = strategies.filter(({ applies }) => applies);
  const others = strategies.filter(({ applies }) => !applies);
  const head = `${answer.place}${answer.function === null ? '' : ` in ${answer.function}`}: ${answer.object}, ${answer.sites.length} ${answer.sites.length === 1 ? 'site' : 'sites'}\n`;
  const machine = `${answer.machine}: ${cpus.possible} possible CPUs, ${cpus.online} online${threads === null ? '' : `; processes of ${threads} threads`}\n`;
  const rate = answer.rate === null ? 'How often such an object is created is not known: no rate is assumed for its class.\n' : reasonText(answer.rate);
  const caveat = answer.calibrated ? '' : 'Times are uncalibrated: order of magnitude. ';
  const bound = `${caveat}All figures per second are upper bounds: only percpu memory is in those of objects, and of a scenario other locks follow that are not modelled.\n`;
  const rest = others.length === 0 ? '' : `Does not apply:\n${others.map(({ id, why }) => `  ${id}: ${why}\n`).join('')}`;
  return [`${head}${machine}${rate}${bound}`, ...applying.map(strategyText), combinationsText(answer.combinations), rest].filter((part) => part !== '').join('\n');
}

function strategyText(strategy: AnsweredStrategy): string {
  const lines = [
    `${strategy.id}: ${strategy.title}`,
    `  ${strategy.standing}`,
    ...objectionLines(strategy),
    `  applies: ${strategy.why}`,
    ...(strategy.unknown_because === null ? worthLines(strategy) : [`  gain unknown because ${strategy.unknown_because}`]),
    strategy.pushed ? '  shown unasked' : `  on request only: ${strategy.not_pushed ?? ''}`,
    ...strategy.notes.map((note) => `  note: ${note}`),
    ...strategy.prices.map((price) => `  price: ${price}`),
    ...(strategy.composes_with.length === 0 ? [] : [`  goes with ${strategy.composes_with.join(', ')}`]),
    ...conflictLines(strategy),
    ...strategy.checklist.map((item, index) => `  ${index + 1}. ${item}`),
    ...strategy.sources.map((source) => `  source: ${source}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Those with the same reason together. */
function conflictLines({ conflicts }: AnsweredStrategy): readonly string[] {
  const reasons = [...new Set(conflicts.map(({ why }) => why))];
  return reasons.map((reason) => `  not with ${conflicts.filter(({ why }) => why === reason).map(({ id }) => id).join(', ')}: ${reason}`);
}

function objectionLines({ objections, merged }: { readonly objections: readonly WireObjection[]; readonly merged: boolean }): readonly string[] {
  if (objections.length === 0) return merged ? [] : ['  no objection is known'];
  return objections.map(({ by, point, source }) => `  objection, ${by}: ${point} (${source})`);
}

function worthLines(strategy: AnsweredStrategy): readonly string[] {
  const { before, after, worth, scenario, sweep } = strategy;
  if (before === null || after === null || worth === null) return [];
  const bytes = (count: number | null): string => (count === null ? 'unknown' : formatBytes(count));
  const perSecond = (value: WireInterval | null): string => (value === null ? 'unknown' : `${formatInterval(value)} /s`);
  const locks = [...new Set([...Object.keys(before.locks), ...Object.keys(after.locks)])];
  const rows = [
    ['create', costText(before.create), costText(after.create)],
    ['destroy', costText(before.destroy), costText(after.destroy)],
    ...locks.map((lock) => [`${lock} held`, heldText(before.locks[lock]), heldText(after.locks[lock])]),
    ['scales to', kneeText(before.knee_cpus), kneeText(after.knee_cpus)],
    ['objects, back to back', backToBack(before), backToBack(after)],
    ...(scenario === null ? [] : [[`${scenario.operation} (${scenario.id} on ${scenario.clients} CPUs)`, perSecond(scenario.before), perSecond(scenario.after)]]),
    ['percpu memory of one', bytes(before.footprint), bytes(after.footprint)],
    ['kept ready on the machine', '0 B', formatBytes(worth.pinned_bytes)],
    ['read error', errorText(before), errorText(after)],
  ];
  const figures = alignedTable(['', 'now', 'then'], rows).split('\n').filter((line) => line !== '').map((line) => `    ${line}`);
  return [...figures, savedLine(strategy), ...payingLines(strategy), ...(sweep.length === 0 ? [] : sweepLines(strategy))];
}

/** Where no lock is shared, CPUs ÷ time would be a number of what nobody does: something else limits long before. */
const notLimited = 'not limited by percpu memory';

function backToBack({ create, destroy, knee_cpus: knee, throughput_per_s: throughput }: WireLifeCycleCost): string {
  if (throughput !== null) return knee === null ? notLimited : `${formatInterval(throughput)} /s`;
  return create.ns?.high === 0 && destroy.ns?.high === 0 ? 'nothing is left to do' : 'unknown';
}

function costText({ ns, reason }: WireCost): string {
  return ns === null ? `unknown because ${reason ?? 'it is not modelled'}` : formatDurations(ns);
}

function heldText(lock: { readonly hold_ns: WireInterval | null } | undefined): string {
  if (lock === undefined) return 'not taken';
  return lock.hold_ns === null ? 'unknown' : formatDurations(lock.hold_ns);
}

function kneeText(knee: WireInterval | null): string {
  return knee === null ? 'no limit by a lock' : formatInterval(knee, 'CPUs');
}

function errorText({ read_error: error, read_error_unit: unit, read_error_bytes: bytes }: WireLifeCycleCost): string {
  if (error === null) return 'none given';
  if (error === 0) return 'none';
  return `± ${error.toLocaleString('en-US')} ${unit ?? 'counts'}${bytes === null || unit === 'bytes' ? '' : ` (${formatBytes(bytes)})`}`;
}

function savedLine({ gain, worth }: AnsweredStrategy): string {
  const share = gain === null ? '' : savedText(gain);
  const cpus = worth?.saved_cpus?.value ?? null;
  const machine = cpus === null || cpus.mid <= 0 ? '' : `, ${formatDurations({ low: Math.max(0, cpus.low) * 1e9, mid: cpus.mid * 1e9, high: cpus.high * 1e9 })} of CPU time a second at the rate above`;
  return `  ${share}${machine}`;
}

/** What a strategy saves of create and destroy, or how much dearer it makes them. */
export function savedText(gain: WireInterval): string {
  return gain.mid >= 0 ? `saves ${sharesText(gain)} of create and destroy` : `makes create and destroy ${formatShare(-gain.mid)} dearer`;
}

function sharesText({ low, high }: WireInterval): string {
  const [from, to] = [formatShare(Math.max(0, low)), formatShare(Math.max(0, high))];
  return from === to ? to : `${from} to ${to}`;
}

function payingLines({ pays_from: pays, saves_a_tenth_from: tenth, worth, sweep }: AnsweredStrategy): readonly string[] {
  const saving = pays === null ? savesUpTo(sweep) : `saves time from ${pays} ${pays === 1 ? 'CPU' : 'CPUs'} on${tenth === null ? '' : `, a tenth or more from ${tenth}`}`;
  return [`  ${saving}`, ...(worth === null ? [] : losingLines(worth))];
}

/** Of what loses at the end of the sweep. */
function savesUpTo(sweep: AnsweredStrategy['sweep']): string {
  const saves = sweep.filter(({ life_ns: { before, after } }) => before !== null && after !== null && after.mid < before.mid);
  const most = saves.at(-1)?.cpus;
  return most === undefined ? 'saves no time at any CPU count of the sweep' : `saves time up to ${most} ${most === 1 ? 'CPU' : 'CPUs'} of the sweep, not beyond`;
}

/** Alone, and where the lines move between CPUs: waits for a lock come on top. */
function losingLines({ dearer_update_ns: dearer, loses_from_updates: updates, contended }: WireWorth): readonly string[] {
  if (updates === null) return [];
  const about = (value: number): string => formatInterval(exactly(value));
  const many = contended?.loses_from_updates ?? null;
  const shared = contended === null || many === null ? '' : `; from many CPUs at once at least ${formatDurations(exactly(contended.dearer_update_ns))} more, and it loses from ${about(many)} on`;
  return [`  every update costs ${formatDurations(exactly(dearer))} more: it loses from ${about(updates)} updates in the life of an object on (${about(updates / 60)} a second for one that lives a minute)${shared}`];
}

function thenText(rate: WireInterval | null, knee: WireInterval | null, life: WireInterval | null): string {
  if (rate === null) return life?.high === 0 ? 'nothing left to do' : 'unknown';
  return knee === null ? 'not limited' : `${formatInterval(exactly(rate.mid))} /s`;
}

function sweepLines({ sweep }: AnsweredStrategy): readonly string[] {
  const mid = (value: WireInterval | null, text: (one: WireInterval) => string): string => (value === null ? 'unknown' : text({ low: value.mid, mid: value.mid, high: value.mid }));
  const rows = sweep.map(({ cpus, life_ns: life, knee_cpus: knee, throughput_per_s: rate }) => [
    String(cpus),
    `${mid(life.before, formatDurations)} → ${mid(life.after, formatDurations)}`,
    `${mid(rate.before, formatInterval)} → ${thenText(rate.after, knee.after, life.after)}`,
    `${mid(knee.before, formatInterval)} → ${mid(knee.after, formatInterval)}`.replaceAll('unknown', 'no limit'),
  ]);
  return alignedTable(['CPUs', 'create + destroy', 'back to back', 'scales to, CPUs'], rows).split('\n').filter((line) => line !== '').map((line) => `    ${line}`);
}

function combinationsText(combinations: readonly WireCombination[]): string {
  if (combinations.length === 0) return '';
  const rows = combinations.map(({ ids, gain, pinned_bytes: pinned }) => `  ${ids.join(', then ')}: ${gain === null ? 'gain unknown' : `${sharesText(gain)} less`}${pinned === 0 ? '' : `, ${formatBytes(pinned)} kept ready`}\n`);
  return `Together, in this order, of create and destroy:\n${rows.join('')}`;
}

/** What is shown unasked in a tree, and what grouping would take and save for every object with several areas. */
export function treeText({ kernel, machine, cpus, calibrated, pushed, objects }: TreeStrategies): string {
  const caveat = calibrated ? '' : ' Times are uncalibrated: order of magnitude.';
  const head = `Linux ${kernel}, ${machine}: ${cpus.possible} possible CPUs, ${cpus.online} online.${caveat}\n`;
  const groupable = objects.filter(({ groups }) => groups.length > 0);
  const others = objects.filter(({ groups }) => groups.length === 0);
  return [
    head,
    pushed.length === 0 ? 'Nothing is shown unasked on this machine.\n' : `Shown unasked, by the CPU time that the machine saves at the rate of the class:\n${pushed.map(pushedText).join('')}`,
    `${objects.length} objects have two or more percpu areas or counters; ${groupable.length} of them some that could be allocated as one:\n\n${groupable.map(groupedText).join('\n')}`,
    others.length === 0 ? '' : `Nothing to group in the other ${others.length}:\n\n${others.map(groupedText).join('\n')}`,
  ].filter((part) => part !== '').join('\n');
}

function pushedText({ place, function: name, object, strategy }: PushedStrategy): string {
  const { gain, worth, standing, objections, merged } = strategy;
  const cpus = worth?.saved_cpus?.value ?? null;
  const saved = gain === null ? 'gain unknown' : `${sharesText(gain)} of create and destroy`;
  const perSecond = cpus === null ? '' : `, ${formatDurations({ low: Math.max(0, cpus.low) * 1e9, mid: cpus.mid * 1e9, high: cpus.high * 1e9 })} of CPU time a second`;
  const kept = worth === null || worth.pinned_bytes === 0 ? '' : `, ${formatBytes(worth.pinned_bytes)} kept ready`;
  return [
    `  ${place}${name === null ? '' : ` in ${name}`}: ${strategy.id}, ${object}`,
    `    ${standing}`,
    ...objectionLines({ objections, merged }).map((line) => `  ${line}`),
    `    saves ${saved}${perSecond}${kept}`,
    '',
  ].join('\n');
}

function groupedText({ name, frequency_class: trigger, sites, groups, takes, trips, saved_ns: saved, gain }: GroupedObject): string {
  const listed = sites.map(({ place, function: where, keeps, size }) => `  ${place}${where === null ? '' : ` ${where}`}: ${keeps}, ${size === null ? 'size unknown' : `${size} B`}\n`);
  const worth = gain === null || saved === null ? '' : `, saves ${sharesText(gain)} of create and destroy (${formatDurations({ low: Math.max(0, saved.low), mid: saved.mid, high: saved.high })})`;
  const verdict = groups.length === 0 ? `  ${takes}\n` : `  grouping: ${trips.before} allocator trips in a life, then ${trips.after}${worth}\n  takes: ${takes}\n`;
  return `${name}, ${triggerWords(trigger)}:\n${listed.join('')}${verdict}`;
}
