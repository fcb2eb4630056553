import type { SimulationAnswer, Timeline } from '../../../server/src/protocol/simulation';
import type { DocumentFormat, SimulationQuestion } from '../../../server/src/protocol/simulationRequests';
import { button, byId, element, perFrame } from '../dom';
import { count } from '../format';
import type { RunChange, SimulationHostMessage, SimulationViewMessage, StoredRun } from '../messages';
import '../styles/simulation.css';
import { connectHost } from '../vscodeApi';
import { assumptionTable } from './assumptions';
import { changeForm } from './changeForm';
import { contentsOf, createResultColumn, commonTops, type ChartChoice, firstChartChoice } from './resultColumn';
import { comparison } from './comparison';
import { createChoice } from './choice';
import { createFurtherQuestions } from './furtherQuestions';
import { type Kept, type PanelState, restored, runOf, withFurther, withOutcome, withPoint, withRefused, withRuns, withStarted } from './panelState';
import { pictureOf } from './picture';
import { furtherSentences, runLabel, sentenceOf, settingOf } from './runSentences';
import { resultTable } from './resultTable';
import { createTimelinePanel } from './timelinePanel';

const host = connectHost<SimulationViewMessage, SimulationHostMessage, Kept>();
let state: PanelState = restored(host.savedState);
let charts: ChartChoice = firstChartChoice;

const exportNames: Readonly<Record<DocumentFormat, string>> = { html: 'one HTML file', svg: 'SVG', csv: 'CSV', json: 'JSON' };

const title = element('h1', { id: 'title' });
const setting = element('p', { class: 'muted', id: 'setting' });
const sentence = element('p', { class: 'sentence', role: 'status', id: 'sentence' });
const refusal = element('p', { class: 'problem', role: 'alert', id: 'refusal' });
const further = element('ul', { class: 'further', id: 'further' });
const bar = element('progress', { 'aria-label': 'Points done', id: 'progress' });
const progressText = element('span', { id: 'progress-text' });
const stop = button('Stop and keep what is there', () => host.send({ type: 'stop' }), { class: 'action secondary', id: 'stop' });
const running = element('p', { class: 'running' }, bar, progressText, stop);
const again = button('Run again', runAgain, { class: 'action', id: 'again' });
const choose = button('Choose another…', () => host.send({ type: 'choose' }), { class: 'action secondary', id: 'choose' });
const openSaved = button('Open a saved result…', () => host.send({ type: 'openSaved' }), { class: 'action secondary', id: 'open-saved' });
const exports = (['html', 'svg', 'csv', 'json'] as const).map((format) => button(exportNames[format], () => exportAs(format), { class: 'link', id: `export-${format}` }));
const picture = button('PNG', savePicture, { class: 'link', id: 'export-png' });
const exportBar = element('p', { class: 'exports' }, 'Export as ', ...exports, picture);
const actions = element('p', { class: 'actions' }, again, choose, openSaved);
const shownChoice = createChoice('Result', 'shown', (run) => become({ ...state, shown: run, beside: state.beside === run ? null : state.beside, change: {}, refusal: null }));
const besideChoice = createChoice('beside', 'beside', (run) => become({ ...state, beside: run === '' ? null : run }));
const forget = button('Forget this result', () => {
  if (state.shown !== null) host.send({ type: 'forget', run: state.shown });
}, { class: 'link', id: 'forget' });
const choices = element('p', { class: 'actions' }, shownChoice.node, besideChoice.node, forget);
const differs = element('section', { class: 'differs' });
const chooseCharts = (choice: Partial<ChartChoice>): void => {
  charts = { ...charts, ...choice };
  redraw();
};
const here = createResultColumn('here', chooseCharts);
const there = createResultColumn('there', chooseCharts);
const thereHead = element('p', { class: 'column-head' });
const hereHead = element('p', { class: 'column-head' });
const columns = element('div', { class: 'columns' }, element('div', {}, hereHead, here.node), element('div', {}, thereHead, there.node));
const tables = element('details', {}, element('summary', {}, 'All figures as a table'));
const asked = element('p', { class: 'running', hidden: '' }, element('progress', { 'aria-label': 'At work' }), element('span', { role: 'status', id: 'asked' }, 'Simulating…'), button('Stop', () => host.send({ type: 'stopAsking' }), { class: 'action secondary', id: 'stop-asking' }));
const askProblem = element('p', { class: 'problem', role: 'alert' });
const questions = createFurtherQuestions(ask);
const timeline = createTimelinePanel(ask);
const assumptions = element('section', { class: 'assumptions' });
const results = element('div', {}, exportBar, choices, differs, columns, tables, questions.node, timeline.node, asked, askProblem);
byId('app').replaceChildren(title, setting, sentence, further, running, refusal, actions, results, assumptions);

function draw(): void {
  const run = runOf(state, state.shown);
  const beside = runOf(state, state.beside);
  const isRunning = run?.outcome.state === 'running';
  document.body.dataset['state'] = run === null ? 'idle' : run.outcome.state;
  title.textContent = run === null ? 'No simulation yet' : run.plan.scenarioTitle;
  setting.textContent = run === null ? '' : settingOf(run);
  sentence.textContent = sentenceOf(run);
  further.replaceChildren(...furtherSentences(run).map((text) => element('li', {}, text)));
  running.hidden = !isRunning;
  actions.hidden = isRunning;
  again.hidden = run === null;
  refusal.textContent = state.refusal === null ? '' : `Not run: ${state.refusal}`;
  bar.max = Math.max(1, run?.total ?? 1);
  bar.value = run?.done ?? 0;
  progressText.textContent = `${count(run?.done ?? 0)} of ${count(run?.total ?? 0)} points`;
  results.hidden = run === null || run.points.length === 0;
  if (run !== null && run.points.length > 0) drawResults(run, beside);
  assumptions.replaceChildren(...(run === null || isRunning ? [] : assumptionNodes(run)));
}

function drawResults(run: StoredRun, beside: StoredRun | null): void {
  const options = state.runs.map((one, index) => [one.plan.params.run, runLabel(one, index)] as const);
  shownChoice.offer(options, run.plan.params.run);
  besideChoice.offer([['', 'none'], ...options.filter(([id]) => id !== run.plan.params.run)], beside?.plan.params.run ?? '');
  const busy = run.outcome.state === 'running';
  exportBar.hidden = busy;
  questions.node.hidden = busy;
  timeline.node.hidden = busy;
  const two = beside !== null && beside.points.length > 0;
  columns.classList.toggle('two', two);
  const tops = commonTops(two ? [run, beside] : [run], charts);
  hereHead.textContent = two ? `Here: ${runLabel(run, state.runs.indexOf(run))}` : '';
  thereHead.textContent = two ? `Beside: ${runLabel(beside, state.runs.indexOf(beside))}` : '';
  here.show(run, charts, tops);
  there.node.hidden = !two;
  if (two) there.show(beside, charts, tops);
  differs.replaceChildren(...(two ? comparison(run, beside) : []));
  tables.replaceChildren(element('summary', {}, 'All figures as a table'), resultTable(run));
  if (busy) return;
  questions.show(run);
  timeline.offer(run);
}

function assumptionNodes(run: StoredRun): HTMLElement[] {
  const report = run.outcome.state === 'finished' ? run.outcome.report : null;
  const pending = element('p', { class: 'pending', role: 'status', id: 'pending' }, pendingText());
  const set = { ...run.plan.params.assumptions, ...state.change.assumptions };
  return [
    element('h2', {}, 'Change and run again'),
    pending,
    changeForm(run, state.change, change),
    ...(report === null ? [] : [assumptionTable(report.assumptions, set, (id, value) => change({ assumptions: withValue(run, id, value) })), element('h2', {}, 'Notes'), element('ul', {}, ...report.notes.map((text) => element('li', {}, text)))]),
  ];
}

/** All values that are set, with one more or one less; none left: as if none had been. */
function withValue(run: StoredRun, id: string, value: number | undefined): Readonly<Record<string, number>> {
  const others = Object.entries({ ...run.plan.params.assumptions, ...state.change.assumptions }).filter(([other]) => other !== id);
  return Object.fromEntries(value === undefined ? others : [...others, [id, value]]);
}

/** Fields keep what is typed: only what says that it is not yet run is drawn anew. */
function change(part: RunChange): void {
  state = { ...state, change: { ...state.change, ...part } };
  keep();
  byId('pending').textContent = pendingText();
}

function pendingText(): string {
  return Object.keys(state.change).length === 0 ? '' : 'Changed, not yet run: the result above is of before; “Run again” takes the values below.';
}

function runAgain(): void {
  if (state.shown !== null) host.send({ type: 'again', run: state.shown, change: state.change });
}

function exportAs(format: DocumentFormat): void {
  if (state.shown !== null) host.send({ type: 'export', run: state.shown, format });
}

function savePicture(): void {
  const run = runOf(state, state.shown);
  if (run === null) return;
  const drawn = here.sections().flatMap((section) => {
    const canvas = section.canvas();
    return canvas === null ? [] : [{ title: section.title(), canvas }];
  });
  const recorded = timeline.canvas();
  const lines = contentsOf(run, charts).get('throughput')?.lines.map((line) => line.title) ?? [];
  const base64 = pictureOf(run.plan.scenarioTitle, [settingOf(run), ...lines], [...drawn, ...(recorded === null ? [] : [{ title: 'Timeline', canvas: recorded }])]);
  if (base64 !== null) host.send({ type: 'savePicture', run: run.plan.params.run, base64 });
}

function ask(question: SimulationQuestion): void {
  askProblem.textContent = '';
  if (state.shown !== null) host.send({ type: 'ask', run: state.shown, question });
}

const redraw = perFrame(draw);

function keep(): void {
  host.save({ shown: state.shown, beside: state.beside, change: state.change });
}

function become(next: PanelState): void {
  if (next.shown !== state.shown) timeline.show(null);
  state = next;
  keep();
  redraw();
}

function answered(answers: readonly SimulationAnswer[], run: string, question: SimulationQuestion): void {
  const [answer] = answers;
  if (question.kind === 'break-even') become(withFurther(state, run, { breakEven: answers.flatMap((one) => (one.of === 'break-even' ? [one.breakEven] : [])) }));
  else if (question.kind === 'sensitivity' && answer?.of === 'sensitivity') become(withFurther(state, run, { sensitivity: { cpus: question.cpus, strategy: question.strategy, rows: answer.rows } }));
  else if (answer?.of === 'timeline') showTimeline(answer.timeline, run);
}

function showTimeline(recorded: Timeline, run: string): void {
  if (run !== state.shown) return;
  timeline.show(recorded);
  timeline.node.scrollIntoView({ block: 'nearest' });
}

function receive(message: SimulationHostMessage): void {
  switch (message.type) {
    case 'runs':
      become(withRuns(state, message.runs));
      return;
    case 'started':
      become(withStarted(state, message.run, message.changedFrom));
      return;
    case 'point':
      become(withPoint(state, message.run, message.point, message.done, message.total));
      return;
    case 'ended':
      become(withOutcome(state, message.run, message.outcome));
      return;
    case 'refused':
      become(withRefused(state, message.run, message.reason));
      return;
    case 'opened':
      become({ ...state, runs: [...state.runs, message.run], beside: state.shown, shown: message.run.plan.params.run, change: {}, refusal: null });
      return;
    case 'asking':
      asked.hidden = false;
      return;
    case 'answered':
      asked.hidden = true;
      if (message.reply.state === 'done') answered(message.reply.answers, message.run, message.question);
      else askProblem.textContent = `Not run: ${message.reply.reason}`;
      return;
    case 'notAnswered':
      asked.hidden = true;
      askProblem.textContent = message.reason;
  }
}

draw();
host.onMessage(receive);
host.send({ type: 'ready' });
