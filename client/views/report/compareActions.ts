import type { DifferenceReply } from '../../../server/src/protocol/comparison';
import type { ShapesReply } from '../../../server/src/protocol/requests';
import type { PanelContext } from './panelContext';
import type { PanelParts } from './panelParts';
import { draw, show } from './showing';
import { uncompared, type ComparedWith, type ViewState } from './viewState';

/** Compares with something else, or with nothing. */
export function compare(parts: PanelParts, compared: ComparedWith | null): void {
  const { context, list, comparing, selection } = parts;
  const before = context.state();
  const was = before.compared?.kind === 'commit';
  context.setState({
    compared,
    ...(compared === null || (was && compared.kind !== 'commit') ? uncompared(before) : {}),
    ...(compared?.kind === 'commit' && !was ? begun(context, compared.ref) : {}),
  });
  list.showColumns();
  comparing.ask();
  if (context.shown !== undefined) show(parts, context.shown);
  draw(parts);
  selection.ask();
}

/** As it was shown before; else what changed, which is what a person asks for who compares with a commit. */
function begun(context: PanelContext, ref: string): Partial<ViewState> {
  const { comparison } = context;
  context.comparison = null;
  return comparison?.ref === ref ? { kinds: comparison.kinds, sort: comparison.sort } : { kinds: 'changed' };
}

/** A comparison that was begun in the window, here or elsewhere, is shown; one that was stopped goes. */
export function followComparison(parts: PanelParts, told: DifferenceReply): void {
  const { context, comparing } = parts;
  const began = comparing.isNew(told);
  const since = context.state().compared?.kind === 'commit';
  if (told !== null && (began || since)) compare(parts, { kind: 'commit', ref: told.ref });
  else if (told === null && since) compare(parts, null);
}

/** The lives on another kernel have come. */
export function takeShapes(parts: PanelParts, kernel: string, reply: ShapesReply): void {
  const { context, comparing, toolbar } = parts;
  const refused = comparing.takeShapes(kernel, reply);
  if (refused !== undefined) toolbar.refuse(refused);
  else if (context.shown !== undefined) {
    show(parts, context.shown);
    draw(parts);
  }
}
