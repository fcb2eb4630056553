import type { Timeline } from '../../protocol/simulation';
import { type Run, runsOf } from '../../protocol/timelineReading';
import { formatDuration } from '../../util/format';
import { escaped, tag } from './markup';

const columns = 1100;
const left = 62;
const lockColours = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9'];

/** Who ran, waited for and held what: a lane a CPU, held locks full, waits for them in the same colour, pale and half as high; a lock held beneath is a line below. */
export function timelineSvg(timeline: Timeline): string {
  const { lanes, locks, from_ns: from, to_ns: to } = timeline;
  const lane = Math.max(3, Math.min(16, Math.floor(900 / Math.max(1, lanes.length))));
  const top = 40;
  const bottom = top + lanes.length * lane;
  const height = bottom + 40 + (locks.length + 3) * 18;
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${String(columns + left + 20)} ${String(height)}`, width: columns + left + 20, height, role: 'img', 'font-family': 'sans-serif', 'font-size': 12 };
  const title = `Timeline, ${timeline.strategy} on ${String(timeline.cpus)} CPUs, ${formatDuration(to - from)}`;
  const every = Math.max(1, Math.ceil(16 / lane));
  return `${tag('svg', attributes, [
    tag('title', {}, escaped(title)),
    tag('rect', { x: 0, y: 0, width: columns + left + 20, height, fill: '#ffffff' }),
    tag('text', { x: left, y: 22, 'font-size': 14, 'font-weight': 'bold' }, escaped(title)),
    ...lanes.flatMap((spans, index) => {
      const y = top + index * lane;
      const name = index % every === 0 ? [tag('text', { x: left - 6, y: y + Math.min(lane, 12) - 1, 'text-anchor': 'end', 'font-size': 10 }, `CPU ${String(index)}`)] : [];
      return [...name, ...runsOf(spans, from, to, columns).map((run) => runMarkup(run, y, lane))];
    }),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => tag('text', { x: left + share * columns, y: bottom + 16, 'text-anchor': 'middle', fill: '#444444' }, escaped(share === 0 ? '0' : formatDuration(share * (to - from))))),
    legend(locks, bottom + 44),
  ].join('\n'))}\n`;
}

function runMarkup(run: Run, y: number, lane: number): string {
  const beneath = run.under < 0 ? '' : tag('rect', { x: left + run.from, y: y + lane - Math.max(1, lane / 5), width: run.to - run.from, height: Math.max(1, lane / 5), fill: colour(run.under) });
  return activityMarkup(run, y, lane) + beneath;
}

function activityMarkup({ from, to, activity, lock }: Run, y: number, lane: number): string {
  const place = { x: left + from, width: to - from };
  const full = Math.max(2, lane - 1);
  switch (activity) {
    case 'holding':
      return tag('rect', { ...place, y, height: full, fill: colour(lock) });
    case 'waiting':
      return tag('rect', { ...place, y: y + full / 4, height: full / 2, fill: colour(lock), 'fill-opacity': 0.4 });
    case 'kernel':
      return tag('rect', { ...place, y: y + full / 3, height: full / 3, fill: '#9a9a9a' });
    case 'user':
      return tag('rect', { ...place, y: y + full / 3, height: full / 3, fill: '#dcdcdc' });
    case 'sleeping':
      return '';
  }
}

function legend(locks: readonly string[], top: number): string {
  const entries: readonly (readonly [string, string])[] = [
    ...locks.map((name, lock) => [colour(lock), `${name}: held (full), waited for (pale)`] as const),
    ['#9a9a9a', 'in the kernel without a lock; a line at the foot of a lane: a lock held meanwhile'], ['#dcdcdc', 'outside the kernel'], ['#ffffff', 'asleep'],
  ];
  return entries.map(([fill, text], index) => {
    const y = top + index * 18;
    return tag('rect', { x: left, y: y - 10, width: 22, height: 10, fill, stroke: '#999999' }) + tag('text', { x: left + 30, y }, escaped(text));
  }).join('');
}

function colour(lock: number): string {
  return lockColours[lock % lockColours.length] ?? '#000000';
}
