import { button, byId, element } from '../dom';
import { bytes, count, share } from '../format';
import { t } from '../l10n';
import type { ChunkMapHostMessage, ChunkMapViewMessage } from '../messages';
import '../styles/chunkMap.css';
import { connectHost } from '../vscodeApi';
import { chunkTable, ownerTable } from './chunkTable';
import { createMapCanvas } from './mapCanvas';
import { initialMap, type MapState } from './mapState';
import { pageLine } from './pageLine';
import { createQuestion } from './question';
import { createTimeSlider } from './timeSlider';
import { createUnitGrid } from './unitGrid';

const host = connectHost<ChunkMapViewMessage, ChunkMapHostMessage, Pick<MapState, 'source'>>();
let state: MapState = { ...initialMap, source: host.savedState?.source ?? null };

const title = element('h1', { id: 'title' });
const notice = element('div', { id: 'notice' });
const summary = element('div', { id: 'summary' });
const question = createQuestion((source) => host.send({ type: 'open', source }), () => host.send({ type: 'choose' }));
const time = createTimeSlider((frame) => {
  become({ frame });
  host.send({ type: 'frame', frame });
});
const map = createMapCanvas((chunk, page) => point(chunk, page));
const line = element('p', { class: 'page-line', role: 'status', id: 'page-line' });
const legend = element('p', { class: 'muted' });
const chunks = element('div', { class: 'table-area', tabindex: '0', role: 'group', 'aria-label': t('Chunks') });
const units = createUnitGrid();
const owners = element('div', { class: 'owner-area' });
const content = element('div', { class: 'content' }, summary, question.node, time.node, legend, map.node, line, units.node, element('div', { class: 'tables' }, chunks, owners));
byId('app').replaceChildren(title, notice, content);

function become(part: Partial<MapState>): void {
  state = { ...state, ...part };
  host.save({ source: state.source });
  draw();
}

function draw(): void {
  document.body.dataset['state'] = state.phase;
  const { head, source } = state;
  title.textContent = head?.title ?? t('Percpu chunk map');
  notice.replaceChildren(...noticeOf());
  content.hidden = head === null || state.phase === 'refused';
  if (head === null || source === null) return;
  summary.replaceChildren(...head.summary.map((text, index) => element('p', index === 0 ? { class: 'sentence' } : {}, text)), ...remarks(t('What a reader must know'), head.problems), ...remarks(t('What was assumed'), head.assumptions));
  question.show(source, head);
  time.show(head, state.frame);
  legend.textContent = `${t('A row for each chunk, a cell for each page of a unit, the same in each of {0} units. Outlined: populated; filled: allocated; a dot: not populated.', count(head.units))} ${fragmentationText()}`;
  map.show(state);
  line.textContent = pageLine(state);
  units.show(state);
  drawTables();
}

function drawTables(): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['chunk'] : undefined;
  chunks.replaceChildren(chunkTable(state, choose));
  owners.replaceChildren(...ownerTable(state));
  if (focused !== undefined) chunks.querySelector<HTMLElement>(`[data-chunk="${CSS.escape(focused)}"]`)?.focus();
}

/** Free bytes that a request of a page cannot use, over all chunks. */
function fragmentationText(): string {
  const free = state.chunks.reduce((sum, chunk) => sum + chunk.free_bytes, 0);
  const unusable = state.chunks.reduce((sum, chunk) => sum + chunk.free_bytes * chunk.unusable_for_page, 0);
  if (free === 0) return '';
  return t('{0} of a unit are free, {1} of it in runs smaller than a page.', bytes(free), share(unusable / free));
}

function remarks(heading: string, items: readonly string[]): HTMLElement[] {
  if (items.length === 0) return [];
  return [element('details', {}, element('summary', {}, heading), element('ul', {}, ...items.map((text) => element('li', {}, text))))];
}

function noticeOf(): HTMLElement[] {
  const again = button(t('Choose another…'), () => host.send({ type: 'choose' }), { class: 'action', id: 'choose-again' });
  switch (state.phase) {
    case 'idle':
      return [element('p', {}, t('Nothing is open. Choose a recording of a kernel, or the published case.')), again];
    case 'opening':
      return [progressLine()];
    case 'refused':
      return [element('p', { role: 'alert', class: 'refusal' }, state.reason), element('p', {}, t('A state and a trace of the same boot are wanted; docs/replay.md tells how to take them.')), again];
    case 'open':
      return [];
  }
}

function progressLine(): HTMLElement {
  const { progress } = state;
  const bar = element('progress', { 'aria-label': t('Trace read'), ...(progress === null ? {} : { max: String(Math.max(1, progress.total)), value: String(progress.done) }) });
  return element('p', { role: 'status' }, bar, progress === null ? ` ${t('Working…')}` : ` ${t('{0} of {1} read', bytes(progress.done), bytes(progress.total))}`);
}

function choose(chunk: string): void {
  become({ chunk, page: null, areas: null });
  host.send({ type: 'areas', frame: state.frame, chunk });
}

function point(chunk: string, page: number): void {
  if (chunk === state.chunk) {
    if (page === state.page) return;
    state = { ...state, page };
    map.show(state);
    line.textContent = pageLine(state);
    return;
  }
  choose(chunk);
  become({ page });
}

function receive(message: ChunkMapHostMessage): void {
  switch (message.type) {
    case 'opening':
      become({ source: message.source, phase: 'opening', progress: null });
      return;
    case 'progress':
      if (state.phase === 'opening') become({ progress: { done: message.done, total: message.total } });
      return;
    case 'opened':
      opened(message);
      return;
    case 'frame':
      if (message.reply.state === 'done' && message.frame === state.frame) {
        become({ chunks: message.reply.chunks });
        if (state.chunk !== null) host.send({ type: 'areas', frame: state.frame, chunk: state.chunk });
      }
      return;
    case 'areas':
      if (message.frame === state.frame && message.chunk === state.chunk) become({ areas: message.reply.state === 'done' ? message.reply.areas : null });
  }
}

function opened({ source, reply }: Extract<ChunkMapHostMessage, { type: 'opened' }>): void {
  if (JSON.stringify(source) !== JSON.stringify(state.source)) return;
  if (reply.state === 'refused') {
    become({ phase: 'refused', reason: reply.reason, head: null });
    return;
  }
  const frame = reply.head.frames.length - 1;
  become({ phase: 'open', head: reply.head, frame, chunks: [], chunk: null, areas: null, page: null });
  host.send({ type: 'frame', frame });
}

draw();
host.onMessage(receive);
host.send({ type: 'ready', source: state.source });
