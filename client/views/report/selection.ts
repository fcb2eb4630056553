import type { ReportReply, SiteDetailsReply } from '../../../server/src/protocol/requests';
import { element, settled } from '../dom';
import { t } from '../l10n';
import { createCostChart } from './costChart';
import { createCostCurves } from './costCurve';
import { drawDetails } from './detailsPane';
import type { LivePrices } from './livePrices';
import type { PanelContext } from './panelContext';
import { drawUnknowns } from './unknownList';

export interface Selection {
  readonly details: HTMLElement;
  readonly costChart: HTMLElement;
  /** Another site is selected, or the figures of this one have changed. */
  ask(): void;
  /** The selection moved: what was shown of another goes where nothing is selected. */
  moved(): void;
  receive(siteId: string, reply: SiteDetailsReply): void;
  /** The reasons of the next details are shown unfolded. */
  unfoldNext(): void;
  /** What is unknown and why, instead of a site. */
  listUnknowns(unknowns: ReportReply['unknowns'], select: (siteId: string) => void): void;
}

/** What is shown of the selected site: its details, and its times over the number of CPUs. */
export function createSelection(context: PanelContext, live: LivePrices): Selection {
  const details = element('aside', { class: 'details', 'aria-label': t('Details'), tabindex: '0', id: 'details' });
  const costChart = createCostChart();
  const curves = createCostCurves();
  let unfold = false;
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
    const site = index === undefined ? undefined : shown?.entries[index]?.site;
    const shape = index === undefined ? null : (shown?.basis.shapes[index] ?? null);
    if (site !== undefined) askDetails(site.id);
    curves.choose(site === undefined || shape === null || shown === undefined ? null : { title: site.function ?? site.api, shape, setting: shown.evaluation.setting });
    drawCurve();
    curveAsker.kick();
  };
  const show = (siteId: string, reply: SiteDetailsReply): void => {
    const sameSite = details.dataset['site'] === siteId && !details.hidden;
    details.hidden = false;
    details.dataset['site'] = siteId;
    if (reply.details === null) {
      details.replaceChildren(element('p', {}, reply.reason));
      return;
    }
    const unfolded = unfold;
    unfold = false;
    const top = details.scrollTop;
    details.replaceChildren(...drawDetails(reply.details, unfolded, {
      open: ({ file, line, column }) => context.send({ type: 'open', place: { file, line, column }, beside: false }),
      openFunction: (file, name) => context.send({ type: 'openFunction', file, name }),
      simulate: (id) => context.send({ type: 'simulate', siteId: id }),
    }));
    details.scrollTop = sameSite ? top : 0;
  };
  return {
    details,
    costChart: costChart.node,
    ask,
    moved: () => {
      if (selected() === undefined) details.hidden = true;
      ask();
    },
    receive: (siteId, reply) => {
      if (siteId === context.state().selected) show(siteId, reply);
    },
    unfoldNext: () => {
      unfold = true;
    },
    listUnknowns: (unknowns, select) => {
      const byName = new Map(context.shown?.entries.map(({ site }) => [site.id, site]));
      details.hidden = false;
      delete details.dataset['site'];
      details.replaceChildren(...drawUnknowns(unknowns, (id) => byName.get(id), select));
      details.scrollTop = 0;
      details.querySelector<HTMLElement>('#unknown-heading')?.focus();
    },
  };
}
