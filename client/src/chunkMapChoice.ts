import * as vscode from 'vscode';
import type { ChunkMapSource } from '../../server/src/protocol/chunkMap';

type Choice = vscode.QuickPickItem & { readonly id: 'recording' | 'cgroup-case' };

/** Asks what to map; undefined when the person left. */
export async function chooseChunkMap(): Promise<ChunkMapSource | undefined> {
  const chosen = await vscode.window.showQuickPick<Choice>(
    [
      { id: 'recording', label: '$(record) A recording…', detail: 'State and trace of a kernel, as docs/replay.md tells to take them' },
      { id: 'cgroup-case', label: '$(beaker) 11,000 memory cgroups', detail: 'The published case that led to depopulation: ten of eleven removed again' },
    ],
    { title: 'Percpu Lens: chunk map', placeHolder: 'What the allocator’s chunks are to be shown of' },
  );
  if (chosen === undefined) return undefined;
  return chosen.id === 'recording' ? chooseRecording() : { kind: 'cgroup-case', cpus: 16, depopulation: true };
}

async function chooseRecording(): Promise<ChunkMapSource | undefined> {
  const state = await chooseFile('Percpu Lens: state from which the trace starts (1 of 2)', 'Take State');
  if (state === undefined) return undefined;
  const trace = await chooseFile('Percpu Lens: trace (2 of 2)', 'Take Trace');
  return trace === undefined ? undefined : { kind: 'recording', files: { state, trace } };
}

async function chooseFile(title: string, openLabel: string): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [file] = (await vscode.window.showOpenDialog({ title, openLabel, canSelectMany: false, ...(folder === undefined ? {} : { defaultUri: folder }) })) ?? [];
  return file?.fsPath;
}
