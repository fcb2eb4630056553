import type { MachineList, ReportReply, SiteDetailsReply } from '../../../server/src/protocol/requests';
import { button, byId, element, perFrame, settled } from '../dom';
import { count, counted } from '../format';
import type { ReportHostMessage, ReportViewMessage } from '../messages';
import '../styles/report.css';
import { connectHost } from '../vscodeApi';
import { createChips } from './chips';
import { timeScale } from './columns';
import { drawDetails } from './detailsPane';
import { createExportBar } from './exportBar';
import { buildRows, type Row } from './rows';
import { scaledReport } from './scaledReport';
import { countByClass } from './siteFilter';
import { createSiteTable } from './siteTable';
import { drawTiles } from './tiles';
import { createToolbar } from './toolbar';
import { restoredState, type ColumnId, type ViewState } from './viewState';

const host = connectHost<ReportViewMessage, ReportHostMessage, ViewState>();
let state = restoredState(host.savedState);
let report: ReportReply | undefined;
/** The last report as the server gave it. */
let evaluated: ReportReply | undefined;
let previewed: number | undefined;
let machines: MachineList | undefined;
let rows: readonly Row[] = [];
let unfoldNext = false;

const toolbar = createToolbar({
  search: settled(80, (search: string) => change({ search })),
  group: (group) => change({ group }),
  kinds: (kinds) => change({ kinds }),
  machine: (name) => host.send({ type: 'setMachine', machine: { name } }),
  previewCpus,
  setCpus: (cpus) => host.send({ type: 'setMachine', machine: { name: machines?.current.name ?? '', cpus } }),
});
const previewBytes = perFrame(() => {
  if (evaluated === undefined || previewed === undefined) return;
  showReport(scaledReport(evaluated, previewed));
  content.classList.add('evaluating');
});
const chips = createChips((name) => change({ classes: toggled(state.classes, name) }));
const table = createSiteTable({
  sortBy,
  select: (selected) => {
    if (selected !== state.selected) change({ selected });
  },
  open: openRow,
  fold: (id, collapsed) => change({ collapsed: collapsed ? [...state.collapsed, id] : state.collapsed.filter((other) => other !== id) }),
});
const exportBar = createExportBar((format) => host.send({ type: 'export', format, siteIds: rows.flatMap((row) => (row.kind === 'site' ? [row.id] : [])) }));
const heading = element('p', { class: 'heading', id: 'heading' });
const tiles = element('ul', { class: 'tiles', 'aria-label': 'Totals' });
const summary = element('p', { class: 'summary', role: 'status', id: 'summary' });
const notice = element('div', { class: 'notice', id: 'notice' });
const details = element('aside', { class: 'details', 'aria-label': 'Details of the selected site', tabindex: '0', id: 'details' });
const content = element(
  'div',
  { class: 'content' },
  element('h1', { class: 'unseen' }, 'Percpu cost report'), heading, toolbar.node, tiles, chips.node, element('div', { class: 'summary-line' }, summary, exportBar),
  element('div', { class: 'panes' }, table.node, details),
);

const askDetails = settled(120, (siteId: string) => host.send({ type: 'details', siteId }));

/** Bytes follow the slider at once; the server is asked for the times. */
function previewCpus(cpus: number): void {
  previewed = cpus;
  previewBytes();
  host.send({ type: 'preview', cpus });
}

function change(part: Partial<ViewState>): void {
  const selectionMoved = part.selected !== undefined && part.selected !== state.selected;
  state = { ...state, ...part };
  host.save(state);
  draw(part.selected === undefined || Object.keys(part).length > 1);
  if (selectionMoved) showSelection();
}

function draw(rebuild = true): void {
  if (report === undefined) return;
  if (rebuild) {
    rows = buildRows(report.sites, report.objects, state);
    chips.show(countByClass(report.sites, state), state.classes);
    const shown = rows.filter((row) => row.kind === 'site').length;
    summary.textContent = shown === 0 ? 'No site matches the search and the chosen triggers.' : `${count(shown)} of ${count(report.sites.length)} sites`;
  }
  toolbar.showState(state);
  table.show(rows, timeScale(report.sites), state.sort, state.selected);
}

function sortBy(column: ColumnId): void {
  const same = state.sort.column === column;
  const largestFirst = column !== 'site' && column !== 'api' && column !== 'trigger' && column !== 'scales' && column !== 'advice';
  change({ sort: { column, descending: same ? !state.sort.descending : largestFirst } });
}

function openRow(row: Row, beside: boolean): void {
  if (row.kind === 'group') return;
  host.send({ type: 'open', place: { file: row.site.file, line: row.site.line, column: row.site.column }, beside });
}

function toggled(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

function showSelection(): void {
  const row = rows.find(({ id }) => id === state.selected);
  if (row === undefined || row.kind === 'group') {
    details.hidden = true;
    return;
  }
  askDetails(row.id);
}

function showDetails(siteId: string, reply: SiteDetailsReply): void {
  if (siteId !== state.selected) return;
  details.hidden = false;
  if (reply.details === null) {
    details.replaceChildren(element('p', {}, reply.reason));
    return;
  }
  const actions = {
    open: (site: { readonly file: string; readonly line: number; readonly column: number }) =>
      host.send({ type: 'open', place: { file: site.file, line: site.line, column: site.column }, beside: false }),
    simulate: (id: string) => host.send({ type: 'simulate', siteId: id }),
  };
  details.replaceChildren(...drawDetails(reply.details, unfoldNext, actions));
  details.scrollTop = 0;
  unfoldNext = false;
}

function headingText({ kernel, kconfig, machine, cpus, calibrated }: ReportReply): string {
  const times = calibrated ? '' : ' · times uncalibrated: order of magnitude';
  return `Kernel ${kernel} · ${kconfig} · ${machine}: ${count(cpus.possible)} possible CPUs, ${count(cpus.online)} online${times}`;
}

function showReport(shown: ReportReply): void {
  report = shown;
  heading.textContent = headingText(shown);
  tiles.replaceChildren(...drawTiles(shown));
  const app = byId('app');
  if (content.parentElement !== app) app.replaceChildren(notice, content);
  notice.replaceChildren(...noticeOf(shown));
  content.hidden = shown.sites.length === 0;
  draw();
  document.body.dataset['state'] = shown.state;
}

function showEvaluated(shown: ReportReply): void {
  evaluated = shown;
  content.classList.remove('evaluating');
  showReport(shown);
}

function noticeOf(shown: ReportReply): (Node | string)[] {
  switch (shown.state) {
    case 'indexing':
      return [indexing(shown.progress)];
    case 'ready':
      return shown.problems.length === 0 ? [] : [problems(shown)];
    case 'empty':
      return [element('h2', {}, 'No percpu code here'), element('p', {}, shown.reason ?? 'No call of the percpu API was found in this folder.'), again()];
    case 'failed':
      return [element('h2', {}, 'The report could not be made'), element('p', { role: 'alert' }, shown.reason ?? 'The reason is in the output.'), again()];
  }
}

function indexing(progress: ReportReply['progress']): HTMLElement {
  const { done, total } = progress ?? { done: 0, total: 0 };
  const bar = element('progress', { 'aria-label': 'Files indexed', max: String(Math.max(1, total)), value: String(done) });
  const next = done < total ? 'the report grows as they are.' : 'sizes and callers are being worked out.';
  return element('p', { class: 'indexing' }, bar, ` ${count(done)} of ${count(total)} files read; ${next}`);
}

function problems(shown: ReportReply): HTMLElement {
  const items = shown.problems.slice(0, 200).map(({ file, reason }) => element('li', {}, `${file}: ${reason}`));
  return element('details', {}, element('summary', {}, `${counted(shown.problems.length, 'file')} could not be read in full`), element('ul', {}, ...items));
}

function again(): HTMLElement {
  return button('Look again', () => host.send({ type: 'reload' }), { class: 'action' });
}

function receive(message: ReportHostMessage): void {
  switch (message.type) {
    case 'report':
      machines = message.machines;
      toolbar.showMachines(message.machines);
      showEvaluated(message.report);
      showSelection();
      return;
    case 'preview':
      if (message.report.cpus.possible === previewed) showEvaluated(message.report);
      return;
    case 'details':
      showDetails(message.siteId, message.reply);
      return;
    case 'select':
      unfoldNext = message.unfold;
      state = { ...state, search: '', classes: [], kinds: 'all', collapsed: [], selected: message.siteId };
      draw();
      table.reveal();
      showSelection();
      table.focus();
      return;
    case 'refused':
      if (machines !== undefined) toolbar.showMachines(machines);
      toolbar.refuse(message.reason);
      return;
    case 'failed':
      byId('app').replaceChildren(element('h2', {}, 'The report could not be made'), element('p', { role: 'alert' }, message.reason), again());
      document.body.dataset['state'] = 'failed';
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    toolbar.focusSearch();
  }
});
showSelection();
host.onMessage(receive);
host.send({ type: 'ready' });
