import { button, byId, element, perFrame } from '../dom';
import { count } from '../format';
import type { SimulationHostMessage, SimulationViewMessage } from '../messages';
import '../styles/simulation.css';
import { connectHost } from '../vscodeApi';
import { assumptionTable } from './assumptions';
import { createChart } from './chart';
import { drawLegend } from './legend';
import { resultTable } from './resultTable';
import { restored, started, type RunState } from './runState';

const host = connectHost<SimulationViewMessage, SimulationHostMessage, RunState>();
let state = restored(host.savedState);

const title = element('h1', { id: 'title' });
const sentence = element('p', { class: 'sentence', role: 'status', id: 'sentence' });
const further = element('ul', { class: 'further', id: 'further' });
const bar = element('progress', { 'aria-label': 'Runs done', id: 'progress' });
const progressText = element('span', { id: 'progress-text' });
const stop = button('Stop and keep what is there', () => host.send({ type: 'stop' }), { class: 'action secondary', id: 'stop' });
const running = element('p', { class: 'running' }, bar, progressText, stop);
const again = button('Run again', () => host.send({ type: 'again', assumptions: state.changed }), { class: 'action', id: 'again' });
const choose = button('Choose another…', () => host.send({ type: 'choose' }), { class: 'action secondary', id: 'choose' });
const actions = element('p', { class: 'actions' }, again, choose);
const chart = createChart();
const legend = element('div');
const tables = element('div', { class: 'table-area' });
const assumptions = element('section', { class: 'assumptions' });
byId('app').replaceChildren(title, sentence, further, running, actions, chart.node, legend, tables, assumptions);

function draw(): void {
  const { plan, outcome } = state;
  document.body.dataset['state'] = plan === null ? 'idle' : outcome.state;
  title.textContent = plan === null ? 'No simulation yet' : plan.scenarioTitle;
  sentence.textContent = sentenceOf(state);
  further.replaceChildren(...furtherSentences(state));
  running.hidden = outcome.state !== 'running';
  actions.hidden = outcome.state === 'running';
  again.hidden = plan === null;
  bar.max = Math.max(1, state.total);
  bar.value = state.done;
  progressText.textContent = `${count(state.done)} of ${count(state.total)} runs`;
  const empty = state.points.length === 0;
  chart.node.hidden = empty;
  chart.show(state);
  legend.replaceChildren(...(empty ? [] : [drawLegend(state)]));
  tables.replaceChildren(...(empty ? [] : [resultTable(state)]));
  assumptions.replaceChildren(...assumptionList());
}

function sentenceOf({ plan, outcome, points, done, total }: RunState): string {
  if (plan === null) return 'Run “Percpu Lens: Run Simulation…” to see how a path scales over CPUs.';
  switch (outcome.state) {
    case 'running':
      return points.length === 0 ? 'The first run has started.' : 'Points appear as their runs end.';
    case 'stopped':
      return `Stopped after ${count(done)} of ${count(total)} runs; what they gave is kept.`;
    case 'failed':
      return `The simulation failed: ${outcome.reason}`;
    case 'finished':
      return outcome.reply.state === 'done' ? (outcome.reply.result.summary[0] ?? 'The simulation has ended.') : `The simulation was not run: ${outcome.reply.reason}`;
  }
}

/** What the first sentence leaves out: strategies, and where growth ends. */
function furtherSentences({ outcome }: RunState): HTMLElement[] {
  if (outcome.state !== 'finished' || outcome.reply.state !== 'done') return [];
  return outcome.reply.result.summary.slice(1).map((text) => element('li', {}, text));
}

function assumptionList(): HTMLElement[] {
  const { plan, outcome } = state;
  if (plan === null || outcome.state !== 'finished' || outcome.reply.state !== 'done') return [];
  const { result } = outcome.reply;
  const run = `Kernel ${result.kernel}, machine ${result.machine}, seed ${String(result.seed)}: the same seed gives the same figures.`;
  const pending = element('p', { class: 'pending', role: 'status', id: 'pending' });
  pending.textContent = pendingText();
  return [
    element('h3', {}, 'What was assumed'),
    pending,
    assumptionTable(result.assumptions, state.changed, changeAssumption),
    element('ul', {}, ...[run, ...result.notes].map((text) => element('li', {}, text))),
  ];
}

function changeAssumption(id: string, value: number | undefined): void {
  const others = Object.entries(state.changed).filter(([other]) => other !== id);
  state = { ...state, changed: Object.fromEntries(value === undefined ? others : [...others, [id, value]]) };
  host.save(state);
  byId('pending').textContent = pendingText();
}

function pendingText(): string {
  return Object.keys(state.changed).length === 0 ? '' : 'Changed, not yet run: “Run again” takes the values below.';
}

const redraw = perFrame(draw);

function become(next: RunState): void {
  state = next;
  host.save(state);
  redraw();
}

function receive(message: SimulationHostMessage): void {
  switch (message.type) {
    case 'started':
      become(started(message.plan));
      return;
    case 'point':
      if (message.run !== state.plan?.params.run) return;
      become({ ...state, points: [...state.points, message.point], done: message.done, total: message.total });
      return;
    case 'ended': {
      if (message.run !== state.plan?.params.run) return;
      const points = message.outcome.state === 'finished' && message.outcome.reply.state === 'done' ? message.outcome.reply.result.points : state.points;
      become({ ...state, points, outcome: message.outcome });
    }
  }
}

draw();
host.onMessage(receive);
host.send({ type: 'ready', plan: state.plan });
