import { cgroup, mount, netns } from './scenarios/containers';
import type { ScenarioFactory } from './scenarios/factory';
import { forkExec, forkExit, selfExec, shellScript, shortThreads, threadCreate } from './scenarios/processes';
import { tcGact, tcTunnel } from './scenarios/trafficControl';

/** Scenarios that come with the program, by id. `site` is built from what the user selects. */
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
]);

export const scenarioIds: readonly string[] = [...scenarioFactories.keys(), 'site'];
