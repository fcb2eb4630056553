import * as vscode from 'vscode';
import type { ScenarioItem } from '../../server/src/protocol/simulationRequests';

export interface MixPart {
  readonly scenario: string;
  readonly share: number;
}

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

/** Reads `fork-exec=3, netns=1`; a sentence where it cannot be meant. */
export function mixOf(text: string, known: readonly string[]): readonly MixPart[] | string {
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (parts.length === 0) return 'Write scenarios with their shares, for example fork-exec=3, netns=1.';
  const mix: MixPart[] = [];
  for (const part of parts) {
    const [scenario = '', share = '1'] = part.split('=').map((word) => word.trim());
    if (!known.includes(scenario)) return `“${scenario}” is no scenario; there are ${known.join(', ')}.`;
    if (!(Number(share) > 0) || !Number.isFinite(Number(share))) return `The share of ${scenario} is a number above 0.`;
    mix.push({ scenario, share: Number(share) });
  }
  return mix;
}
