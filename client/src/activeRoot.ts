import * as vscode from 'vscode';
import { reasonOf } from './errorReason';
import type { Server } from './server';

/** Tells the server at which file a person is, so that what is shown of one tree is of that file's tree. Panels and other views change nothing. */
export function followActiveRoot(server: Server, onError: (reason: string) => void): vscode.Disposable {
  const tell = (editor: vscode.TextEditor | undefined): void => {
    if (editor?.document.uri.scheme !== 'file') return;
    server.request('percpuLens/follow', { uri: editor.document.uri.toString() }).catch((error: unknown) => onError(reasonOf(error)));
  };
  tell(vscode.window.activeTextEditor);
  return vscode.window.onDidChangeActiveTextEditor(tell);
}
