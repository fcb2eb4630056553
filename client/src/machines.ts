import * as vscode from 'vscode';
import type { SetMachineParams, SetMachineReply } from '../../server/src/protocol/requests';
import { pickMachine } from './machinePicker';
import type { Server } from './server';

const memory = 'percpuLens.machine';

/** Which machine is in force: asked for, set at the server, and remembered for this workspace. */
export interface Machines {
  /** Sets it live; the reply says why a choice was refused. */
  set(params: SetMachineParams): Promise<SetMachineReply>;
  /** Asks the person, sets what was chosen and says what was refused. */
  choose(): Promise<void>;
  /** Sets what was chosen the last time in this workspace. */
  restore(): Promise<void>;
}

/** The settings are the default; a choice in the picker outlives a reload but gives way to a later change of the settings. */
export function createMachines(context: vscode.ExtensionContext, server: Server): Machines {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('percpuLens.machine') || event.affectsConfiguration('percpuLens.cpus')) void context.workspaceState.update(memory, undefined);
    }),
  );
  const set = async (params: SetMachineParams): Promise<SetMachineReply> => {
    const reply = await server.request('percpuLens/setMachine', params);
    if (reply.accepted) await context.workspaceState.update(memory, params);
    return reply;
  };
  return {
    set,
    choose: async () => {
      const choice = await pickMachine(await server.request('percpuLens/machines', null));
      if (choice === undefined) return;
      if (choice === 'import') return void vscode.commands.executeCommand('percpuLens.importMachine');
      const reply = await set(choice);
      if (!reply.accepted) void vscode.window.showErrorMessage(`Percpu Lens: ${reply.reason}`);
    },
    restore: async () => {
      const remembered = context.workspaceState.get<SetMachineParams>(memory);
      if (remembered !== undefined) await server.request('percpuLens/setMachine', remembered);
    },
  };
}
