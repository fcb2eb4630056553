import type { Timeline } from '../../../server/src/protocol/simulation';
import type { DocumentFormat, SimulationQuestion } from '../../../server/src/protocol/simulationRequests';
import { button, element } from '../dom';
import type { StoredRun } from '../messages';
import { createChoice } from './choice';
import { comparison } from './comparison';
import { createFurtherQuestions } from './furtherQuestions';
import { type PanelState, runOf } from './panelState';
import { pictureOf } from './picture';
import { type ChartChoice, commonTops, contentsOf, createResultColumn, firstChartChoice } from './resultColumn';
import { resultTable } from './resultTable';
import { runLabel, settingOf } from './runSentences';
import { createTimelinePanel } from './timelinePanel';
import { t } from '../l10n';

/** What a person does with the results that are shown. */
export interface ResultActions {
  readonly show: (run: string) => void;
  readonly showBeside: (run: string | null) => void;
  readonly forget: () => void;
  readonly exportAs: (format: DocumentFormat) => void;
  readonly savePicture: (base64: string) => void;
  readonly ask: (question: SimulationQuestion) => void;
  readonly stopAsking: () => void;
}

/** The shown result, one beside it, and what can be asked of it. */
export interface ResultArea {
  readonly node: HTMLElement;
  show(state: PanelState): void;
  showTimeline(timeline: Timeline | null): void;
  /** Whether a question is at work, and why one was not answered. */
  asking(atWork: boolean, problem: string): void;
}

const exportNames: Readonly<Record<DocumentFormat, string>> = { html: t('one HTML file'), svg: 'SVG', csv: 'CSV', json: 'JSON' };

export function createResultArea(actions: ResultActions): ResultArea {
  let charts: ChartChoice = firstChartChoice;
  let shown: PanelState | undefined;
  const chooseCharts = (choice: Partial<ChartChoice>): void => {
    charts = { ...charts, ...choice };
    if (shown !== undefined) show(shown);
  };
  const here = createResultColumn('here', chooseCharts);
  const there = createResultColumn('there', chooseCharts);
  const [hereHead, thereHead] = [element('p', { class: 'column-head' }), element('p', { class: 'column-head' })];
  const columns = element('div', { class: 'columns' }, element('div', {}, hereHead, here.node), element('div', {}, thereHead, there.node));
  const differs = element('section', { class: 'differs' });
  const figures = element('div');
  const choices = createRunChoices(actions);
  const questions = createFurtherQuestions(actions.ask);
  const timeline = createTimelinePanel(actions.ask);
  const asked = element('p', { class: 'running', hidden: '' }, element('progress', { 'aria-label': t('At work') }), element('span', { role: 'status', id: 'asked' }, t('Simulating…')), button(t('Stop'), actions.stopAsking, { class: 'action secondary', id: 'stop-asking' }));
  const askProblem = element('p', { class: 'problem', role: 'alert' });
  const exportBar = createExportBar(actions, () => {
    const run = shown === undefined ? null : runOf(shown, shown.shown);
    const drawn = [...here.sections(), { title: () => t('Timeline'), canvas: () => timeline.canvas() }];
    return run === null ? null : pictureOfRun(run, charts, drawn);
  });

  const show = (state: PanelState): void => {
    shown = state;
    const run = runOf(state, state.shown);
    if (run === null) return;
    const beside = runOf(state, state.beside);
    const other = beside !== null && beside.points.length > 0 ? beside : null;
    const busy = run.outcome.state === 'running';
    choices.show(state);
    exportBar.hidden = busy;
    questions.node.hidden = busy;
    timeline.node.hidden = busy;
    columns.classList.toggle('two', other !== null);
    const tops = commonTops(other === null ? [run] : [run, other], charts);
    hereHead.textContent = other === null ? '' : t('Here: {0}', runLabel(run, state.runs.indexOf(run)));
    thereHead.textContent = other === null ? '' : t('Beside: {0}', runLabel(other, state.runs.indexOf(other)));
    here.show(run, charts, tops);
    there.node.hidden = other === null;
    if (other !== null) there.show(other, charts, tops);
    differs.replaceChildren(...(other === null ? [] : comparison(run, other)));
    figures.replaceChildren(resultTable(run));
    if (busy) return;
    questions.show(run);
    timeline.offer(run);
  };
  return {
    node: element('div', {}, exportBar, choices.node, differs, columns, element('details', {}, element('summary', {}, t('All figures as a table')), figures), questions.node, timeline.node, asked, askProblem),
    show,
    showTimeline: (recorded) => {
      timeline.show(recorded);
      if (recorded !== null) timeline.node.scrollIntoView({ block: 'nearest' });
    },
    asking: (atWork, problem) => {
      asked.hidden = !atWork;
      askProblem.textContent = problem;
    },
  };
}

/** Which result is shown and which beside it. */
function createRunChoices(actions: ResultActions): { readonly node: HTMLElement; show(state: PanelState): void } {
  const shown = createChoice(t('Result'), 'shown', actions.show);
  const beside = createChoice('beside', 'beside', (run) => actions.showBeside(run === '' ? null : run));
  return {
    node: element('p', { class: 'actions' }, shown.node, beside.node, button(t('Forget this result'), actions.forget, { class: 'link', id: 'forget' })),
    show: (state) => {
      const options = state.runs.map((run, index) => [run.plan.params.run, runLabel(run, index)] as const);
      shown.offer(options, state.shown ?? undefined);
      beside.offer([['', 'none'], ...options.filter(([id]) => id !== state.shown)], state.beside ?? '');
    },
  };
}

function createExportBar(actions: ResultActions, picture: () => string | null): HTMLElement {
  const formats = (['html', 'svg', 'csv', 'json'] as const).map((format) => button(exportNames[format], () => actions.exportAs(format), { class: 'link', id: `export-${format}` }));
  const png = button('PNG', () => {
    const base64 = picture();
    if (base64 !== null) actions.savePicture(base64);
  }, { class: 'link', id: 'export-png' });
  return element('p', { class: 'exports' }, t('Export as '), ...formats, png);
}

function pictureOfRun(run: StoredRun, charts: ChartChoice, sections: readonly { title(): string; canvas(): HTMLCanvasElement | null }[]): string | null {
  const drawn = sections.flatMap((section) => {
    const canvas = section.canvas();
    return canvas === null ? [] : [{ title: section.title(), canvas }];
  });
  const lines = contentsOf(run, charts).get('throughput')?.lines.map(({ title }) => title) ?? [];
  return pictureOf(run.plan.scenarioTitle, [settingOf(run), ...lines], drawn);
}
