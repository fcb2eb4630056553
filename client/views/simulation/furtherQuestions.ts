import { seriesOf } from '../../../server/src/protocol/simulationMeasures';
import type { SimulationQuestion } from '../../../server/src/protocol/simulationRequests';
import { button, element } from '../dom';
import { rate, share } from '../format';
import type { FurtherAnswers, StoredRun } from '../messages';
import { createChoice } from './choice';
import { dataTable } from './chartTable';
import { t } from '../l10n';

export interface FurtherQuestions {
  readonly node: HTMLElement;
  show(run: StoredRun): void;
}

/** Rows of a sensitivity that are drawn; the rest moves the answer less. */
const mostBars = 12;

/** Which assumption moves the answer most, and from how many CPUs a strategy pays. */
export function createFurtherQuestions(ask: (question: SimulationQuestion) => void): FurtherQuestions {
  let shown: StoredRun | undefined;
  const strategy = createChoice('with', 'sensitivity-strategy', () => undefined);
  const cpus = createChoice('on', 'sensitivity-cpus', () => undefined);
  const sensitivity = button(t('Which assumption moves the answer most?'), () => ask({ kind: 'sensitivity', cpus: Number(cpus.value()), strategy: strategy.value() }), { class: 'action secondary', id: 'ask-sensitivity' });
  const breakEven = button(t('From how many CPUs does each strategy pay?'), () => {
    if (shown !== undefined) ask({ kind: 'break-even', strategies: strategiesOf(shown).filter((id) => id !== 'baseline'), upTo: Math.max(...shown.points.map((point) => point.cpus)) });
  }, { class: 'action secondary', id: 'ask-break-even' });
  const answers = element('div');
  return {
    node: element('section', { class: 'further-questions' }, element('h2', {}, t('What if')), element('p', { class: 'actions' }, sensitivity, strategy.node, cpus.node, breakEven), answers),
    show: (run) => {
      shown = run;
      const counts = [...new Set(run.points.map((point) => point.cpus))].sort((a, b) => a - b);
      strategy.offer(strategiesOf(run).map((id) => [id, id]));
      cpus.offer(counts.map((count) => [String(count), `${String(count)} CPUs`]), cpus.value() === '' ? String(counts.at(-1)) : undefined);
      breakEven.hidden = strategiesOf(run).length < 2;
      answers.replaceChildren(...answerNodes(run.further));
    },
  };
}

function strategiesOf({ points }: StoredRun): string[] {
  return [...new Set(seriesOf(points).map(({ strategy }) => strategy))];
}

function answerNodes({ sensitivity, breakEven }: FurtherAnswers): HTMLElement[] {
  return [
    ...(breakEven ?? []).map(({ strategy, cpus, up_to: upTo }) => element('p', {}, cpus === null
      ? t('{0}: up to {1} CPUs it gains less than 1 % beyond chance.', strategy, upTo)
      : t('{0}: gains at least 1 % beyond chance from {1} CPUs on.', strategy, cpus))),
    ...(sensitivity === undefined ? [] : sensitivityNodes(sensitivity)),
  ];
}

function sensitivityNodes({ cpus, strategy, rows }: NonNullable<FurtherAnswers['sensitivity']>): HTMLElement[] {
  const [first] = rows;
  const sentence = first === undefined || first.swing < 0.005
    ? t('With {0} on {1} CPUs no assumption moves the throughput by more than chance.', strategy, cpus)
    : t('With {0} on {1} CPUs “{2}” moves the throughput most: by {3} between the ends of its interval.', strategy, cpus, first.label, share(first.swing));
  const most = first?.swing ?? 1;
  const bars = rows.slice(0, mostBars).map((row) => element('li', {}, element('meter', { min: '0', max: String(most), value: String(row.swing), 'aria-label': row.label }), ` ${share(row.swing)} ${row.label}`));
  const cells = rows.map((row) => [share(row.swing), rate(row.at_low_per_s), rate(row.at_high_per_s), row.label, row.key]);
  return [
    element('p', { id: 'sensitivity' }, sentence),
    element('ul', { class: 'bars', 'aria-label': t('Swing of the throughput') }, ...bars),
    element('details', {}, element('summary', {}, t('As table')), dataTable(t('Each quantity at both ends of its interval'), [t('swing'), t('at its low'), t('at its high'), t('quantity'), t('key')], cells, 3)),
  ];
}
