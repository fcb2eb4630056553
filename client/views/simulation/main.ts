import type { SimulationAnswer } from '../../../server/src/protocol/simulation';
import type { SimulationQuestion } from '../../../server/src/protocol/simulationRequests';
import { button, byId, element, perFrame } from '../dom';
import { count } from '../format';
import type { RunChange, SimulationHostMessage, SimulationViewMessage, StoredRun } from '../messages';
import '../styles/simulation.css';
import { connectHost } from '../vscodeApi';
import { assumptionTable } from './assumptions';
import { changeForm } from './changeForm';
import { type Kept, type PanelState, restored, runOf, withFurther, withOutcome, withPoint, withRefused, withRuns, withShown } from './panelState';
import { createResultArea } from './resultArea';
import { furtherSentences, sentenceOf, settingOf } from './runSentences';
import { t } from '../l10n';

const host = connectHost<SimulationViewMessage, SimulationHostMessage, Kept>();
let state: PanelState = restored(host.savedState);

const title = element('h1', { id: 'title' });
const setting = element('p', { class: 'muted', id: 'setting' });
const sentence = element('p', { class: 'sentence', role: 'status', id: 'sentence' });
const refusal = element('p', { class: 'problem', role: 'alert', id: 'refusal' });
const further = element('ul', { class: 'further', id: 'further' });
const bar = element('progress', { 'aria-label': t('Points done'), id: 'progress' });
const progressText = element('span', { id: 'progress-text' });
const stop = button(t('Stop and keep what is there'), () => host.send({ type: 'stop' }), { class: 'action secondary', id: 'stop' });
const running = element('p', { class: 'running' }, bar, progressText, stop);
const again = button(t('Run again'), () => ofShown((run) => host.send({ type: 'again', run, change: state.change })), { class: 'action', id: 'again' });
const choose = button(t('Choose another…'), () => host.send({ type: 'choose' }), { class: 'action secondary', id: 'choose' });
const openSaved = button(t('Open a saved result…'), () => host.send({ type: 'openSaved' }), { class: 'action secondary', id: 'open-saved' });
const actions = element('p', { class: 'actions' }, again, choose, openSaved);
const results = createResultArea({
  show: (run) => become({ ...state, shown: run, beside: state.beside === run ? null : state.beside, change: {}, refusal: null }),
  showBeside: (beside) => become({ ...state, beside }),
  forget: () => ofShown((run) => host.send({ type: 'forget', run })),
  exportAs: (format) => ofShown((run) => host.send({ type: 'export', run, format })),
  savePicture: (base64) => ofShown((run) => host.send({ type: 'savePicture', run, base64 })),
  ask: (question) => ofShown((run) => host.send({ type: 'ask', run, question })),
  stopAsking: () => host.send({ type: 'stopAsking' }),
});
const assumptions = element('section', { class: 'assumptions' });
byId('app').replaceChildren(title, setting, sentence, further, running, refusal, actions, results.node, assumptions);

function ofShown(use: (run: string) => void): void {
  if (state.shown !== null) use(state.shown);
}

function draw(): void {
  const run = runOf(state, state.shown);
  const isRunning = run?.outcome.state === 'running';
  document.body.dataset['state'] = run === null ? 'idle' : run.outcome.state;
  title.textContent = run === null ? t('No simulation yet') : run.plan.scenarioTitle;
  setting.textContent = run === null ? '' : settingOf(run);
  sentence.textContent = sentenceOf(run);
  further.replaceChildren(...furtherSentences(run).map((text) => element('li', {}, text)));
  running.hidden = !isRunning;
  actions.hidden = isRunning;
  again.hidden = run === null;
  refusal.textContent = state.refusal === null ? '' : t('Not run: {0}', state.refusal);
  bar.max = Math.max(1, run?.total ?? 1);
  bar.value = run?.done ?? 0;
  progressText.textContent = t('{0} of {1} points', count(run?.done ?? 0), count(run?.total ?? 0));
  results.node.hidden = run === null || run.points.length === 0;
  if (!results.node.hidden) results.show(state);
  assumptions.replaceChildren(...(run === null || isRunning ? [] : assumptionNodes(run)));
}

function assumptionNodes(run: StoredRun): HTMLElement[] {
  const report = run.outcome.state === 'finished' ? run.outcome.report : null;
  const pending = element('p', { class: 'pending', role: 'status', id: 'pending' }, pendingText());
  const form = [element('h2', {}, t('Change and run again')), pending, changeForm(run, state.change, change)];
  if (report === null) return form;
  const set = { ...run.plan.params.assumptions, ...state.change.assumptions };
  const table = assumptionTable(report.assumptions, set, (id, value) => change({ assumptions: withValue(run, id, value) }));
  return [...form, table, element('h2', {}, t('Notes')), element('ul', {}, ...report.notes.map((text) => element('li', {}, text)))];
}

/** All values that are set, with one more or one less. */
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
  return Object.keys(state.change).length === 0 ? '' : t('Changed, not yet run: the result above is of before; “Run again” takes the values below.');
}

const redraw = perFrame(draw);

function keep(): void {
  host.save({ shown: state.shown, beside: state.beside, change: state.change });
}

function become(next: PanelState): void {
  if (next.shown !== state.shown) results.showTimeline(null);
  state = next;
  keep();
  redraw();
}

function answered(answers: readonly SimulationAnswer[], run: string, question: SimulationQuestion): void {
  const [answer] = answers;
  if (question.kind === 'break-even') become(withFurther(state, run, { breakEven: answers.flatMap((one) => (one.of === 'break-even' ? [one.breakEven] : [])) }));
  else if (question.kind === 'sensitivity' && answer?.of === 'sensitivity') become(withFurther(state, run, { sensitivity: { cpus: question.cpus, strategy: question.strategy, rows: answer.rows } }));
  else if (answer?.of === 'timeline' && run === state.shown) results.showTimeline(answer.timeline);
}

function receive(message: SimulationHostMessage): void {
  switch (message.type) {
    case 'runs':
      become(withRuns(state, message.runs));
      return;
    case 'started':
      become(withShown(state, message.runs, message.run, message.changedFrom));
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
      become(withShown(state, message.runs, message.run, state.shown));
      return;
    case 'asking':
      results.asking(true, '');
      return;
    case 'answered':
      results.asking(false, message.reply.state === 'refused' ? t('Not run: {0}', message.reply.reason) : '');
      if (message.reply.state === 'done') answered(message.reply.answers, message.run, message.question);
      return;
    case 'notAnswered':
      results.asking(false, message.reason);
  }
}

draw();
host.onMessage(receive);
host.send({ type: 'ready' });
