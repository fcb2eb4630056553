import * as vscode from 'vscode';

/** Tells where the cursor is in files below the root, while asked to. */
export interface EditorFollower {
  follow(on: boolean): void;
  dispose(): void;
}

export function createFollower(root: () => string | null, tell: (file: string, line: number) => void): EditorFollower {
  let listeners: readonly vscode.Disposable[] = [];
  const stop = (): void => {
    for (const listener of listeners) void listener.dispose();
    listeners = [];
  };
  const report = (editor: vscode.TextEditor | undefined): void => {
    const file = editor === undefined ? null : fileBelow(root(), editor.document.uri);
    if (editor !== undefined && file !== null) tell(file, editor.selection.active.line + 1);
  };
  return {
    follow: (on) => {
      stop();
      if (!on) return;
      listeners = [
        vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => report(textEditor)),
        vscode.window.onDidChangeActiveTextEditor(report),
      ];
      report(vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0]);
    },
    dispose: stop,
  };
}

function fileBelow(root: string | null, uri: vscode.Uri): string | null {
  if (root === null) return null;
  const folder = `${vscode.Uri.parse(root).path.replace(/\/$/, '')}/`;
  return uri.path.startsWith(folder) ? uri.path.slice(folder.length) : null;
}
