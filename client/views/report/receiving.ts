import type { DifferenceReply } from '../../../server/src/protocol/comparison';
import type { MachineList, SummaryReply } from '../../../server/src/protocol/requests';
import { followComparison } from './compareActions';
import type { PanelParts } from './panelParts';
import { at, priced, settingOf, summarised, withDifference, type WholeReport } from './pricedReport';
import { change, draw, held, settle, show } from './showing';
import { siteAtCursor } from './siteAtCursor';

/** All sites of a report have come. */
export function takeWhole(parts: PanelParts, whole: WholeReport): void {
  const { context, comparing, page, selection } = parts;
  comparing.forget();
  show(parts, held(parts, withDifference(priced(whole), whole.difference)));
  if (context.machines !== undefined) takeMachines(parts, context.machines);
  comparing.ask();
  page.showState();
  followComparison(parts, whole.difference);
  draw(parts);
  selection.moved();
}

/** What a machine changed; `difference` undefined: what is compared with is as before. */
export function takeSummary(parts: PanelParts, summary: SummaryReply, difference: DifferenceReply | undefined): void {
  const { context, page, live } = parts;
  const { shown } = context;
  if (shown === undefined) return;
  const next = summarised(shown, summary);
  show(parts, held(parts, difference === undefined ? next : withDifference(next, difference)));
  page.showState();
  if (difference !== undefined) {
    if (context.machines !== undefined) takeMachines(parts, context.machines);
    followComparison(parts, difference);
  }
  settle(parts, next.sites !== shown.sites);
  live.kick();
}

export function takeMachines({ context, toolbar }: PanelParts, machines: MachineList): void {
  context.machines = machines;
  const { shown } = context;
  if (shown === undefined) return;
  const { kernel, kernels } = shown.report;
  toolbar.showMachines({ machines, kernel, kernels, ref: shown.difference?.told.ref ?? null });
}

/** The machine asked for was refused: what was shown before is again. */
export function takeRefusal(parts: PanelParts, reason: string): void {
  const { context: { machines, shown }, toolbar } = parts;
  if (machines !== undefined && shown !== undefined) {
    takeMachines(parts, machines);
    show(parts, at(shown, settingOf(shown.report)));
    draw(parts);
  }
  toolbar.refuse(reason);
}

/** Selects the site that is nearest to where the cursor is in the editor. */
export function takeCursor(parts: PanelParts, file: string, line: number): void {
  const { context, list } = parts;
  const site = siteAtCursor(context.shown?.sites.map((entry) => entry.site) ?? [], file, line);
  if (site === undefined || site.id === context.state().selected) return;
  change(parts, { selected: site.id });
  list.table.reveal();
}
