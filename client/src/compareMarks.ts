import * as vscode from 'vscode';
import type { ChangeMark } from '../../server/src/protocol/comparison';
import { reasonOf } from './errorReason';
import type { Server } from './server';

type Kind = ChangeMark['kind'];

const colours: Readonly<Record<Kind, string>> = {
  added: 'editorGutter.addedBackground',
  changed: 'editorGutter.modifiedBackground',
  removed: 'editorGutter.deletedBackground',
};

/** Shapes that are told apart without their colour; fills for dark and for light themes have 3:1 contrast or more. */
const shapes: Readonly<Record<Kind, { readonly path: string; readonly dark: string; readonly light: string }>> = {
  added: { path: 'M7 3h2v4h4v2H9v4H7V9H3V7h4z', dark: '#7ee787', light: '#1a7f37' },
  changed: { path: 'M8 2.5 13.5 8 8 13.5 2.5 8zM8 5.3 5.3 8 8 10.7 10.7 8z', dark: '#79c0ff', light: '#0550ae' },
  removed: { path: 'M3 7h10v2H3z', dark: '#ffa198', light: '#b42318' },
};

/** Typing changes marks at most this often, ms. */
const pause = 150;

/** Marks in the gutter and the overview ruler the percpu sites that are not as in the state compared with. */
export function createCompareMarks(server: Server, onError: (reason: string) => void): vscode.Disposable {
  const kinds: readonly Kind[] = ['added', 'changed', 'removed'];
  const types = new Map(kinds.map((kind) => [kind, vscode.window.createTextEditorDecorationType(decoration(kind))]));
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = async (editor: vscode.TextEditor): Promise<void> => {
    const { document } = editor;
    if (document.uri.scheme !== 'file' || !['c', 'cpp'].includes(document.languageId)) return;
    const { comparedWith, marks } = await server.request('percpuLens/changesIn', { uri: document.uri.toString() });
    for (const [kind, type] of types) {
      editor.setDecorations(type, marks.filter((mark) => mark.kind === kind).map((mark) => options(document, mark, comparedWith ?? '')));
    }
  };
  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      Promise.all(vscode.window.visibleTextEditors.map(show)).catch((error: unknown) => onError(reasonOf(error)));
    }, pause);
  };
  const listeners = [
    server.onNotification('percpuLens/reportChanged', refresh),
    vscode.window.onDidChangeVisibleTextEditors(refresh),
    ...types.values(),
  ];
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    for (const listener of listeners) void listener.dispose();
  });
}

function decoration(kind: Kind): vscode.DecorationRenderOptions {
  const colour = new vscode.ThemeColor(colours[kind]);
  return {
    gutterIconSize: 'contain',
    dark: { gutterIconPath: icon(kind, 'dark') },
    light: { gutterIconPath: icon(kind, 'light') },
    overviewRulerColor: colour,
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    ...(kind === 'removed' ? { after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' } } : {}),
  };
}

function icon(kind: Kind, theme: 'dark' | 'light'): vscode.Uri {
  const { path, ...fills } = shapes[kind];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path fill="${fills[theme]}" fill-rule="evenodd" d="${path}"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}

/** A changed site says more in its hover; of a removed one there is no other place to say it. */
function options(document: vscode.TextDocument, { kind, line, title }: ChangeMark, comparedWith: string): vscode.DecorationOptions {
  const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
  if (kind !== 'removed') return { range };
  const shown = title.length > 100 ? `${title.slice(0, 99)}…` : title;
  return { range, renderOptions: { after: { contentText: `${shown} (in ${comparedWith})` } } };
}
