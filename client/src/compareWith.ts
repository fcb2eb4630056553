import * as vscode from 'vscode';
import type { CompareChoices, CompareRef } from '../../server/src/protocol/comparison';
import type { Server } from './server';

type Choice = vscode.QuickPickItem & { readonly ref?: string; readonly stop?: true; readonly other?: true };

/** Asks which state of the tree to compare with, and compares; rejects where that cannot be read. */
export async function compareWith(server: Server, ref: string | undefined): Promise<void> {
  if (ref !== undefined) return compare(server, ref);
  const choices = await server.request('percpuLens/compareChoices', null);
  if (choices.refs.length === 0) throw new Error(choices.reason ?? vscode.l10n.t('this folder has no commits to compare with'));
  const chosen = await vscode.window.showQuickPick(items(choices), {
    title: vscode.l10n.t('Percpu Lens: compare the percpu sites with…'),
    placeHolder: vscode.l10n.t('A commit, branch, tag or stash of this repository; the work tree is compared as edited'),
    matchOnDescription: true,
  });
  if (chosen?.stop === true) return stopComparing(server);
  const wanted = chosen?.other === true ? await vscode.window.showInputBox({ title: vscode.l10n.t('Percpu Lens: commit to compare with'), prompt: vscode.l10n.t('As git reads it: a name, an id, HEAD~3') }) : chosen?.ref;
  if (wanted !== undefined && wanted.trim() !== '') await compare(server, wanted.trim());
}

export async function stopComparing(server: Server): Promise<void> {
  await server.request('percpuLens/compareWith', { ref: null });
}

async function compare(server: Server, ref: string): Promise<void> {
  const progress = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Percpu Lens: reading the percpu sites of {0}', ref), cancellable: true };
  const reply = await vscode.window.withProgress(progress, (_, token) =>
    server.request('percpuLens/compareWith', { ref }, token).then((answer) => (token.isCancellationRequested ? null : answer)));
  if (reply === null) return;
  if (reply.state === 'refused') throw new Error(reply.reason);
  if (reply.state === 'comparing') {
    const { added, changed, removed } = reply;
    void vscode.window.setStatusBarMessage(vscode.l10n.t('$(git-compare) percpu sites against {0}: {1} added, {2} changed, {3} removed', ref, added, changed, removed), 10_000);
  }
}

const kinds: readonly (readonly [CompareRef['kind'], string, string])[] = [
  ['HEAD', vscode.l10n.t('checked out'), 'git-commit'], ['branch', vscode.l10n.t('branches'), 'git-branch'], ['stash', vscode.l10n.t('stashes'), 'archive'], ['tag', vscode.l10n.t('tags'), 'tag'],
];

function items({ refs, current }: CompareChoices): Choice[] {
  const stop: Choice[] = current === null ? [] : [{ label: vscode.l10n.t('$(close) Stop comparing'), description: vscode.l10n.t('now with {0}', current), stop: true }];
  const groups = kinds.flatMap(([kind, title, icon]): Choice[] => {
    const own = refs.filter((ref) => ref.kind === kind);
    if (own.length === 0) return [];
    return [separator(title), ...own.map(({ ref, description }) => ({ label: `$(${icon}) ${ref}`, description, ref }))];
  });
  return [...stop, ...groups, separator(vscode.l10n.t('another')), { label: vscode.l10n.t('$(edit) Other commit…'), description: vscode.l10n.t('by its name or id'), other: true }];
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
