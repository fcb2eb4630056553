import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');
export const sampleWorkspace = path.join(repository, 'samples/workspace');

/** A VS Code that serves browsers on 127.0.0.1, with the packaged extension in it and nothing else. */
export interface CodeServer {
  readonly port: number;
  /** A new copy of a folder: the editor keeps unsaved text by folder, so no two tests share one. */
  copyOf(folder: string): string;
  stop(): Promise<void>;
}

const settings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.hotExit': 'off',
  'editor.hover.delay': 50,
};

const environment = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };

/** Names the folder with the installed extension that the servers of a run share. */
export const extensionsVariable = 'PERCPU_LENS_EXTENSIONS';

/** Installs the packaged extension, and nothing else, into a folder. */
export function installExtension(folder: string): void {
  const vsix = required(process.env['PERCPU_LENS_VSIX'] ?? path.join(repository, 'dist/percpu-lens-linux-x64.vsix'), 'run: npm run package');
  const user = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-install-'));
  writeFileSync(path.join(user, 'config.yaml'), 'auth: none\ncert: false\n');
  const options = ['--config', path.join(user, 'config.yaml'), '--user-data-dir', user, '--extensions-dir', folder];
  execFileSync(codeServerProgram(), [...options, '--install-extension', vsix, '--force'], { env: environment, stdio: 'pipe' });
  rmSync(user, { recursive: true, force: true });
}

export interface CodeServerChoice {
  /** The editor asks whether a folder is trusted, as it does in its usual form. */
  readonly asksTrust?: boolean;
  /** Nothing is kept from runs before, which may have read the same tree. */
  readonly keepsNothing?: boolean;
}

export async function startCodeServer(overrides: Readonly<Record<string, unknown>> = {}, { asksTrust = false, keepsNothing = false }: CodeServerChoice = {}): Promise<CodeServer> {
  const program = codeServerProgram();
  const root = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-editor-'));
  const user = path.join(root, 'user');
  mkdirSync(path.join(user, 'User'), { recursive: true });
  writeFileSync(path.join(user, 'User/settings.json'), JSON.stringify({ ...settings, 'security.workspace.trust.enabled': asksTrust, ...overrides }));
  writeFileSync(path.join(root, 'config.yaml'), 'auth: none\ncert: false\n');
  const extensions = process.env[extensionsVariable] ?? path.join(root, 'extensions');
  if (process.env[extensionsVariable] === undefined) installExtension(extensions);
  const options = ['--config', path.join(root, 'config.yaml'), '--user-data-dir', user, '--extensions-dir', extensions];
  const port = await freePort();
  const log = openSync(path.join(root, 'server.log'), 'w');
  const flags = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', ...(asksTrust ? [] : ['--disable-workspace-trust'])];
  const server = spawn(program, [...options, '--bind-addr', `127.0.0.1:${String(port)}`, ...flags], { env: { ...environment, ...(keepsNothing ? { XDG_CACHE_HOME: path.join(root, 'cache') } : {}) }, stdio: ['ignore', log, log] });
  await answering(port);
  let copies = 0;
  return {
    port,
    copyOf: (folder) => {
      copies += 1;
      const copy = path.join(root, `workspace-${String(copies)}`);
      cpSync(folder, copy, { recursive: true });
      return copy;
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    },
  };
}

function codeServerProgram(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  const installed = path.join(cache, 'percpu-lens/code-server-4.100.3/node_modules/.bin/code-server');
  return required(process.env['PERCPU_LENS_CODE_SERVER'] ?? installed, 'run: scripts/test.sh, which installs it');
}

function required(file: string, hint: string): string {
  if (!existsSync(file)) throw new Error(`${file} is absent; ${hint}`);
  return file;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const alive = await fetch(`http://127.0.0.1:${String(port)}/healthz`).then((reply) => reply.ok, () => false);
    if (alive) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('code-server did not answer');
}
