import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyseDocument } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { createServerState, type ServerState } from '../../server/src/lsp/serverState';
import { createSessions } from '../../server/src/lsp/sessions';
import { statusNotice } from '../../server/src/lsp/status';
import { createProfileSource, type ProfileSource } from '../../server/src/workspace/profileSource';

const rack = (cpus: number): string =>
  `machine = "rack"\n[machines.rack]\npossible = ${cpus}\nsockets = 1\ncores_per_llc = 2\nsmt = 1\nlatency_ns = { smt = 8, llc = 48, socket = 48, remote = 120 }\n`;

let base = '';
let state: ServerState;
let profiles: ProfileSource;
let restarts = 0;

beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
  // The analysis is not what is tested: a process that listens and says nothing.
  const analysis = write('analysis.cjs', 'process.on("message", () => undefined); process.on("disconnect", () => process.exit(0));\n');
  for (const name of ['one', 'two']) write(`${name}/main.c`, 'int x;\n');
  restarts = 0;
  profiles = createProfileSource();
  state = createServerState();
  state.sessions = createSessions({
    entries: { baseline: 'absent.cjs', analysis, simulation: '', chunkMap: '' },
    cache: false,
    profiles,
    settings: () => state.settings,
    factsOf: (_, text) => analyseDocument(text, catalogueFor(null)).facts,
    onRestart: () => {
      restarts++;
    },
    onChange: () => undefined,
  });
});
afterEach(() => {
  state.sessions.stop();
  rmSync(base, { recursive: true, force: true });
});

function write(file: string, text: string): string {
  const full = path.join(base, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const uri = (file: string): string => pathToFileURL(path.join(base, file)).toString();
const cpus = (): number[] => state.sessions.all().map((session) => state.snapshotOf(session).machine.topology.possibleCpus);

describe('the roots of a workspace', () => {
  it('have each their own profile and machine, until a person asks for one', () => {
    write('one/percpu.toml', rack(12));
    write('two/percpu.toml', rack(34));
    state.sessions.openFolder(uri('one'));
    state.sessions.openFolder(uri('two'));
    expect(cpus()).toEqual([12, 34]);
    state.wishMachine({ machine: 'laptop-8', cpus: null });
    expect(cpus()).toEqual([8, 8]);
    state.wishMachine({ machine: 'rack', cpus: 6 });
    expect(cpus()).toEqual([6, 6]);
    state.sessions.closeFolder(uri('one'));
    expect(state.sessions.all().map(({ directory }) => path.basename(directory))).toEqual(['two']);
  });

  it('are shown one at a time: that of the document which a person was at last', () => {
    write('one/percpu.toml', rack(12));
    write('two/percpu.toml', rack(34));
    state.sessions.openFolder(uri('one'));
    state.sessions.openFolder(uri('two'));
    const [one, two] = state.sessions.all();
    const shown = (): readonly [string, number, number] => [path.basename(state.mainSession()?.directory ?? ''), state.machine().topology.possibleCpus, statusNotice(state).cpus.possible];
    expect(shown()).toEqual(['one', 12, 12]);
    const site = 'int *p;\nvoid f(void)\n{\n\tp = alloc_percpu(int);\n}\n';
    one?.edit('main.c', site);
    two?.edit('main.c', site);
    const before = state.sitesRevision();
    let told = 0;
    state.onMachineChange = () => (told += 1);
    state.follow(uri('two/main.c'));
    expect(shown()).toEqual(['two', 34, 34]);
    expect(told).toBe(1);
    expect(state.sitesRevision()).toBeGreaterThan(before);
    state.follow(uri('elsewhere.md'));
    expect(shown()).toEqual(['two', 34, 34]);
    expect(told).toBe(1);
    expect(state.profiles()[0]?.machines[0]?.topology.possibleCpus).toBe(34);
    state.follow(uri('one/main.c'));
    expect(shown()).toEqual(['one', 12, 12]);
    state.sessions.closeFolder(uri('one'));
    expect(shown()).toEqual(['two', 34, 34]);
  });

  it('take a machine as it is typed, without an analysis', () => {
    const file = write('one/percpu.toml', rack(12));
    state.sessions.openFolder(uri('one'));
    const [before] = state.sessions.all();
    profiles.edit(file, rack(48));
    state.sessions.readProfiles(false);
    expect(cpus()).toEqual([48]);
    profiles.edit(file, `${rack(48)}# a remark\n`);
    const revision = state.revision();
    state.sessions.readProfiles(false);
    expect(state.revision()).toBe(revision);
    profiles.close(file);
    state.sessions.readProfiles(true);
    expect(cpus()).toEqual([12]);
    expect(state.sessions.all()).toEqual([before]);
    expect(restarts).toBe(0);
  });

  it('are analysed anew for another API or configuration, once it is saved', () => {
    const file = write('one/percpu.toml', rack(12));
    state.sessions.openFolder(uri('one'));
    const [before] = state.sessions.all();
    const text = `${rack(12)}[[apis]]\nname = "mine"\nkind = "alloc"\narguments = ["size"]\n`;
    profiles.edit(file, text);
    state.sessions.readProfiles(false);
    expect(state.sessions.all()[0]).toBe(before);
    writeFileSync(file, text);
    state.sessions.readProfiles(true);
    expect(state.sessions.all()[0]).not.toBe(before);
    expect(state.sessions.all()[0]?.profile().apis[0]?.name).toBe('mine');
    expect(restarts).toBe(1);
    state.sessions.readConfigurations([path.join(base, 'two/.config')]);
    expect(restarts).toBe(1);
    state.sessions.readConfigurations([path.join(base, 'one/.config')]);
    expect(restarts).toBe(2);
  });

  it('are found for files outside the open folders too', () => {
    write('two/percpu.toml', rack(34));
    state.sessions.openFolder(uri('one'));
    expect(state.sessions.locate(uri('two/main.c'))?.file).toBe('main.c');
    expect(cpus()).toEqual([256, 34]);
  });
});
