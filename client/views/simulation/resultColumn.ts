import type { SimulatedPoint } from '../../../server/src/protocol/simulation';
import { counterError, latencies, lockNames, type Measure, memory, seriesOf, system, throughput, waiting } from '../../../server/src/protocol/simulationMeasures';
import type { StoredRun } from '../messages';
import { type ChartContent, locksOf, measured, topOf } from './chartLines';
import { type ChartSection, createChartSection } from './chartSection';
import { createChoice } from './choice';
import { t } from '../l10n';

/** Which of several the charts show that can show only one. */
export interface ChartChoice {
  readonly latency: string;
  /** Name of the line whose locks are shown. */
  readonly locks: string;
}

export const firstChartChoice: ChartChoice = { latency: 'latency-p99', locks: '' };

/** The charts of one result. */
export interface ResultColumn {
  readonly node: HTMLElement;
  show(run: StoredRun, choice: ChartChoice, tops: ReadonlyMap<string, number>): void;
  sections(): readonly ChartSection[];
}

const plain: readonly Measure[] = [waiting, system, memory, counterError];

/** `id` keeps the controls of two columns apart. */
export function createResultColumn(id: string, onChoice: (choice: Partial<ChartChoice>) => void): ResultColumn {
  const percentile = createChoice(t('percentile'), `${id}-percentile`, (latency) => onChoice({ latency }));
  const line = createChoice(t('of'), `${id}-locks`, (locks) => onChoice({ locks }));
  const sections = new Map<string, ChartSection>([
    ['throughput', createChartSection('throughput')],
    ['locks', createChartSection('locks', line.node)],
    ['latency', createChartSection('latency', percentile.node)],
    ...plain.map((measure) => [measure.id, createChartSection(measure.id)] as const),
  ]);
  const node = document.createElement('div');
  node.className = 'charts';
  node.append(...[...sections.values()].map((section) => section.node));
  return {
    node,
    sections: () => [...sections.values()].filter((section) => !section.node.hidden),
    show: (run, choice, tops) => {
      percentile.offer(latencies.map(({ id: value, title }) => [value, title.slice(title.lastIndexOf(' ') + 1)]), choice.latency);
      line.offer(seriesOf(run.points).map(({ name }) => [name, name]), choice.locks);
      for (const [key, content] of contentsOf(run, choice)) {
        const section = sections.get(key);
        if (section === undefined) continue;
        section.node.hidden = content.lines.length === 0;
        if (content.lines.length > 0) section.show(content, tops.get(key) ?? topOf(content));
      }
    },
  };
}

/** What each chart shows of a run. */
export function contentsOf(run: StoredRun, choice: ChartChoice): ReadonlyMap<string, ChartContent> {
  const { points, plan, outcome } = run;
  const of = (measure: Measure): ChartContent => measured(measure, points, plan.strategyTitles);
  const latency = latencies.find(({ id }) => id === choice.latency) ?? throughput;
  const report = outcome.state === 'finished' ? outcome.report : null;
  const operation = report === null ? throughput.axis : t('{0} per second', report.operation);
  return new Map([
    ['throughput', { ...of(throughput), axis: operation, published: report?.published ?? [] }],
    ['locks', locksShown(points, choice)],
    ['latency', of(latency)],
    ...plain.map((measure) => [measure.id, of(measure)] as const),
  ]);
}

function locksShown(points: readonly SimulatedPoint[], { locks }: ChartChoice): ChartContent {
  const all = seriesOf(points);
  const series = all.find(({ name }) => name === locks) ?? all[0];
  return series === undefined ? { title: t('Locks held'), axis: '', unit: 'ratio', lines: [], published: [] } : locksOf(series, lockNames(series.points));
}

/** The end of each chart's value axis over several runs, so that they can be compared by eye. */
export function commonTops(runs: readonly StoredRun[], choice: ChartChoice): ReadonlyMap<string, number> {
  const tops = new Map<string, number>();
  for (const run of runs) for (const [key, content] of contentsOf(run, choice)) tops.set(key, Math.max(tops.get(key) ?? 0, topOf(content)));
  return tops;
}
