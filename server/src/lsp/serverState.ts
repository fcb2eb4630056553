import type { MachineProfile } from '../machine/profile';
import { emptyProfile, type Profile } from '../profile/profile';
import type { Settings } from '../protocol/requests';
import { machineInForce, type MachineWish } from '../workspace/machineInForce';
import { defaultSettings } from '../workspace/settings';
import type { RootSession } from '../workspace/rootSession';
import type { Snapshot } from '../workspace/snapshot';
import type { Sessions } from './sessions';

/** What the handlers of one connection share. */
export interface ServerState {
  settings: Settings;
  /** What was wrong in the settings, a sentence each. */
  settingsProblems: readonly string[];
  sessions: Sessions;
  onMachineChange: () => void;
  /** Resolves once the settings are read and the folders are open: their profiles are known then. */
  readonly started: Promise<void>;
  setStarted: () => void;
  /** Other profiles are in force than before. */
  onProfiles: () => void;
  /** The machine in force for the tree that the report is about. */
  machine(): MachineProfile;
  /** Asks for a machine in all trees; each finds it in its own profile first. */
  wishMachine(wish: MachineWish): void;
  /** Of all trees, the main one's first. */
  profiles(): readonly Profile[];
  snapshotOf(session: RootSession): Snapshot;
  /** Says which document a person is at: its tree becomes the main one. */
  follow(uri: string): void;
  /** The tree that status bar, report and simulations are about: of the document that a person was at last, else the first with sites, else the first. */
  mainSession(): RootSession | null;
  mainSnapshot(): Snapshot | null;
  /** All trees, the main one first: two of them may have sites of the same id. */
  sessionsInOrder(): readonly RootSession[];
  /** Grows with every change of any answer. */
  revision(): number;
  /** Grows with every change of the sites, whatever the machine. */
  sitesRevision(): number;
}

const noSessions: Sessions = {
  expectFolder: () => undefined,
  openFolder: () => undefined,
  closeFolder: () => undefined,
  locate: () => null,
  holding: () => null,
  all: () => [],
  restart: () => undefined,
  readProfiles: () => undefined,
  readSources: () => undefined,
  readConfigurations: () => undefined,
  stop: () => undefined,
};

/** A person may be at a file of no tree, or of one without sites: the trees of so many documents before it are looked at then. */
const rememberedDocuments = 16;

export function createServerState(): ServerState {
  let wish: MachineWish = { machine: defaultSettings.machine, cpus: defaultSettings.cpus };
  let machineChanges = 0;
  const unordered = (): Profile[] => state.sessions.all().map((session) => session.profile());
  const snapshotOf = (session: RootSession): Snapshot => session.snapshot(machineInForce(wish, session.profile(), unordered()));
  let visited: readonly string[] = [];
  let mainChanges = 0;
  const hasSites = (session: RootSession): boolean => [...snapshotOf(session).sites.values()].some((sites) => sites.length > 0);
  const mainSession = (): RootSession | null => {
    const all = state.sessions.all();
    const followed = visited.flatMap((uri) => state.sessions.holding(uri) ?? []).find((session) => session.status().phase === 'indexing' || hasSites(session));
    return followed ?? all.find(hasSites) ?? all[0] ?? null;
  };
  const mainSnapshot = (): Snapshot | null => {
    const session = mainSession();
    return session === null ? null : snapshotOf(session);
  };
  let setStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (setStarted = resolve));
  const state: ServerState = {
    started,
    setStarted: () => setStarted(),
    settings: defaultSettings,
    settingsProblems: [],
    sessions: noSessions,
    onMachineChange: () => undefined,
    onProfiles: () => undefined,
    machine: () => mainSnapshot()?.machine ?? machineInForce(wish, emptyProfile, []),
    wishMachine: (next) => {
      wish = next;
      machineChanges++;
      state.onMachineChange();
    },
    profiles: () => state.sessionsInOrder().map((session) => session.profile()),
    snapshotOf,
    follow: (uri) => {
      const before = mainSession();
      visited = [uri, ...visited.filter((other) => other !== uri)].slice(0, rememberedDocuments);
      if (mainSession() === before) return;
      mainChanges++;
      state.onMachineChange();
    },
    mainSession,
    mainSnapshot,
    sessionsInOrder: () => {
      const main = mainSession();
      return main === null ? [] : [main, ...state.sessions.all().filter((session) => session !== main)];
    },
    revision: () => state.sitesRevision() + machineChanges,
    sitesRevision: () => mainChanges + state.sessions.all().reduce((sum, session) => sum + session.revision(), 0),
  };
  return state;
}
