import { element, settled } from '../dom';
import { createComparing, type Comparing } from './comparing';
import { createExportBar } from './exportBar';
import { exportedComparison } from './exportedComparison';
import { createLivePrices, type LivePrices } from './livePrices';
import { createPageLayout, type PageLayout } from './pageLayout';
import type { PanelContext } from './panelContext';
import { createSelection, type Selection } from './selection';
import { createSiteList, type SiteList } from './siteList';
import { createToolbar, type Toolbar } from './toolbar';
import type { ComparedWith, ViewState } from './viewState';

/** The parts of the panel that work together. */
export interface PanelParts {
  readonly context: PanelContext;
  readonly comparing: Comparing;
  readonly toolbar: Toolbar;
  readonly list: SiteList;
  readonly live: LivePrices;
  readonly selection: Selection;
  readonly page: PageLayout;
  /** How many sites differ from the commit compared with. */
  readonly comparisonLine: HTMLElement;
}

/** What the parts ask for: mouse and keyboard, and figures that have come. */
export interface PartActions {
  readonly change: (part: Partial<ViewState>) => void;
  readonly previewCpus: (cpus: number) => void;
  readonly compare: (compared: ComparedWith | null) => void;
  readonly selectSite: (siteId: string) => void;
  readonly drawFigures: () => void;
  readonly complete: () => void;
}

export function createPanelParts(context: PanelContext, actions: PartActions): PanelParts {
  const { send } = context;
  const { change } = actions;
  const toolbar = createToolbar({
    search: settled(80, (search: string) => change({ search })),
    group: (group) => change({ group }),
    kinds: (kinds) => change({ kinds }),
    machine: (name) => send({ type: 'setMachine', machine: { name } }),
    previewCpus: actions.previewCpus,
    setCpus: (cpus) => {
      live.pace.released();
      send({ type: 'setMachine', machine: { name: context.machines?.current.name ?? '', cpus } });
    },
    compare: actions.compare,
    chooseCommit: () => send({ type: 'chooseCommit' }),
    follow: (follow) => {
      change({ follow });
      send({ type: 'follow', on: follow });
    },
  });
  const list = createSiteList(context, { change });
  const live = createLivePrices(context, { inView: () => list.table.inView(), drawFigures: actions.drawFigures, complete: actions.complete, refuse: (reason) => toolbar.refuse(reason) });
  const selection = createSelection(context, live);
  const comparisonLine = element('p', { class: 'comparison-line', role: 'status', id: 'comparison' });
  const page = createPageLayout(
    () => context.shown,
    {
      toolbar: toolbar.node, chips: list.chips, summary: list.summary, comparison: comparisonLine, exports: exportBar(context, list),
      table: list.table.node, details: selection.details.node, charts: [list.footprintChart, selection.costChart],
    },
    {
      listUnknowns: () => selection.details.listUnknowns(context.shown?.report.unknowns ?? [], actions.selectSite),
      reload: () => send({ type: 'reload' }),
      showCharts: (charts) => {
        if (charts !== context.state().charts) change({ charts });
      },
    },
  );
  return { context, comparing: createComparing(context), toolbar, list, live, selection, page, comparisonLine };
}

/** Saves the rows as shown, with both sides where something is compared. */
function exportBar(context: PanelContext, list: SiteList): HTMLElement {
  return createExportBar((format) => {
    const siteIds = list.listed();
    const compared = context.shown === undefined ? null : exportedComparison(context.shown, context.state().compared, siteIds);
    context.send({ type: 'export', format, siteIds, compared });
  });
}
