import { cgroup, mount, netns } from './containers';
import type { ScenarioFactory } from './factory';
import { lockLock2, lockOpen1 } from './lockLoops';
import { forkExec, forkExit, selfExec, shellScript, shortThreads, threadCreate } from './processes';
import { tcGact, tcTunnel } from './trafficControl';

/** Scenarios that come with the program, by id: one table for estimate and simulation. `site` is built from what the user selects. */
export const scenarioFactories: ReadonlyMap<string, ScenarioFactory> = new Map([
  ['fork-exit', forkExit],
  ['fork-exec', forkExec],
  ['self-exec', selfExec],
  ['shell-script', shellScript],
  ['short-threads', shortThreads],
  ['thread-create', threadCreate],
  ['tc-gact', tcGact],
  ['tc-tunnel', tcTunnel],
  ['netns', netns],
  ['cgroup', cgroup],
  ['mount', mount],
  ['lock-open1', lockOpen1],
  ['lock-lock2', lockLock2],
]);

export const scenarioIds: readonly string[] = [...scenarioFactories.keys(), 'site'];
