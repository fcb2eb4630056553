import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node';
import { switchedBy, toggleShown } from './shownSettings';
import { clientCommands, type InitializationOptions } from '../../server/src/protocol/requests';

/** C everywhere, headers, which the editor calls C++, and the project's profile, whatever language it is taken for. */
const documentSelector = [
  { scheme: 'file', language: 'c' },
  { scheme: 'file', language: 'cpp', pattern: '**/*.h' },
  { scheme: 'file', pattern: '**/percpu.toml' },
];

/** Made but not started: `start()` rejects where the server cannot be spawned. */
export function createLanguageClient(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath('dist/server.cjs');
  const initializationOptions: InitializationOptions = { commandLinks: true, notifications: true };
  return new LanguageClient(
    'percpuLens',
    'Percpu Lens',
    { module, transport: TransportKind.ipc, options: { env: { ...process.env } } },
    {
      documentSelector,
      initializationOptions,
      outputChannel: output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      markdown: { isTrusted: { enabledCommands: Object.values(clientCommands) } },
      synchronize: { fileEvents: watchers(context) },
      middleware: {
        // Here what is shown is a setting, which outlives the server.
        executeCommand: (command, args, next) => {
          const section = switchedBy(command);
          return section === undefined ? (next(command, args) as unknown) : toggleShown(section);
        },
      },
    },
  );
}

function watchers(context: vscode.ExtensionContext): vscode.FileSystemWatcher[] {
  const made = ['**/*.{c,h}', '**/{.config,percpu.toml}'].map((pattern) => vscode.workspace.createFileSystemWatcher(pattern));
  context.subscriptions.push(...made);
  return made;
}
