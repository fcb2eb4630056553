import type { SiteDetailsReply } from '../../../server/src/protocol/requests';
import { settled } from '../dom';
import { t } from '../l10n';
import { createCostChart } from './costChart';
import { createCostCurves } from './costCurve';
import { createDetails, type Details } from './details';
import type { LivePrices } from './livePrices';
import type { PanelContext } from './panelContext';

export interface Selection {
  readonly details: Details;
  readonly costChart: HTMLElement;
  /** Another site is selected, or the figures of this one have changed. */
  ask(): void;
  /** The selection moved: what was shown of another goes where nothing is selected. */
  moved(): void;
  receive(siteId: string, reply: SiteDetailsReply): void;
}

/** What is shown of the selected site: its details, and its times over the number of CPUs. */
export function createSelection(context: PanelContext, live: LivePrices): Selection {
  const details = createDetails(context);
  const costChart = createCostChart();
  const curves = createCostCurves();
  const curveAsker = live.asker(() => (live.pace.isHeld() ? null : curves.wanted()), (key, reply) => {
    curves.take(key, reply);
    if (curves.wanted() === null) drawCurve();
  });
  const askDetails = settled(120, (siteId: string) => {
    if (context.shown !== undefined) context.send({ type: 'details', siteId, cpus: context.shown.evaluation.setting.cpus });
  });
  const selected = (): number | undefined => {
    const id = context.state().selected;
    return id === null ? undefined : context.shown?.entries.find(({ site }) => site.id === id)?.index;
  };
  const drawCurve = (): void => {
    costChart.show(curves.curve(), selected() === undefined ? t('Select a site to see its times over 1 to 1,024 CPUs.') : t('Nothing is created or destroyed here.'));
  };
  const ask = (): void => {
    const { shown } = context;
    const index = selected();
    const entry = index === undefined ? undefined : shown?.entries[index];
    const site = entry?.site;
    const shape = index === undefined ? null : (shown?.basis.shapes[index] ?? null);
    if (entry?.change?.change.change === 'removed') details.showRemoved(entry.change.change);
    else if (site !== undefined) askDetails(site.id);
    curves.choose(site === undefined || shape === null || shown === undefined ? null : { title: site.function ?? site.variable ?? site.api, shape, setting: shown.evaluation.setting });
    drawCurve();
    curveAsker.kick();
  };
  return {
    details,
    costChart: costChart.node,
    ask,
    moved: () => {
      if (selected() === undefined) details.node.hidden = true;
      ask();
    },
    receive: (siteId, reply) => {
      const index = selected();
      const change = index === undefined ? undefined : context.shown?.entries[index]?.change?.change;
      if (siteId === context.state().selected) details.show(siteId, reply, change);
    },
  };
}
