import * as vscode from 'vscode';
import type { CompareChoices, CompareRef } from '../../server/src/protocol/comparison';
import type { Server } from './server';

type Choice = vscode.QuickPickItem & { readonly ref?: string; readonly stop?: true; readonly other?: true };

/** Asks which state of the tree to compare with, and compares; rejects where that cannot be read. */
export async function compareWith(server: Server, ref: string | undefined): Promise<void> {
  if (ref !== undefined) return compare(server, ref);
  const choices = await server.request('percpuLens/compareChoices', null);
  if (choices.refs.length === 0) throw new Error(choices.reason ?? 'this folder has no commits to compare with');
  const chosen = await vscode.window.showQuickPick(items(choices), {
    title: 'Percpu Lens: compare the percpu sites with…',
    placeHolder: 'A commit, branch, tag or stash of this repository; the work tree is compared as edited',
    matchOnDescription: true,
  });
  if (chosen?.stop === true) return stopComparing(server);
  const wanted = chosen?.other === true ? await vscode.window.showInputBox({ title: 'Percpu Lens: commit to compare with', prompt: 'As git reads it: a name, an id, HEAD~3' }) : chosen?.ref;
  if (wanted !== undefined && wanted.trim() !== '') await compare(server, wanted.trim());
}

export async function stopComparing(server: Server): Promise<void> {
  await server.request('percpuLens/compareWith', { ref: null });
}

async function compare(server: Server, ref: string): Promise<void> {
  const progress = { location: vscode.ProgressLocation.Notification, title: `Percpu Lens: reading the percpu sites of ${ref}`, cancellable: true };
  const reply = await vscode.window.withProgress(progress, (_, token) =>
    server.request('percpuLens/compareWith', { ref }, token).then((answer) => (token.isCancellationRequested ? null : answer)));
  if (reply === null) return;
  if (reply.state === 'refused') throw new Error(reply.reason);
  if (reply.state === 'comparing') {
    const { added, changed, removed } = reply;
    void vscode.window.setStatusBarMessage(`$(git-compare) percpu sites against ${ref}: ${String(added)} added, ${String(changed)} changed, ${String(removed)} removed`, 10_000);
  }
}

const kinds: readonly (readonly [CompareRef['kind'], string, string])[] = [
  ['HEAD', 'checked out', 'git-commit'], ['branch', 'branches', 'git-branch'], ['stash', 'stashes', 'archive'], ['tag', 'tags', 'tag'],
];

function items({ refs, current }: CompareChoices): Choice[] {
  const stop: Choice[] = current === null ? [] : [{ label: '$(close) Stop comparing', description: `now with ${current}`, stop: true }];
  const groups = kinds.flatMap(([kind, title, icon]): Choice[] => {
    const own = refs.filter((ref) => ref.kind === kind);
    if (own.length === 0) return [];
    return [separator(title), ...own.map(({ ref, description }) => ({ label: `$(${icon}) ${ref}`, description, ref }))];
  });
  return [...stop, ...groups, separator('another'), { label: '$(edit) Other commit…', description: 'by its name or id', other: true }];
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
