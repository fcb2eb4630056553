import { findRoot } from '../workspace/kernelRoot';
import { profileFileOf, profileKconfig, readProfileFile } from '../workspace/profileFile';
import { openRootSession, type RootSession, type RootSessionOptions } from '../workspace/rootSession';
import type { Settings } from '../protocol/requests';
import { pathOfUri, relativeTo } from './uris';

/** Scripts of the child processes, beside the server's own. */
export interface Entries {
  readonly analysis: string;
  readonly simulation: string;
}

export interface SessionsOptions {
  readonly entries: Entries;
  readonly settings: () => Settings;
  readonly factsOf: RootSessionOptions['factsOf'];
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
  /** The tree of a document, started if need be; null for documents that are no files. */
  locate(uri: string): Located | null;
  all(): readonly RootSession[];
  /** Ends all and starts them anew, as after a change of what they were started with. */
  restart(): void;
  stop(): void;
}

export function createSessions(options: SessionsOptions): Sessions {
  const sessions = new Map<string, RootSession>();
  const folders = new Set<string>();

  const isInFolder = (directory: string): boolean =>
    [...folders].some((uri) => {
      const folder = pathOfUri(uri);
      return folder !== null && (folder === directory || relativeTo(folder, directory) !== null);
    });
  const open = (start: string, wholeTree: boolean): RootSession => {
    const settings = options.settings();
    const root = findRoot(settings.root ?? start);
    const existing = sessions.get(root.directory);
    if (existing !== undefined) return existing;
    const { profile } = readProfileFile(profileFileOf(start, root.directory));
    const session: RootSession = openRootSession({
      root,
      profile,
      kernelVersion: settings.kernelVersion,
      analysisEntry: options.entries.analysis,
      factsOf: options.factsOf,
      onChange: (change) => options.onChange(session, change),
      configuration: {
        root: root.directory,
        arch: profile.kernel.arch ?? 'x86_64',
        kconfig: settings.kconfig ?? profileKconfig(profile),
        btf: 'auto',
        extraApis: profile.apis,
        processes: settings.index.workers,
        wholeTree: settings.index.enabled && (wholeTree || root.isKernelTree || isInFolder(root.directory)),
      },
    });
    sessions.set(root.directory, session);
    return session;
  };

  return {
    expectFolder: (folderUri) => void folders.add(folderUri),
    openFolder: (folderUri) => {
      const folder = pathOfUri(folderUri);
      if (folder === null) return;
      folders.add(folderUri);
      open(folder, true);
    },
    locate: (uri) => {
      const path = pathOfUri(uri);
      if (path === null) return null;
      const session = innermost(sessions, path) ?? open(path, false);
      const file = relativeTo(session.directory, path);
      return file === null ? null : { session, file };
    },
    all: () => [...sessions.values()],
    restart: () => {
      for (const session of sessions.values()) session.stop();
      sessions.clear();
      for (const folder of folders) {
        const path = pathOfUri(folder);
        if (path !== null) open(path, true);
      }
    },
    stop: () => {
      for (const session of sessions.values()) session.stop();
    },
  };
}

function innermost(sessions: ReadonlyMap<string, RootSession>, file: string): RootSession | undefined {
  return [...sessions.entries()]
    .filter(([directory]) => relativeTo(directory, file) !== null)
    .sort(([a], [b]) => b.length - a.length)
    .map(([, session]) => session)[0];
}
