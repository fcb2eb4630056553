import { setText } from '../dom';
import { comparisonLine } from './comparisonLine';
import type { PanelParts } from './panelParts';
import { at, comparedWith, listing, type PricedReport } from './pricedReport';
import type { ViewState } from './viewState';

/** Makes it what is shown; what is listed and what is compared with follow it. Nothing is drawn yet. */
export function show({ context, comparing }: PanelParts, next: PricedReport): void {
  const listed = listing(next, context.state().compared?.kind === 'commit');
  context.shown = comparedWith(listed, comparing.other(listed));
}

/** A slider that is being dragged stays where it is. */
export function held({ context, live }: PanelParts, next: PricedReport): PricedReport {
  return context.shown !== undefined && live.pace.isHeld() ? at(next, context.shown.evaluation.setting) : next;
}

/** Draws all anew. */
export function draw(parts: PanelParts): void {
  const { context, toolbar, page, list, live } = parts;
  toolbar.showState(context.state());
  setText(parts.comparisonLine, comparisonLine(context.state().compared?.kind === 'commit' ? (context.shown?.difference ?? null) : null));
  page.drawHead();
  list.rebuild();
  live.kick();
}

/** Draws what the machine changes. */
export function drawFigures({ page, list }: PanelParts): void {
  page.drawHead();
  list.drawFigures();
}

/** Every figure has come: the order of the rows, and what depends on the setting beside them, follow. */
export function settle({ page, list, selection }: PanelParts, sitesChanged: boolean): void {
  page.drawHead();
  list.settle(sitesChanged);
  selection.ask();
}

/** What a person, or the editor that is followed, changes. */
export function change({ context, toolbar, list, live, selection }: PanelParts, part: Partial<ViewState>): void {
  const selectionMoved = part.selected !== undefined && part.selected !== context.state().selected;
  context.setState(part);
  toolbar.showState(context.state());
  if (part.selected === undefined || Object.keys(part).length > 1) list.rebuild();
  else list.drawRows();
  live.kick();
  if (selectionMoved) selection.moved();
}

/** Bytes follow the slider at once; the server is asked for the times of what is in view, then for the rest. */
export function previewCpus(parts: PanelParts, cpus: number): void {
  const { context: { shown }, live } = parts;
  if (shown === undefined || shown.evaluation.setting.cpus === cpus) return;
  live.pace.moved();
  show(parts, at(shown, { ...shown.evaluation.setting, cpus }));
  drawFigures(parts);
  live.kick();
}

/** Selects a site whatever the filters leave out, and moves the keyboard there. */
export function selectSite(parts: PanelParts, siteId: string): void {
  const { context, list, selection } = parts;
  context.setState({ search: '', classes: [], kinds: 'all', collapsed: [], selected: siteId });
  draw(parts);
  list.table.reveal();
  selection.moved();
  list.table.focus();
}
