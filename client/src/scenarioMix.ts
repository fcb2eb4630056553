import * as vscode from 'vscode';
import { mixOf, type MixPart } from '../views/mixText';
import type { ScenarioItem } from '../../server/src/protocol/simulationRequests';

/** Asks for two or more scenarios and their shares of the CPUs; undefined when the person left. */
export async function chooseMix(scenarios: readonly ScenarioItem[]): Promise<readonly MixPart[] | undefined> {
  const items = scenarios.map(({ id, title }) => ({ label: title, description: id, id }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Simulate (1 of 3): scenarios beside each other'), placeHolder: vscode.l10n.t('Two or more'), canPickMany: true, ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.length === 0) return undefined;
  const written = chosen.map(({ id }) => `${id}=1`).join(', ');
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Simulate (1 of 3): shares of the CPUs'), prompt: vscode.l10n.t('Each scenario with its share'), value: written, ignoreFocusOut: true,
    validateInput: (typed) => {
      const mix = mixOf(typed, scenarios.map(({ id }) => id));
      return typeof mix === 'string' ? mix : undefined;
    },
  });
  const mix = text === undefined ? undefined : mixOf(text, scenarios.map(({ id }) => id));
  return typeof mix === 'string' ? undefined : mix;
}
