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
  profiles(): readonly Profile[];
  snapshotOf(session: RootSession): Snapshot;
  /** The tree that the report is about: the first with sites, else the first. */
  mainSnapshot(): Snapshot | null;
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
  all: () => [],
  restart: () => undefined,
  readProfiles: () => undefined,
  readSources: () => undefined,
  readConfigurations: () => undefined,
  stop: () => undefined,
};

export function createServerState(): ServerState {
  let wish: MachineWish = { machine: defaultSettings.machine, cpus: defaultSettings.cpus };
  let machineChanges = 0;
  const profiles = (): Profile[] => state.sessions.all().map((session) => session.profile());
  const snapshotOf = (session: RootSession): Snapshot => session.snapshot(machineInForce(wish, session.profile(), profiles()));
  const mainSnapshot = (): Snapshot | null => {
    const snapshots = state.sessions.all().map(snapshotOf);
    return snapshots.find((snapshot) => snapshot.sites.size > 0) ?? snapshots[0] ?? null;
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
profiles,
    snapshotOf,
    mainSnapshot,
    revision: () => state.sitesRevision() + machineChanges,
    sitesRevision: () => state.sessions.all().reduce((sum, session) => sum + session.revision(), 0),
  };
  return state;
}
