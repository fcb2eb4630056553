import * as vscode from 'vscode';
import type { StrategyChoice, StrategyItem } from '../../server/src/protocol/simulationRequests';
import { strategyOffers, type StrategyOffer } from '../views/strategyOffers';

/** Lines that a chart of a run chosen by us has beside the baseline. */
export const fewStrategies = 3;

/**
 * Asks which strategies run beside the kernel as it is: those that run at the chosen CPU counts, some of them picked, then
 * those that would only on another number of CPUs, with the reason. Undefined when the person left.
 */
export async function chooseStrategies(known: readonly StrategyItem[], choices: readonly StrategyChoice[], elsewhere: readonly string[]): Promise<readonly string[] | undefined> {
  const { running, refused } = strategyOffers(known, choices, elsewhere, fewStrategies);
  if (running.length === 0) return [];
  const not: readonly Item[] = refused.length === 0 ? [] : [{ label: vscode.l10n.t('not at these CPU counts'), kind: vscode.QuickPickItemKind.Separator }, ...refused.map(itemOf)];
  const chosen = await vscode.window.showQuickPick([...running.map(itemOf), ...not], {
    title: vscode.l10n.t('Simulate (3 of 3): strategies beside the kernel as it is'),
    placeHolder: vscode.l10n.t('The kernel as it is is always run'),
    ignoreFocusOut: true,
    canPickMany: true,
  });
  if (chosen === undefined) return undefined;
  const offers = chosen.flatMap(({ offer }) => offer ?? []);
  const leftOut = offers.filter(({ why }) => why !== '');
  if (leftOut.length > 0) void vscode.window.showWarningMessage(vscode.l10n.t('Percpu Lens: not run: {0}', leftOut.map(({ why }) => why).join('; ')));
  return offers.filter(({ why }) => why === '').map(({ strategy }) => strategy.id);
}

type Item = vscode.QuickPickItem & { readonly offer?: StrategyOffer };

function itemOf(offer: StrategyOffer): Item {
  const { strategy, picked, why } = offer;
  if (why !== '') return { label: strategy.title, description: vscode.l10n.t('cannot be run here'), detail: why, offer };
  return { label: strategy.title, description: strategy.standing, ...(strategy.objection === null ? {} : { detail: vscode.l10n.t('Objection: {0}', strategy.objection) }), picked, offer };
}
