import * as vscode from 'vscode';

type Choice = vscode.QuickPickItem & { readonly path?: string | null; readonly other?: true };

/** Asks for the kernel configuration that sizes are for, and keeps the answer in the workspace's settings. */
export async function chooseKconfig(): Promise<void> {
  const current = vscode.workspace.getConfiguration('percpuLens').get<string | null>('kconfig') ?? null;
  const chosen = await vscode.window.showQuickPick(choices(current), {
    title: vscode.l10n.t('Percpu Lens: kernel configuration'),
    placeHolder: vscode.l10n.t('Sizes and code paths are given for this configuration'),
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  const path = chosen.other === true ? await otherFile() : chosen.path;
  if (path === undefined) return;
  const target = vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('percpuLens').update('kconfig', path ?? undefined, target);
}

async function choices(current: string | null): Promise<Choice[]> {
  const marked = (path: string | null, label: string): string => (path === current ? `$(check) ${label}` : label);
  const running = (await bootConfigurations()).map((path): Choice => ({ label: marked(path, path), path }));
  const other = current !== null && running.every(({ path }) => path !== current) ? [{ label: marked(current, current), path: current }] : [];
  return [
    { label: marked(null, vscode.l10n.t('The tree\'s own')), description: vscode.l10n.t('.config of the root or of percpu.toml, else a documented default'), path: null },
    ...other,
    ...running,
    { label: vscode.l10n.t('Other file…'), other: true },
  ];
}

/** What distributions leave beside their kernels, newest name last. */
async function bootConfigurations(): Promise<string[]> {
  const boot = vscode.Uri.file('/boot');
  const entries = await vscode.workspace.fs.readDirectory(boot).then((all) => all, () => []);
  return entries.map(([name]) => name).filter((name) => name.startsWith('config-')).sort().map((name) => `/boot/${name}`);
}

async function otherFile(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Kernel configuration'), canSelectMany: false })) ?? [];
  return file?.fsPath;
}
