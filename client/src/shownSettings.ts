import * as vscode from 'vscode';
import { switches } from '../../server/src/protocol/requests';

/** The setting that a command of the server switches; undefined for any other command. */
export function switchedBy(command: string): string | undefined {
  return switches.find((one) => one.command === command)?.section;
}

/** Shows or hides hints, lenses or diagnostics from now on, in every window. */
export async function toggleShown(section: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('percpuLens');
  const setting = `${section}.enabled`;
  await settings.update(setting, settings.get(setting) !== true, vscode.ConfigurationTarget.Global);
}
