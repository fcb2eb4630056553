import type { Connection } from 'vscode-languageserver/node';
import { switches } from '../protocol/requests';
import type { ServerState } from './serverState';

/** Commands that every client can run (`workspace/executeCommand`), for `initialize`. */
export const serverCommandNames: string[] = switches.map(({ command }) => command);

/**
 * Switches hints, lenses or diagnostics on and off until the settings change or the server ends. Our own client changes the
 * setting instead, which outlives both.
 */
export function answerSwitchCommands(connection: Connection, state: ServerState): void {
  connection.onExecuteCommand(({ command }) => {
    const known = switches.find((one) => one.command === command);
    if (known === undefined) return null;
    const { section } = known;
    const { settings } = state;
    state.settings = { ...settings, [section]: { ...settings[section], enabled: !settings[section].enabled } };
    state.onMachineChange();
    return null;
  });
}
