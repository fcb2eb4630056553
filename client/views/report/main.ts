import type { MachineList, ReportReply, ShapesReply, SiteDetailsReply } from '../../../server/src/protocol/requests';
import { byId, element, perFrame, settled } from '../dom';
import { count } from '../format';
import { t } from '../l10n';
import type { ReportHostMessage, ReportViewMessage } from '../messages';
import '../styles/report.css';
import { connectHost } from '../vscodeApi';
import { createChips } from './chips';
import { columnsFor, timeScale, type Column, type TimeScale } from './columns';
import { comparedName } from './comparison';
import { createCostChart } from './costChart';
import { createCostCurves } from './costCurve';
import { createDelivery } from './delivery';
import { drawDetails } from './detailsPane';
import { createExportBar } from './exportBar';
import { createFootprintChart } from './footprintChart';
import { headingText } from './heading';
import { drawNotice, failureNotice } from './notices';
import { createPriceAsker } from './priceAsker';
import { at, comparedWith, entriesOf, isComplete, priced, settingOf, summarised, take, totalsFactor, wantedPrices, type Other, type PricedReport } from './pricedReport';
import { buildRows, footprintByDirectory, type Entry, type Group, type Row } from './rows';
import { siteAtCursor } from './siteAtCursor';
import { countByClass } from './siteFilter';
import { createSiteTable } from './siteTable';
import { inNextTask, inSlices } from './slices';
import { createSliderPace } from './sliderPace';
import { drawTiles } from './tiles';
import { createToolbar } from './toolbar';
import { drawUnknowns } from './unknownList';
import { restoredState, type ColumnId, type ComparedWith, type ViewState } from './viewState';

const host = connectHost<ReportViewMessage, ReportHostMessage, ViewState>();
let state = restoredState(host.savedState);
let shown: PricedReport | undefined;
let machines: MachineList | undefined;
let rows: readonly Row[] = [];
let directories: readonly Group[] = [];
/** Possible CPUs for which the bytes of groups were summed. */
let summedFor = 1;
let columns: readonly Column[] = columnsFor(null);
let scale: TimeScale = { low: 1, high: 10 };
let unfoldNext = false;
const otherShapes = new Map<string, readonly (number | null)[]>();
const delivery = createDelivery();

const toolbar = createToolbar({
  search: settled(80, (search: string) => change({ search })),
  group: (group) => change({ group }),
  kinds: (kinds) => change({ kinds }),
  machine: (name) => host.send({ type: 'setMachine', machine: { name } }),
  previewCpus,
  setCpus: (cpus) => {
    pace.released();
    host.send({ type: 'setMachine', machine: { name: machines?.current.name ?? '', cpus } });
  },
  compare,
  follow: (follow) => {
    change({ follow });
    host.send({ type: 'follow', on: follow });
  },
});
const chips = createChips((name) => change({ classes: toggled(state.classes, name) }));
const table = createSiteTable(
  {
    sortBy,
    select: (selected) => {
      if (selected !== state.selected) change({ selected });
    },
    open: openRow,
    fold: (id, collapsed) => change({ collapsed: collapsed ? [...state.collapsed, id] : state.collapsed.filter((other) => other !== id) }),
  },
  {
    siteAt: (index) => {
      if (shown === undefined) throw new RangeError('there are no sites');
      return { site: shown.evaluation.site(index), other: shown.other?.site(index) ?? null };
    },
    isStale: (index) => shown?.evaluation.isFresh(index) === false,
    bytesFactor: () => (shown?.evaluation.setting.cpus ?? summedFor) / summedFor,
  },
);
const exportBar = createExportBar((format) => host.send({ type: 'export', format, siteIds: rows.flatMap((row) => (row.kind === 'site' ? [row.id] : [])) }));
const heading = element('p', { class: 'heading', id: 'heading' });
const tiles = element('ul', { class: 'tiles', 'aria-label': t('Totals') });
const summaryText = element('p', { class: 'summary', role: 'status', id: 'summary' });
const notice = element('div', { class: 'notice', id: 'notice' });
const details = element('aside', { class: 'details', 'aria-label': t('Details'), tabindex: '0', id: 'details' });
const footprintChart = createFootprintChart((directory) => change({ search: `file:${directory}` }));
const costChart = createCostChart();
const charts = element('details', { class: 'charts', id: 'charts' }, element('summary', {}, t('Charts')), element('div', { class: 'chart-row' }, footprintChart.node, costChart.node));
charts.open = state.charts;
charts.addEventListener('toggle', () => {
  if (charts.open !== state.charts) change({ charts: charts.open });
});
const content = element(
  'div',
  { class: 'content' },
  element('h1', { class: 'unseen' }, t('Percpu cost report')), heading, toolbar.node, tiles, chips.node, element('div', { class: 'summary-line' }, summaryText, exportBar),
  element('div', { class: 'panes' }, table.node, details), charts,
);

let asks = 0;
const send = (params: Extract<ReportViewMessage, { type: 'prices' }>['params']): number => {
  asks += 1;
  host.send({ type: 'prices', ask: asks, params });
  return asks;
};
const asker = createPriceAsker(send, () => (shown === undefined ? null : wantedPrices(shown, table.inView(), pace.isResting())), takePrices);
const pace = createSliderPace(() => asker.kick());
const curves = createCostCurves();
const curveAsker = createPriceAsker(send, () => (pace.isHeld() ? null : curves.wanted()), (key, reply) => {
  curves.take(key, reply);
  if (curves.wanted() === null) drawCurve();
});

const askDetails = settled(120, (siteId: string) => {
  if (shown !== undefined) host.send({ type: 'details', siteId, cpus: shown.evaluation.setting.cpus });
});
const keepState = settled(400, () => host.send({ type: 'state', state }));

/** Bytes follow the slider at once; the server is asked for the times of what is in view, then for the rest. */
function previewCpus(cpus: number): void {
  if (shown === undefined || shown.evaluation.setting.cpus === cpus) return;
  pace.moved();
  show(at(shown, { ...shown.evaluation.setting, cpus }));
  drawFigures();
  asker.kick();
}

/** Makes it what is shown; what is compared with may follow it. */
function show(next: PricedReport): void {
  shown = comparedWith(next, otherOf(next));
}

const drawFigures = perFrame(() => {
  if (shown === undefined) return;
  heading.textContent = headingText(shown);
  tiles.replaceChildren(...drawTiles(shown.report, { bytesFactor: totalsFactor(shown), hottestLock: shown.hottestLock }, listUnknowns));
  footprintChart.show(directories, shown.evaluation.setting.cpus / summedFor);
  table.refresh();
});

function takePrices(key: string, reply: Parameters<typeof take>[2]): void {
  if (shown === undefined) return;
  const before = shown;
  shown = take(shown, key, reply);
  if (reply.state === 'refused') toolbar.refuse(reply.reason);
  if (isComplete(shown)) settle();
  else if (shown !== before || shown.other !== null) drawFigures();
  if (shown.answered && pace.isAwaited() && shown.evaluation.missing(table.inView()).length === 0) pace.arrived();
}

/** Every figure has come: the order of the rows, and what depends on the setting beside them, follow. */
function settle(): void {
  drawFigures();
  void rebuildInSlices();
}

/** Draws again in parts, so that no task of the page takes long; what changes meanwhile starts it anew. */
async function rebuildInSlices(): Promise<void> {
  const from = shown;
  rebuilds += 1;
  const own = rebuilds;
  const isCurrent = (): boolean => own === rebuilds && shown === from;
  if (from === undefined) return;
  if (!(await inSlices(from.basis.sites.length, isCurrent, (index) => {
    from.evaluation.site(index);
    from.other?.site(index);
  }))) return;
  const entries = entriesOf(from);
  const made = buildRows(entries, from.report.objects, state);
  if (!(await inNextTask(isCurrent))) return;
  takeRows(from, entries, made);
  if (!(await inNextTask(isCurrent))) return;
  drawRows();
  askAboutSelection();
}

let rebuilds = 0;

function change(part: Partial<ViewState>): void {
  const selectionMoved = part.selected !== undefined && part.selected !== state.selected;
  state = { ...state, ...part };
  host.save(state);
  keepState();
  draw(part.selected === undefined || Object.keys(part).length > 1);
  if (selectionMoved) showSelection();
}

function draw(rebuild = true): void {
  if (shown === undefined) return;
  if (rebuild) {
    rebuilds += 1;
    const entries = entriesOf(shown);
    takeRows(shown, entries, buildRows(entries, shown.report.objects, state));
  }
  drawRows();
}

function drawRows(): void {
  toolbar.showState(state);
  drawFigures();
  table.show({ rows, columns, scale, sort: state.sort, selected: state.selected });
  asker.kick();
}

function takeRows(from: PricedReport, entries: readonly Entry[], made: readonly Row[]): void {
  summedFor = from.evaluation.setting.cpus;
  rows = made;
  directories = footprintByDirectory(entries, state);
  scale = timeScale(entries.map(({ site }) => site));
  chips.show(countByClass(entries, state), state.classes);
  const listed = rows.reduce((sum, row) => sum + (row.kind === 'site' ? 1 : state.collapsed.includes(row.id) ? row.group.sites : 0), 0);
  summaryText.textContent = listed === 0 ? t('No site matches the search and the chosen triggers.') : t('{0} of {1} sites', count(listed), count(entries.length));
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

function compare(compared: ComparedWith | null): void {
  const kernel = compared?.kernel ?? null;
  if (kernel !== null && !otherShapes.has(kernel)) host.send({ type: 'shapes', kernel });
  const plain = state.sort.column.split('-')[0] as ColumnId;
  state = { ...state, compared, sort: compared === null ? { ...state.sort, column: plain } : state.sort };
  columns = columnsFor(compared === null ? null : comparedName(compared));
  if (shown !== undefined) show(shown);
  change({ compared });
}

/** What the second column is for at what is shown; null while its kernel's lives are not known. */
function otherOf({ basis, evaluation, report }: PricedReport): Other | null {
  const { compared } = state;
  if (compared === null) return null;
  const { setting } = evaluation;
  if (compared.kernel !== null) {
    const shapes = otherShapes.get(compared.kernel);
    return shapes === undefined ? null : { setting: { machine: setting.machine, cpus: compared.cpus ?? setting.cpus, kernel: compared.kernel }, shapes };
  }
  const own = machines?.machines.find(({ name }) => name === compared.machine)?.possible ?? setting.cpus;
  return { setting: { machine: compared.machine, cpus: compared.cpus ?? own, kernel: report.kernel }, shapes: basis.shapes };
}

function takeShapes(kernel: string, reply: ShapesReply): void {
  if (reply.state === 'refused') toolbar.refuse(reply.reason);
  else if (shown?.report.sites_revision === reply.sites_revision) {
    otherShapes.set(kernel, reply.shapes);
    show(shown);
    draw();
  }
}

function selectedIndex(): number | undefined {
  const index = state.selected === null ? -1 : (shown?.basis.sites.findIndex(({ id }) => id === state.selected) ?? -1);
  return index === -1 ? undefined : index;
}

function showSelection(): void {
  if (selectedIndex() === undefined) details.hidden = true;
  askAboutSelection();
}

/** Details and curve of the selected site, at what is shown. */
function askAboutSelection(): void {
  const index = selectedIndex();
  const site = index === undefined ? undefined : shown?.basis.sites[index];
  const shape = index === undefined ? null : (shown?.basis.shapes[index] ?? null);
  if (site !== undefined) askDetails(site.id);
  curves.choose(site === undefined || shape === null || shown === undefined ? null : { title: site.function ?? site.api, shape, setting: shown.evaluation.setting });
  drawCurve();
  curveAsker.kick();
}

function drawCurve(): void {
  const index = selectedIndex();
  costChart.show(curves.curve(), index === undefined ? t('Select a site to see its times over 1 to 1,024 CPUs.') : t('Nothing is created or destroyed here.'));
}

function showDetails(siteId: string, reply: SiteDetailsReply): void {
  if (siteId !== state.selected) return;
  const sameSite = details.dataset['site'] === siteId && !details.hidden;
  details.hidden = false;
  details.dataset['site'] = siteId;
  if (reply.details === null) {
    details.replaceChildren(element('p', {}, reply.reason));
    return;
  }
  const unfolded = unfoldNext;
  unfoldNext = false;
  const top = details.scrollTop;
  details.replaceChildren(...drawDetails(reply.details, unfolded, {
    open: ({ file, line, column }) => host.send({ type: 'open', place: { file, line, column }, beside: false }),
    openFunction: (file, name) => host.send({ type: 'openFunction', file, name }),
    simulate: (id) => host.send({ type: 'simulate', siteId: id }),
  }));
  details.scrollTop = sameSite ? top : 0;
}

function listUnknowns(): void {
  if (shown === undefined) return;
  const { basis, report } = shown;
  const byName = new Map(basis.sites.map((site) => [site.id, site]));
  details.hidden = false;
  delete details.dataset['site'];
  details.replaceChildren(...drawUnknowns(report.unknowns, (id) => byName.get(id), selectSite));
  details.scrollTop = 0;
  details.querySelector<HTMLElement>('#unknown-heading')?.focus();
}

/** Selects a site whatever the filters leave out, and moves the keyboard there. */
function selectSite(siteId: string): void {
  state = { ...state, search: '', classes: [], kinds: 'all', collapsed: [], selected: siteId };
  host.save(state);
  draw();
  table.reveal();
  showSelection();
  table.focus();
}

function showWhole(report: ReportReply): void {
  otherShapes.clear();
  const fresh = priced(report);
  // A slider that is being dragged stays where it is.
  show(shown !== undefined && pace.isHeld() ? at(fresh, shown.evaluation.setting) : fresh);
  if (state.compared?.kernel != null) host.send({ type: 'shapes', kernel: state.compared.kernel });
  showPage(report);
  showSelection();
}

function showSummary(summary: ReportReply): void {
  if (shown === undefined) return;
  const { setting } = shown.evaluation;
  const next = summarised(shown, summary);
  show(pace.isHeld() ? at(next, setting) : next);
  notice.replaceChildren(...drawNotice(shown.report, () => host.send({ type: 'reload' })));
  document.body.dataset['state'] = shown.report.state;
  settle();
  asker.kick();
}

function showPage(report: ReportReply): void {
  const app = byId('app');
  if (content.parentElement !== app) app.replaceChildren(notice, content);
  notice.replaceChildren(...drawNotice(report, () => host.send({ type: 'reload' })));
  content.hidden = report.sites.length === 0;
  draw();
  document.body.dataset['state'] = report.state;
}

function showMachines(list: MachineList, report: ReportReply): void {
  machines = list;
  toolbar.showMachines(list, report.kernel, report.kernels);
}

function restoreState(saved: unknown): void {
  if (saved === undefined || host.savedState !== undefined) return;
  state = restoredState(saved as Partial<ViewState>);
  columns = columnsFor(state.compared === null ? null : comparedName(state.compared));
  charts.open = state.charts;
  if (state.follow) host.send({ type: 'follow', on: true });
}

function receive(message: ReportHostMessage): void {
  switch (message.type) {
    case 'report': {
      restoreState(message.state);
      showMachines(message.machines, message.report);
      const whole = delivery.begin(message.report, message.siteCount);
      if (whole !== undefined) showWhole(whole);
      return;
    }
    case 'sites': {
      const whole = delivery.add(message.revision, message.sites);
      if (whole !== undefined) showWhole(whole);
      return;
    }
    case 'summary':
      showMachines(message.machines, message.report);
      showSummary(message.report);
      return;
    case 'prices':
      asker.receive(message.ask, message.reply);
      curveAsker.receive(message.ask, message.reply);
      return;
    case 'shapes':
      takeShapes(message.kernel, message.reply);
      return;
    case 'details':
      showDetails(message.siteId, message.reply);
      return;
    case 'select':
      unfoldNext = message.unfold;
      selectSite(message.siteId);
      return;
    case 'cursor': {
      const site = shown === undefined ? undefined : siteAtCursor(shown.basis.sites, message.file, message.line);
      if (site !== undefined && site.id !== state.selected) {
        change({ selected: site.id });
        table.reveal();
      }
      return;
    }
    case 'refused':
      if (machines !== undefined && shown !== undefined) {
        showMachines(machines, shown.report);
        show(at(shown, settingOf(shown.report)));
        draw();
      }
      toolbar.refuse(message.reason);
      return;
    case 'failed':
      byId('app').replaceChildren(...failureNotice(message.reason, () => host.send({ type: 'reload' })));
      document.body.dataset['state'] = 'failed';
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    toolbar.focusSearch();
  }
});
columns = columnsFor(state.compared === null ? null : comparedName(state.compared));
showSelection();
host.onMessage(receive);
if (state.follow) host.send({ type: 'follow', on: true });
host.send({ type: 'ready' });
