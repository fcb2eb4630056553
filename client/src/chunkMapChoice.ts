import * as vscode from 'vscode';
import type { ChunkMapSource } from '../../server/src/protocol/chunkMap';

type Choice = vscode.QuickPickItem & { readonly id: 'recording' | 'cgroup-case' };

/** Asks what to map; undefined when the person left. */
export async function chooseChunkMap(): Promise<ChunkMapSource | undefined> {
  const chosen = await vscode.window.showQuickPick<Choice>(
    [
      { id: 'recording', label: vscode.l10n.t('$(record) A recording…'), detail: vscode.l10n.t('State and trace of a kernel, as docs/replay.md tells to take them') },
      { id: 'cgroup-case', label: vscode.l10n.t('$(beaker) 11,000 memory cgroups'), detail: vscode.l10n.t('The published case that led to depopulation: ten of eleven removed again') },
    ],
    { title: vscode.l10n.t('Percpu Lens: chunk map'), placeHolder: vscode.l10n.t('What the allocator’s chunks are to be shown of') },
  );
  if (chosen === undefined) return undefined;
  return chosen.id === 'recording' ? chooseRecording() : { kind: 'cgroup-case', cpus: 16, depopulation: true };
}

async function chooseRecording(): Promise<ChunkMapSource | undefined> {
  const state = await chooseFile(vscode.l10n.t('Percpu Lens: state from which the trace starts (1 of 2)'), vscode.l10n.t('Take State'));
  if (state === undefined) return undefined;
  const trace = await chooseFile(vscode.l10n.t('Percpu Lens: trace (2 of 2)'), vscode.l10n.t('Take Trace'));
  return trace === undefined ? undefined : { kind: 'recording', files: { state, trace } };
}

async function chooseFile(title: string, openLabel: string): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [file] = (await vscode.window.showOpenDialog({ title, openLabel, canSelectMany: false, ...(folder === undefined ? {} : { defaultUri: folder }) })) ?? [];
  return file?.fsPath;
}
