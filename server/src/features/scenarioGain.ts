import { operationOf, throughputOf } from '../estimate/operation';
import type { WireScenarioGain } from '../protocol/strategyAnswer';
import type { ObjectKindId } from '../resolve/objects/membership';
import { scenarioFactories } from '../scenario/catalogue';
import type { Snapshot } from '../workspace/snapshot';
import type { Subject } from './subject';

/** The scenario that creates such objects on all CPUs; with threads, that of processes that start some. */
const scenarioOf: Partial<Record<ObjectKindId, string>> = { mm: 'fork-exec', 'tc-action': 'tc-gact', netns: 'netns', css: 'cgroup' };

/** Operations per second of a scenario on all online CPUs, with and without a strategy; null where no scenario creates such objects. */
export function scenarioGain(snapshot: Snapshot, { kind, lifeCycle }: Subject, strategy: string, threads?: number): WireScenarioGain | null {
  // The scenarios' objects are recorded ones: another object of the kind is not what they create.
  if (kind === null || lifeCycle.object === undefined) return null;
  const id = kind.id === 'mm' && threads !== undefined && threads > 1 ? 'short-threads' : scenarioOf[kind.id];
  const scenario = id === undefined ? undefined : scenarioFactories.get(id);
  if (id === undefined || scenario === undefined) return null;
  const clients = snapshot.machine.topology.onlineCpus;
  const assumptions = threads === undefined || id !== 'short-threads' ? {} : { threads };
  const at = (strategies: readonly string[]) => operationOf({ scenario, machine: snapshot.machine, kernel: snapshot.kernel, clients, strategies, assumptions });
  const [before, after] = [at([]), at([strategy])];
  if (before === null || after === null || after.refused.length > 0) return null;
  const { operation } = scenario(snapshot.kernel, snapshot.machine.topology.nodes);
  return { id, operation, clients, before: throughputOf(before), after: throughputOf(after) };
}
