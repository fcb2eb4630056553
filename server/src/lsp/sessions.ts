import type { Profile } from '../profile/profile';
import { findRoot, type Root } from '../workspace/kernelRoot';
import { profileKconfig } from '../workspace/profileFile';
import { profileChange, type ProfileSource } from '../workspace/profileSource';
import { openRootSession, type RootSession, type RootSessionOptions } from '../workspace/rootSession';
import type { Api } from '../kernel/api';
import type { Settings } from '../protocol/requests';
import { isSource } from '../workspace/sourceFiles';
import { pathOfUri, relativeTo } from './uris';

/** Scripts of the child processes, beside the server's own. */
export interface Entries {
  readonly analysis: string;
  readonly simulation: string;
  readonly chunkMap: string;
  readonly baseline: string;
}

export interface SessionsOptions {
  readonly entries: Entries;
  readonly settings: () => Settings;
  readonly profiles: ProfileSource;
  readonly factsOf: (file: string, text: string, apis: readonly Api[]) => ReturnType<RootSessionOptions['factsOf']>;
  /** Trees were started anew: they know nothing of the documents that are open. */
  readonly onRestart: () => void;
  /** False: nothing kept on disk is used, and nothing is kept. */
  readonly cache: boolean;
  readonly onChange: (session: RootSession, change: 'status' | 'sites') => void;
}

/** A document within a tree under analysis. */
export interface Located {
  readonly session: RootSession;
  readonly file: string;
}

/** The trees under analysis: one for each root that a workspace folder or an open document lies in. */
export interface Sessions {
  /** Names a folder that will be opened, so that a document of it that comes first does not narrow the index to itself. */
  expectFolder(folderUri: string): void;
  openFolder(folderUri: string): void;
  closeFolder(folderUri: string): void;
  /** The tree of a document, started if need be; null for documents that are no files. */
  locate(uri: string): Located | null;
  /** The tree that a document or folder lies in, if it is under analysis. */
  holding(uri: string): RootSession | null;
  all(): readonly RootSession[];
  /** Ends all and starts them anew, as after a change of what they were started with. */
  restart(): void;
  /**
   * Takes up what changed in profiles. `saved` false: what is only typed yet changes prices and what is shown; the analysis
   * starts anew on what is saved.
   */
  readProfiles(saved: boolean): void;
  /** Has trees read again whose files changed on disk. */
  readSources(changed: readonly string[]): void;
  /** Starts the trees anew whose kernel configuration is among files that changed on disk. */
  readConfigurations(changed: readonly string[]): void;
  stop(): void;
}

interface Started {
  readonly session: RootSession;
  /** Folder or file that it was started for. */
  readonly start: string;
  readonly wholeTree: boolean;
  /** Where its kernel configuration is, or would be. */
  readonly config: string;
}

export function createSessions(options: SessionsOptions): Sessions {
  const sessions = new Map<string, Started>();
  const folders = new Set<string>();

  const isInFolder = (directory: string): boolean =>
    [...folders].some((uri) => {
      const folder = pathOfUri(uri);
      return folder !== null && (folder === directory || relativeTo(folder, directory) !== null);
    });
  const open = (start: string, wholeTree: boolean): RootSession => {
    const settings = options.settings();
    const root = findRoot(start, settings.root);
    const existing = sessions.get(root.directory);
    if (existing !== undefined) return existing.session;
    const { profile } = options.profiles.of(start, root.directory);
    const inFull = wholeTree || root.isKernelTree || isInFolder(root.directory);
    const configuration = { ...configurationOf(root, settings, profile, inFull), cache: options.cache };
    const session: RootSession = openRootSession({
      root,
      profile,
      kernelVersion: settings.kernelVersion,
      analysisEntry: options.entries.analysis,
      factsOf: (file, text) => options.factsOf(file, text, profile.apis),
      onChange: (change) => options.onChange(session, change),
      configuration,
    });
    sessions.set(root.directory, { session, start, wholeTree, config: configuration.kconfig ?? `${root.headers ?? root.directory}/.config` });
    return session;
  };
  const end = ({ session }: Started): void => {
    session.stop();
    sessions.delete(session.directory);
  };
  const restart = (started: readonly Started[]): void => {
    if (started.length === 0) return;
    started.forEach(end);
    for (const { start, wholeTree } of started) open(start, wholeTree);
    options.onRestart();
  };

  return {
    expectFolder: (folderUri) => void folders.add(folderUri),
    openFolder: (folderUri) => {
      const folder = pathOfUri(folderUri);
      if (folder === null) return;
      folders.add(folderUri);
      open(folder, true);
    },
    closeFolder: (folderUri) => {
      folders.delete(folderUri);
      [...sessions.values()].filter(({ session, start }) => start === pathOfUri(folderUri) && !isInFolder(session.directory)).forEach(end);
    },
    locate: (uri) => {
      const path = pathOfUri(uri);
      if (path === null) return null;
      const session = innermost(sessions, path) ?? open(path, false);
      const file = relativeTo(session.directory, path);
      return file === null ? null : { session, file };
    },
    holding: (uri) => innermost(sessions, pathOfUri(uri) ?? '') ?? null,
    all: () => [...sessions.values()].map(({ session }) => session),
    restart: () => restart([...sessions.values()]),
    readProfiles: (saved) => {
      const anew: Started[] = [];
      for (const started of sessions.values()) {
        const { session, start } = started;
        const { profile } = options.profiles.of(start, session.directory);
        const change = profileChange(session.profile(), profile);
        if (change === 'analyse' && saved) anew.push(started);
        else if (change === 'evaluate') session.setProfile(profile);
      }
      restart(anew);
    },
    readSources: (changed) => [...sessions.values()].forEach(({ session }) => session.sourcesChanged(sourcesOf(session.directory, changed))),
    readConfigurations: (changed) => restart([...sessions.values()].filter(({ config }) => changed.includes(config))),
    stop: () => {
      for (const { session } of sessions.values()) session.stop();
    },
  };
}

function sourcesOf(directory: string, files: readonly string[]): readonly string[] {
  return files.filter(isSource).flatMap((file) => relativeTo(directory, file) ?? []);
}

function configurationOf(root: Root, settings: Settings, profile: Profile, wholeTree: boolean): Omit<RootSessionOptions['configuration'], 'cache'> {
  return {
    root: root.directory,
    headers: root.headers,
    arch: profile.kernel.arch ?? 'x86_64',
    kconfig: settings.kconfig ?? profileKconfig(profile) ?? root.builtConfig,
    btf: 'auto',
    extraApis: profile.apis,
    processes: settings.index.workers,
    wholeTree: settings.index.enabled && wholeTree,
  };
}

function innermost(sessions: ReadonlyMap<string, Started>, file: string): RootSession | undefined {
  return [...sessions.entries()]
    .filter(([directory]) => directory === file || relativeTo(directory, file) !== null)
    .sort(([a], [b]) => b.length - a.length)
    .map(([, { session }]) => session)[0];
}
