import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

const views = path.resolve(import.meta.dirname, '../../dist/views');

/** Colours of the editor's dark theme that the panels use, as the editor sets them on the page. */
const theme: Readonly<Record<string, string>> = {
  '--vscode-foreground': '#cccccc',
  '--vscode-editor-background': '#1f1f1f',
  '--vscode-descriptionForeground': '#9d9d9d',
  '--vscode-focusBorder': '#0078d4',
  '--vscode-button-background': '#0078d4',
  '--vscode-button-foreground': '#ffffff',
  '--vscode-charts-blue': '#3794ff',
  '--vscode-charts-orange': '#d18616',
  '--vscode-font-family': 'sans-serif',
  '--vscode-font-size': '13px',
};

export interface PanelServer {
  open(page: Page, view: 'report' | 'simulation' | 'chunkMap'): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves the built panels on 127.0.0.1 under the content security policy they have in the editor, with a stand-in
 * for the editor's messaging: what the view sends lands in `sentMessages`, `receive(message)` delivers.
 */
export async function servePanels(): Promise<PanelServer> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    if (/^(report|simulation|chunkMap)\.(js|css)$/.test(name)) {
      response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/css');
      response.end(readFileSync(path.join(views, name)));
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'; style-src 'self'");
    response.end(`<!DOCTYPE html><html lang="en"><head><title>${name}</title><link rel="stylesheet" href="/${name}.css"></head><body><main id="app"></main><script src="/${name}.js"></script></body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    open: async (page, view) => {
      await page.addInitScript(standIn(theme));
      await page.goto(`http://127.0.0.1:${String(port)}/${view}`);
    },
    close: () => closed(server),
  };
}

/** Runs in the page before its own script. */
function standIn(variables: Readonly<Record<string, string>>): string {
  return `
    window.sentMessages = [];
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => window.sentMessages.push(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
    window.receive = (message) => window.dispatchEvent(new MessageEvent('message', { data: message }));
    document.addEventListener('DOMContentLoaded', () => {
      for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty(name, value);
      document.body.classList.add('vscode-dark');
    });
  `;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error === undefined ? resolve() : reject(error))));
}
