import * as vscode from 'vscode';
import type { ImportMachineReply } from '../../server/src/protocol/requests';
import type { Machines } from './machines';
import type { Server } from './server';

type Accepted = Extract<ImportMachineReply, { accepted: true }>;

/** Asks for what a machine says of itself, shows the machine that follows, writes it to percpu.toml and puts it in force. */
export async function importMachine(server: Server, machines: Machines): Promise<void> {
  const text = await askText();
  if (text === undefined) return;
  const name = await askName();
  if (name === undefined) return;
  const reply = await server.request('percpuLens/importMachine', { name, texts: [text] });
  if (!reply.accepted) return void vscode.window.showErrorMessage(`Percpu Lens: ${reply.reason}`);
  if (!(await isConfirmed(name, reply))) return;
  await write(reply);
  const set = await machines.set({ name });
  if (!set.accepted) void vscode.window.showErrorMessage(`Percpu Lens: ${set.reason}`);
}

type Source = vscode.QuickPickItem & { readonly read: () => Promise<string | undefined> };

async function askText(): Promise<string | undefined> {
  const sources: Source[] = [
    { label: vscode.l10n.t('$(file) From a file…'), description: vscode.l10n.t('output of lscpu -J, or boot messages (dmesg)'), read: textOfFile },
    { label: vscode.l10n.t('$(clippy) From the clipboard'), read: async () => vscode.env.clipboard.readText() },
    { label: vscode.l10n.t('$(edit) Paste into a box…'), read: pasted },
  ];
  const chosen = await vscode.window.showQuickPick(sources, {
    title: vscode.l10n.t('Percpu Lens: import a machine'),
    placeHolder: vscode.l10n.t('Run lscpu -J on that machine; nothing is run on this one'),
  });
  return chosen?.read();
}

async function textOfFile(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Output of lscpu -J, or boot messages'), canSelectMany: false })) ?? [];
  return file === undefined ? undefined : new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

async function pasted(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Percpu Lens: import a machine'),
    prompt: vscode.l10n.t('Paste the output of lscpu -J, or boot messages'),
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Nothing is pasted yet.') : undefined),
  });
}

async function askName(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Percpu Lens: name of the machine'),
    prompt: vscode.l10n.t('The name it has in percpu.toml and in the status bar'),
    value: 'my-machine',
    validateInput: (name) => (/^[\w-]{1,40}$/.test(name) ? undefined : vscode.l10n.t('Up to 40 letters, digits, “-” and “_”.')),
  });
}

async function isConfirmed(name: string, { summary, notes, table }: Accepted): Promise<boolean> {
  const write = vscode.l10n.t('Write to percpu.toml');
  const sentences = [summary, ...notes].map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}.`);
  const detail = [...sentences, '', table].join('\n');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Machine {0}', name), { modal: true, detail }, write);
  return chosen === write;
}

async function write({ file, content, table }: Accepted): Promise<void> {
  const uri = vscode.Uri.parse(file);
  if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length)), content);
  await vscode.workspace.applyEdit(edit);
  await document.save();
  const at = document.positionAt(content.indexOf(table));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}
