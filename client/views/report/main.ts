import { byId, element, perFrame, settled } from '../dom';
import { t } from '../l10n';
import type { ReportHostMessage, ReportViewMessage } from '../messages';
import '../styles/report.css';
import { connectHost } from '../vscodeApi';
import { comparedName } from './comparison';
import { createComparing } from './comparing';
import { createDelivery } from './delivery';
import { createExportBar } from './exportBar';
import { headingText } from './heading';
import { createLivePrices } from './livePrices';
import { drawNotice, failureNotice } from './notices';
import { createPanelContext } from './panelContext';
import { at, comparedWith, priced, settingOf, summarised, totalsFactor, type PricedReport, type WholeReport } from './pricedReport';
import { createSelection } from './selection';
import { siteAtCursor } from './siteAtCursor';
import { createSiteList } from './siteList';
import { createTiles } from './tiles';
import { createToolbar } from './toolbar';
import type { ColumnId, ComparedWith, ViewState } from './viewState';

const host = connectHost<ReportViewMessage, ReportHostMessage, ViewState>();
const context = createPanelContext(host);
const delivery = createDelivery();
const comparing = createComparing(context);

const toolbar = createToolbar({
  search: settled(80, (search: string) => change({ search })),
  group: (group) => change({ group }),
  kinds: (kinds) => change({ kinds }),
  machine: (name) => host.send({ type: 'setMachine', machine: { name } }),
  previewCpus,
  setCpus: (cpus) => {
    live.pace.released();
    host.send({ type: 'setMachine', machine: { name: context.machines?.current.name ?? '', cpus } });
  },
  compare,
  follow: (follow) => {
    change({ follow });
    host.send({ type: 'follow', on: follow });
  },
});
const list = createSiteList(context, { change });
const live = createLivePrices(context, {
  inView: () => list.table.inView(),
  drawFigures: () => drawFigures(),
  complete: () => settle(),
  refuse: (reason) => toolbar.refuse(reason),
});
const selection = createSelection(context, live);
const exportBar = createExportBar((format) => host.send({ type: 'export', format, siteIds: list.listed() }));
const heading = element('p', { class: 'heading', id: 'heading' });
const tiles = createTiles(() => selection.listUnknowns(context.shown?.report.unknowns ?? [], selectSite));
const notice = element('div', { class: 'notice', id: 'notice' });
const charts = element('details', { class: 'charts', id: 'charts' }, element('summary', {}, t('Charts')), element('div', { class: 'chart-row' }, list.footprintChart, selection.costChart));
const content = element(
  'div',
  { class: 'content' },
  element('h1', { class: 'unseen' }, t('Percpu cost report')), heading, toolbar.node, tiles.node, list.chips, element('div', { class: 'summary-line' }, list.summary, exportBar),
  element('div', { class: 'panes' }, list.table.node, selection.details), charts,
);

const drawHead = perFrame(() => {
  const { shown } = context;
  if (shown === undefined) return;
  const text = headingText(shown);
  if (heading.textContent !== text) heading.textContent = text;
  tiles.show(shown.report, { bytesFactor: totalsFactor(shown), hottestLock: shown.hottestLock });
});

function drawFigures(): void {
  drawHead();
  list.drawFigures();
}

/** Bytes follow the slider at once; the server is asked for the times of what is in view, then for the rest. */
function previewCpus(cpus: number): void {
  const { shown } = context;
  if (shown === undefined || shown.evaluation.setting.cpus === cpus) return;
  live.pace.moved();
  show(at(shown, { ...shown.evaluation.setting, cpus }));
  drawFigures();
  live.kick();
}

/** Makes it what is shown; what is compared with may follow it. */
function show(next: PricedReport): void {
  context.shown = comparedWith(next, comparing.other(next));
}

/** Every figure has come: the order of the rows, and what depends on the setting beside them, follow. */
function settle(sitesChanged = false): void {
  drawHead();
  list.settle(sitesChanged);
  selection.ask();
}

/** What a person, or the editor that is followed, changes. */
function change(part: Partial<ViewState>): void {
  const selectionMoved = part.selected !== undefined && part.selected !== context.state().selected;
  context.setState(part);
  toolbar.showState(context.state());
  if (part.selected === undefined || Object.keys(part).length > 1) list.rebuild();
  else list.drawRows();
  live.kick();
  if (selectionMoved) selection.moved();
}

function draw(): void {
  toolbar.showState(context.state());
  drawHead();
  list.rebuild();
  live.kick();
}

/** Columns for what is compared with. */
function nameOther(): void {
  const { compared } = context.state();
  list.setOther(compared === null ? null : comparedName(compared));
}

function compare(compared: ComparedWith | null): void {
  const { sort } = context.state();
  const plain = sort.column.split('-')[0] as ColumnId;
  context.setState({ compared, sort: compared === null ? { ...sort, column: plain } : sort });
  nameOther();
  comparing.ask();
  if (context.shown !== undefined) show(context.shown);
  draw();
}

/** Selects a site whatever the filters leave out, and moves the keyboard there. */
function selectSite(siteId: string): void {
  context.setState({ search: '', classes: [], kinds: 'all', collapsed: [], selected: siteId });
  draw();
  list.table.reveal();
  selection.moved();
  list.table.focus();
}

function showWhole(whole: WholeReport): void {
  comparing.forget();
  const fresh = priced(whole);
  // A slider that is being dragged stays where it is.
  show(context.shown !== undefined && live.pace.isHeld() ? at(fresh, context.shown.evaluation.setting) : fresh);
  comparing.ask();
  const app = byId('app');
  if (content.parentElement !== app) app.replaceChildren(notice, content);
  content.hidden = whole.sites.length === 0;
  showState();
  draw();
  selection.moved();
}

function showSummary({ summary }: Extract<ReportHostMessage, { type: 'summary' }>): void {
  const { shown } = context;
  if (shown === undefined) return;
  const next = summarised(shown, summary);
  show(live.pace.isHeld() ? at(next, shown.evaluation.setting) : next);
  showState();
  settle(next.entries !== shown.entries);
  live.kick();
}

/** How far the analysis is, and what went wrong. */
function showState(): void {
  if (context.shown === undefined) return;
  const { report } = context.shown;
  notice.replaceChildren(...drawNotice(report, () => host.send({ type: 'reload' })));
  document.body.dataset['state'] = report.state;
}

function showMachines({ machines, kernel, kernels }: Pick<Extract<ReportHostMessage, { type: 'report' }>, 'machines'> & { readonly kernel: string; readonly kernels: readonly string[] }): void {
  context.machines = machines;
  toolbar.showMachines(machines, kernel, kernels);
}

function restore(saved: unknown): void {
  if (!context.restore(saved)) return;
  const { charts: open, follow } = context.state();
  nameOther();
  charts.open = open;
  if (follow) host.send({ type: 'follow', on: true });
}

function refuse(reason: string): void {
  const { machines, shown } = context;
  if (machines !== undefined && shown !== undefined) {
    showMachines({ machines, kernel: shown.report.kernel, kernels: shown.report.kernels });
    show(at(shown, settingOf(shown.report)));
    draw();
  }
  toolbar.refuse(reason);
}

function follow(file: string, line: number): void {
  const sites = context.shown?.entries.map(({ site }) => site) ?? [];
  const site = siteAtCursor(sites, file, line);
  if (site === undefined || site.id === context.state().selected) return;
  change({ selected: site.id });
  list.table.reveal();
}

function receive(message: ReportHostMessage): void {
  switch (message.type) {
    case 'report': {
      restore(message.state);
      showMachines({ machines: message.machines, kernel: message.report.kernel, kernels: message.report.kernels });
      const whole = delivery.begin(message);
      if (whole !== undefined) showWhole(whole);
      return;
    }
    case 'sites': {
      const whole = delivery.add(message.revision, message.sites);
      if (whole !== undefined) showWhole(whole);
      return;
    }
    case 'summary':
      if (context.shown !== undefined) showMachines({ machines: message.machines, kernel: context.shown.report.kernel, kernels: context.shown.report.kernels });
      showSummary(message);
      return;
    case 'prices':
      live.receive(message.ask, message.reply);
      return;
    case 'shapes': {
      const refused = comparing.takeShapes(message.kernel, message.reply);
      if (refused !== undefined) toolbar.refuse(refused);
      else if (context.shown !== undefined) {
        show(context.shown);
        draw();
      }
      return;
    }
    case 'details':
      selection.receive(message.siteId, message.reply);
      return;
    case 'select':
      if (message.unfold) selection.unfoldNext();
      selectSite(message.siteId);
      return;
    case 'cursor':
      follow(message.file, message.line);
      return;
    case 'refused':
      refuse(message.reason);
      return;
    case 'failed':
      byId('app').replaceChildren(...failureNotice(message.reason, () => host.send({ type: 'reload' })));
      document.body.dataset['state'] = 'failed';
  }
}

charts.open = context.state().charts;
charts.addEventListener('toggle', () => {
  if (charts.open !== context.state().charts) change({ charts: charts.open });
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    toolbar.focusSearch();
  }
});
nameOther();
selection.moved();
host.onMessage(receive);
if (context.state().follow) host.send({ type: 'follow', on: true });
host.send({ type: 'ready' });
