import * as vscode from 'vscode';
import type { SourcePlace } from '../views/messages';
import { characterAt } from './byteColumn';
import { definitionLine } from './definitionLine';

/** Shows a place of the report in an editor with the cursor on it; rejects where the file is gone. */
export async function openSource(root: string, place: SourcePlace, beside: boolean): Promise<void> {
  await openPlace(vscode.Uri.joinPath(vscode.Uri.parse(root), ...place.file.split('/')), place.line, place.column, beside);
}

/** Line and column are one-based, the column in bytes. */
export async function openPlace(uri: vscode.Uri, oneBasedLine: number, column = 1, beside = false): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const line = Math.min(Math.max(0, oneBasedLine - 1), document.lineCount - 1);
  const character = characterAt(document.lineAt(line).text, column);
  const at = new vscode.Position(line, character);
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: beside ? vscode.ViewColumn.Beside : sourceColumn(),
    selection: new vscode.Range(at, at),
  });
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
}

/** Shows the definition of a function in a file of the tree; its beginning where there is no such function. */
export async function openFunction(root: string, file: string, name: string | null): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(vscode.Uri.parse(root), ...file.split('/')));
  await openSource(root, { file, line: definitionLine(document.getText(), name) ?? 1, column: 1 }, false);
}

/** Where the person reads source: a column that shows text, else beside the panel. */
function sourceColumn(): vscode.ViewColumn {
  return vscode.window.visibleTextEditors.find((editor) => editor.viewColumn !== undefined)?.viewColumn ?? vscode.ViewColumn.Active;
}
