import type { SiteChange } from '../../../server/src/protocol/diff';
import type { ReportReply, SiteDetailsReply } from '../../../server/src/protocol/requests';
import { element } from '../dom';
import { t } from '../l10n';
import { changeSection, removedDetails } from './changeSection';
import { drawDetails } from './detailsPane';
import type { PanelContext } from './panelContext';
import { drawUnknowns } from './unknownList';

export interface Details {
  readonly node: HTMLElement;
  show(siteId: string, reply: SiteDetailsReply, change: SiteChange | undefined): void;
  /** What a site was that is no longer in the source. */
  showRemoved(change: SiteChange): void;
  /** The reasons of the next site are shown unfolded. */
  unfoldNext(): void;
  /** What is unknown and why, instead of a site. */
  listUnknowns(unknowns: ReportReply['unknowns'], select: (siteId: string) => void): void;
}

/** The pane beside the table. */
export function createDetails(context: PanelContext): Details {
  const node = element('aside', { class: 'details', 'aria-label': t('Details'), tabindex: '0', id: 'details' });
  let unfold = false;
  const ref = (): string => context.shown?.difference?.told.ref ?? '';
  const draw = (siteId: string | null, content: readonly HTMLElement[]): void => {
    const same = siteId !== null && node.dataset['site'] === siteId && !node.hidden;
    const top = same ? node.scrollTop : 0;
    node.hidden = false;
    if (siteId === null) delete node.dataset['site'];
    else node.dataset['site'] = siteId;
    node.replaceChildren(...content);
    node.scrollTop = top;
  };
  return {
    node,
    show: (siteId, reply, change) => {
      if (reply.details === null) {
        draw(siteId, [element('p', {}, reply.reason)]);
        return;
      }
      const unfolded = unfold;
      unfold = false;
      const changed = change === undefined || context.state().compared?.kind !== 'commit' ? [] : [changeSection(change, ref())];
      draw(siteId, drawDetails(reply.details, unfolded, changed, {
        open: ({ file, line, column }) => context.send({ type: 'open', place: { file, line, column }, beside: false }),
        openFunction: (file, name) => context.send({ type: 'openFunction', file, name }),
        simulate: (id) => context.send({ type: 'simulate', siteId: id }),
      }));
    },
    showRemoved: (change) => {
      if (change.before !== null) draw(change.before.id, removedDetails(change.before, change, ref()));
    },
    unfoldNext: () => {
      unfold = true;
    },
    listUnknowns: (unknowns, select) => {
      const byName = new Map(context.shown?.entries.map(({ site }) => [site.id, site]));
      draw(null, drawUnknowns(unknowns, (id) => byName.get(id), select));
      node.querySelector<HTMLElement>('#unknown-heading')?.focus();
    },
  };
}
