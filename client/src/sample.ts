import * as vscode from 'vscode';

const forkFile = 'kernel/fork.c';
/** The call that every fork makes; the sample is ours, so the word is there. */
const call = 'percpu_counter_init_many';

/**
 * Opens the bundled sample at the fork path: a copy, so that it can be edited. No folder has to be open; the server finds
 * the sample's own root from the file.
 */
export async function openSample(context: vscode.ExtensionContext): Promise<vscode.TextEditor> {
  const target = vscode.Uri.joinPath(context.globalStorageUri, 'sample');
  const file = vscode.Uri.joinPath(target, forkFile);
  if (!(await exists(file))) {
    await vscode.workspace.fs.createDirectory(context.globalStorageUri);
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, 'samples/workspace'), target, { overwrite: true });
  }
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document, { viewColumn: columnBesideWalkthrough(), preview: false });
  const at = document.positionAt(document.getText().indexOf(call) + 1);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return editor;
}

/** From the answer to the hover on the screen, on a slow machine, ms. */
const untilShown = 1_000;

/**
 * Shows the hover of the sample's call as the mouse would. The step is done when it is on the screen: a walkthrough takes the
 * focus when one of its steps is done, and without the focus an editor shows no hover that is answered later.
 */
export async function showSampleHover(context: vscode.ExtensionContext): Promise<void> {
  const { document, selection } = await openSample(context);
  await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, selection.active);
  await vscode.commands.executeCommand('editor.action.showHover');
  await new Promise((resolve) => setTimeout(resolve, untilShown));
  await vscode.commands.executeCommand('setContext', 'percpuLens.sampleHoverShown', true);
}

/** The steps stay readable beside what they open. */
function columnBesideWalkthrough(): vscode.ViewColumn {
  const sample = vscode.window.visibleTextEditors.find(({ document }) => document.uri.path.endsWith(`/sample/${forkFile}`));
  return sample?.viewColumn ?? vscode.ViewColumn.Beside;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}
