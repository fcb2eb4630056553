import path from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import { machineByName } from '../machine/builtIn';
import { importMachine } from '../machine/importMachine';
import type { MachineProfile } from '../machine/profile';
import { machineToml, withMachineWritten } from '../profile/writeMachine';
import type { ImportMachineParams, ImportMachineReply } from '../protocol/requests';
import { profileName } from '../workspace/profileFile';
import type { ProfileSource } from '../workspace/profileSource';
import type { ServerState } from './serverState';
import { uriOfPath } from './uris';

/** Pasted text of more characters is no description of a machine. */
const longestText = 16 * 1024 * 1024;

/** Turns what a machine says of itself into a table of percpu.toml, for the client to show and write. */
export function answerMachineImports(connection: Connection, state: ServerState, profiles: ProfileSource): void {
  const answer = (params: ImportMachineParams): ImportMachineReply => {
    const reason = refusal(params);
    if (reason !== null) return { accepted: false, reason };
    const imported = importMachine(params.name, params.texts, state.machine());
    if (!imported.ok) return { accepted: false, reason: `This is no machine: ${imported.message}.` };
    const file = targetFile(state);
    if (file === null) return { accepted: false, reason: 'No folder is open to write a percpu.toml to. Open a kernel tree, or a folder of kernel code.' };
    return {
      accepted: true,
      file: uriOfPath(file),
      content: withMachineWritten(profiles.textOf(file), imported.machine),
      table: machineToml(imported.machine),
      summary: summaryOf(imported.machine),
      notes: imported.notes,
    };
  };
  connection.onRequest('percpuLens/importMachine', (params: ImportMachineParams): unknown => answer(params));
}

function refusal({ name, texts }: ImportMachineParams): string | null {
  if (!/^[\w-]{1,40}$/.test(name)) return 'The name of a machine has up to 40 letters, digits, "-" and "_".';
  if (machineByName(name) !== undefined) return `${name} is a built-in machine; give yours another name.`;
  return texts.some((text) => text.length > longestText) ? 'The text is too long for a description of a machine.' : null;
}

/** The profile in force for the tree of the report, else a new one at its root. */
function targetFile(state: ServerState): string | null {
  const snapshot = state.mainSnapshot();
  return snapshot === null ? null : (snapshot.profile.file ?? path.join(snapshot.root ?? '.', profileName));
}

function summaryOf({ topology, guest }: MachineProfile): string {
  const { possibleCpus, onlineCpus, sockets, nodes, coresPerLlc, smt } = topology;
  const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  return [
    `${possibleCpus} possible CPUs, ${onlineCpus} online`,
    `${plural(sockets, 'socket')}, ${plural(nodes, 'memory node')}`,
    `${plural(coresPerLlc, 'core')} a last-level cache, ${plural(smt, 'thread')} a core`,
    guest ? 'a virtual machine' : 'bare metal',
  ].join('; ');
}
