import type { MachineProfile } from '../machine/profile';
import type { Settings } from '../protocol/requests';
import { defaultSettings, machineOf } from '../workspace/settings';
import type { RootSession } from '../workspace/rootSession';
import type { Snapshot } from '../workspace/snapshot';
import type { Sessions } from './sessions';

/** What the handlers of one connection share. */
export interface ServerState {
  settings: Settings;
  sessions: Sessions;
  onMachineChange: () => void;
  machine(): MachineProfile;
  setMachine(machine: MachineProfile): void;
  snapshotOf(session: RootSession): Snapshot;
  /** The tree that the report is about: the first with sites, else the first. */
  mainSnapshot(): Snapshot | null;
  /** Grows with every change of any answer. */
  revision(): number;
}

const noSessions: Sessions = {
  expectFolder: () => undefined,
  openFolder: () => undefined,
  locate: () => null,
  all: () => [],
  restart: () => undefined,
  stop: () => undefined,
};

export function createServerState(): ServerState {
  let machine = machineOf(defaultSettings);
  let machineChanges = 0;
  const state: ServerState = {
    settings: defaultSettings,
    sessions: noSessions,
    onMachineChange: () => undefined,
    machine: () => machine,
    setMachine: (next) => {
      machine = next;
      machineChanges++;
      state.onMachineChange();
    },
    snapshotOf: (session) => session.snapshot(machine),
    mainSnapshot: () => {
      const snapshots = state.sessions.all().map((session) => session.snapshot(machine));
      return snapshots.find((snapshot) => snapshot.sites.size > 0) ?? snapshots[0] ?? null;
    },
    revision: () => state.sessions.all().reduce((sum, session) => sum + session.revision(), machineChanges),
  };
  return state;
}
