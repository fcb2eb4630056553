import {
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { InitializationOptions } from '../protocol/requests';
import type { RootSession } from '../workspace/rootSession';
import { wishFault } from '../features/machines';
import { createProfileSource } from '../workspace/profileSource';
import { readSettings } from '../workspace/settings';
import { answerChunkMapRequests } from './chunkMapRequests';
import { abilitiesOf, type ClientAbilities } from './clientAbilities';
import { codeActionKinds } from './codeActions';
import { answerComparisonRequests } from './comparison';
import { answerCustomRequests } from './customRequests';
import { answerDocumentRequests } from './documentRequests';
import { answerPriceRequests } from './priceRequests';
import { answerSimulationRequests } from './simulationRequests';
import { answerDiagnosis } from './diagnosis';
import { answerInventoryRequests } from './inventoryRequests';
import { createIndexProgress, type IndexProgress } from './indexProgress';
import { answerMachineImports } from './machineImports';
import { followProfiles, isProfile } from './profileDocuments';
import { createServerState, type ServerState } from './serverState';
import { createSessions, type Entries, type SessionsOptions } from './sessions';
import { statusNotice } from './status';
import { serverCommandNames } from './switchCommands';
import { throttle } from './throttle';

export interface ServerOptions {
  readonly entries: Entries;
  readonly version: string;
  readonly cache: SessionsOptions['cache'];
  readonly factsOf: SessionsOptions['factsOf'];
}

/** Editors redraw hints and lenses at most this often, ms. */
const refreshInterval = 300;
const statusInterval = 200;

/** Serves one client over the transport that the command line names (`--stdio`, `--node-ipc`). */
export function serve(options: ServerOptions): void {
  const connection = createConnection(ProposedFeatures.all);
  const documents = new TextDocuments(TextDocument);
  let client: InitializeParams | null = null;

  const state = createServerState();
  const notices = createNotices(connection, state, () => client, () => diagnostics.changed());
  const profiles = createProfileSource();
  const sessions = createSessions({
    entries: options.entries,
    profiles,
    cache: options.cache,
    factsOf: options.factsOf,
    onRestart: () => documents.all().forEach(takeText),
    settings: () => state.settings,
    onChange: (session: RootSession, change) => {
      notices.status();
      notices.progress(session);
      if (change === 'sites') notices.sites();
    },
  });
  state.sessions = sessions;
  state.onMachineChange = () => {
    notices.status();
    notices.sites();
  };

  connection.onInitialize((params) => {
    client = params;
    for (const folder of params.workspaceFolders ?? []) sessions.expectFolder(folder.uri);
    return capabilities(abilitiesOf(client));
  });
  connection.onInitialized(() => {
    void start(connection, state, client).finally(() => state.setStarted());
  });
  connection.onDidChangeConfiguration(({ settings }: { readonly settings?: unknown }) => {
    void updateSettings(connection, state, client, settings);
  });
  connection.onShutdown(() => sessions.stop());
  connection.onExit(() => sessions.stop());

  const takeText = (document: TextDocument): void => {
    if (isProfile(document.uri)) return;
    const located = sessions.locate(document.uri);
    located?.session.edit(located.file, document.getText());
  };
  documents.onDidChangeContent(({ document }) => takeText(document));
  documents.onDidClose(({ document }) => {
    const located = isProfile(document.uri) ? null : sessions.locate(document.uri);
    located?.session.close(located.file);
  });
  followProfiles({ connection, documents, state, profiles });
  const comparison = answerComparisonRequests({
    connection, documents, state, entry: options.entries.baseline, cache: options.cache, refresh: () => notices.sites(),
  });
  const diagnostics = answerDocumentRequests({
    comparison, connection, documents, state, profiles, client: () => abilitiesOf(client), refresh: () => notices.sites(),
  });
  answerCustomRequests(connection, state, comparison);
  answerInventoryRequests(connection, state, comparison);
  answerMachineImports(connection, state, profiles);
  answerDiagnosis(connection, state, { version: options.version, profiles });
  answerPriceRequests(connection, state);
  answerChunkMapRequests(connection, options.entries.chunkMap);
  answerSimulationRequests(connection, state, options.entries.simulation);
  documents.listen(connection);
  connection.listen();
}

function capabilities({ pullsDiagnostics }: ClientAbilities): InitializeResult {
  return {
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      inlayHintProvider: { resolveProvider: true },
      codeLensProvider: { resolveProvider: false },
      codeActionProvider: { codeActionKinds },
      executeCommandProvider: { commands: serverCommandNames },
      // A file's findings follow from the callers of its functions in other files too.
      ...(pullsDiagnostics ? { diagnosticProvider: { identifier: 'percpu-lens', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
      completionProvider: { triggerCharacters: ['[', '"', '=', '.'] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    serverInfo: { name: 'percpu-lens' },
  };
}

async function start(connection: Connection, state: ServerState, client: InitializeParams | null): Promise<void> {
  if (client?.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'percpuLens' });
  }
  await watchProfiles(connection, client);
  await updateSettings(connection, state, client);
  for (const folder of client?.workspaceFolders ?? []) state.sessions.openFolder(folder.uri);
  if (client?.capabilities.workspace?.workspaceFolders === true) {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const folder of added) state.sessions.openFolder(folder.uri);
      for (const folder of removed) state.sessions.closeFolder(folder.uri);
      state.onMachineChange();
    });
  }
  state.onProfiles();
  sayWhatIsWished(connection, state);
}

/** Our own client watches them itself. */
async function watchProfiles(connection: Connection, client: InitializeParams | null): Promise<void> {
  const ours = (client?.initializationOptions as InitializationOptions | undefined)?.notifications === true;
  if (ours || client?.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/percpu.toml' }, { globPattern: '**/.config' }] });
}

/** `pushed`: what clients send that cannot be asked, with their sections. */
async function updateSettings(connection: Connection, state: ServerState, client: InitializeParams | null, pushed?: unknown): Promise<void> {
  const supported = client?.capabilities.workspace?.configuration === true;
  const raw: unknown = supported ? await connection.workspace.getConfiguration('percpuLens') : sectionOf(pushed);
  const { settings, problems } = readSettings(raw);
  for (const problem of problems) connection.window.showWarningMessage(problem);
  const restart = startsAnew(state.settings, settings);
  const machineChanged = state.settings.machine !== settings.machine || state.settings.cpus !== settings.cpus;
  state.settings = settings;
  state.settingsProblems = problems;
  if (machineChanged) state.wishMachine({ machine: settings.machine, cpus: settings.cpus });
  if (restart) state.sessions.restart();
  state.onMachineChange();
  if (state.sessions.all().length > 0 && machineChanged) sayWhatIsWished(connection, state);
}

/** A machine of the settings may be one of a percpu.toml, so it is looked up once the folders are open. */
function sayWhatIsWished(connection: Connection, state: ServerState): void {
  const fault = wishFault(state.settings, state.profiles());
  if (fault !== null) connection.window.showWarningMessage(fault);
}

function sectionOf(pushed: unknown): unknown {
  return typeof pushed === 'object' && pushed !== null && 'percpuLens' in pushed ? pushed.percpuLens : undefined;
}

/** Settings that the analysis was started with; every other takes effect on what is there. */
function startsAnew(before: ServerState['settings'], after: ServerState['settings']): boolean {
  return (
    before.kernelVersion !== after.kernelVersion ||
    before.kconfig !== after.kconfig ||
    before.root !== after.root ||
    before.index.enabled !== after.index.enabled ||
    before.index.workers !== after.index.workers
  );
}

interface Notices {
  progress(session: RootSession): void;
  status(): void;
  sites(): void;
}

function createNotices(connection: Connection, state: ServerState, client: () => InitializeParams | null, onSites: () => void): Notices {
  const ours = (): boolean => {
    const options = client()?.initializationOptions as InitializationOptions | undefined;
    return options?.notifications === true;
  };
  const progress = new Map<RootSession, IndexProgress>();
  return {
    progress: (session) => {
      if (client()?.capabilities.window?.workDoneProgress !== true) return;
      const shown = progress.get(session) ?? createIndexProgress(connection, session);
      progress.set(session, shown);
      shown.update(session.status());
    },
    status: throttle(statusInterval, () => {
      if (ours()) void connection.sendNotification('percpuLens/status', statusNotice(state));
    }),
    sites: throttle(refreshInterval, () => {
      const workspace = client()?.capabilities.workspace;
      onSites();
      if (workspace?.inlayHint?.refreshSupport === true) void connection.languages.inlayHint.refresh();
      if (workspace?.codeLens?.refreshSupport === true) void connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
      if (ours()) void connection.sendNotification('percpuLens/reportChanged', { revision: state.revision(), sites_revision: state.sitesRevision() });
    }),
  };
}
