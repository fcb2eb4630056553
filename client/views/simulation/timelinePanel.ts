import type { Timeline, TimelineSpan } from '../../../server/src/protocol/simulation';
import { lockRecords } from '../../../server/src/protocol/timelineReading';
import type { SimulationQuestion } from '../../../server/src/protocol/simulationRequests';
import { button, element } from '../dom';
import { duration, share } from '../format';
import type { StoredRun } from '../messages';
import { dataTable } from './chartTable';
import { createChoice } from './choice';
import { createTimelineStage } from './timelineStage';
import { t } from '../l10n';

export interface TimelinePanel {
  readonly node: HTMLElement;
  offer(run: StoredRun): void;
  show(timeline: Timeline | null): void;
  canvas(): HTMLCanvasElement | null;
}

const longestSpanUs = 1_000_000;

/** Who held and who waited for which lock on each CPU, over a short stretch of simulated time. */
export function createTimelinePanel(ask: (question: SimulationQuestion) => void): TimelinePanel {
  const strategy = createChoice('with', 'timeline-strategy', () => undefined);
  const cpus = createChoice('on', 'timeline-cpus', () => undefined);
  const span = element('input', { type: 'text', inputmode: 'decimal', id: 'timeline-span', value: '300', 'aria-describedby': 'timeline-problem' });
  const problem = element('span', { class: 'problem', role: 'alert', id: 'timeline-problem' });
  const record = button(t('Record a timeline'), () => {
    const us = Number(span.value);
    const valid = us > 0 && us <= longestSpanUs;
    problem.textContent = valid ? '' : t('More than 0 and up to 1,000,000 µs.');
    if (valid) ask({ kind: 'timeline', cpus: Number(cpus.value()), strategy: strategy.value(), spanNs: us * 1000 });
  }, { class: 'action secondary', id: 'ask-timeline' });
  const stage = createTimelineStage();
  const tables = element('div');
  const body = element('div', { hidden: '' }, stage.node, element('p', { class: 'muted' }, t('Full: held. Pale and half as high: waited for. A line at the foot of a lane: a lock held meanwhile. Thin: running without a lock. Empty: asleep.')), tables);
  return {
    node: element(
      'section', { class: 'timeline-section', id: 'timeline' }, element('h2', {}, t('Timeline')),
      element('p', { class: 'actions' }, record, strategy.node, cpus.node, element('label', { class: 'choice' }, t('for '), span, ' µs'), problem), body,
    ),
    offer: ({ points }) => {
      const counts = [...new Set(points.map((point) => point.cpus))].sort((a, b) => a - b);
      strategy.offer([...new Set(points.map((point) => point.strategy))].map((id) => [id, id]));
      cpus.offer(counts.map((count) => [String(count), `${String(count)} CPUs`]), cpus.value() === '' ? String(counts.at(-1)) : undefined);
    },
    show: (timeline) => {
      body.hidden = timeline === null;
      stage.show(timeline);
      tables.replaceChildren(...(timeline === null ? [] : tablesOf(timeline)));
    },
    canvas: () => stage.canvas(),
  };
}

function tablesOf(timeline: Timeline): HTMLElement[] {
  const locks = lockRecords(timeline).map((one) => [one.lock, share(one.heldShare), String(one.waits), time(one.meanWaitNs), time(one.longestWaitNs), String(one.mostWaiting)]);
  const lanes = timeline.lanes.map((lane, cpu) => {
    const length = (activity: TimelineSpan['activity']): string => share(lane.filter((span) => span.activity === activity).reduce((sum, span) => sum + span.to_ns - span.from_ns, 0) / Math.max(1, timeline.to_ns - timeline.from_ns));
    return [`CPU ${String(cpu)}`, length('holding'), length('waiting'), length('kernel'), length('user'), length('sleeping')];
  });
  return [
    dataTable(t('Locks in the time shown'), [t('lock'), t('held'), t('waits'), t('mean wait'), t('longest wait'), t('CPUs waiting at once, at most')], locks),
    element('details', {}, element('summary', {}, t('As table, a row a CPU')), dataTable(t('Time of each CPU'), [t('CPU'), t('holding a lock'), t('waiting'), t('without a lock'), t('outside the kernel'), t('asleep')], lanes)),
  ];
}

function time(ns: number): string {
  return duration({ low: ns, mid: ns, high: ns });
}
