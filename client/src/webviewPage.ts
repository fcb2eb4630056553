import * as vscode from 'vscode';

export type ViewName = 'report' | 'simulation' | 'chunkMap' | 'inventory';

export function viewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'views')] };
}

/** The page of a panel: its one script and style sheet and nothing else may load; no inline code or style. The strings of the language in use are data. */
export function viewPage(webview: vscode.Webview, extensionUri: vscode.Uri, name: ViewName, loading: string): string {
  const resource = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'views', file)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src ${webview.cspSource}; img-src ${webview.cspSource}; font-src ${webview.cspSource};`;
  return `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>Percpu Lens</title>
<link rel="stylesheet" href="${resource(`${name}.css`)}">
</head>
<body>
<main id="app"><p role="status">${escaped(loading)}</p></main>
<script type="application/json" id="l10n">${JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll('<', '\\u003c')}</script>
<script src="${resource(`${name}.js`)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
