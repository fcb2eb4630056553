import { contentionOf } from '../estimate/contention';
import { scenarioDemands } from '../estimate/scenarioDemands';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Knee } from '../rules/rule';
import { scenarioFactories } from '../scenario/catalogue';
import type { Interval } from '../util/interval';
import type { Snapshot } from '../workspace/snapshot';
import { subjectOf } from './subject';

/**
 * How many CPUs can create what a site belongs to, with the other work of the scenario of its path in between. Null
 * where no scenario says what that work is, and where something else keeps lives apart anyway: namespaces are removed
 * by one worker, most of tc is made under rtnl_mutex, cgroups under cgroup_mutex (net/core/net_namespace.c cleanup_net,
 * net/core/rtnetlink.c, kernel/cgroup/cgroup.c, 6.12).
 */
export function kneeInUse(snapshot: Snapshot, site: ResolvedSite): Knee | null {
  const id = scenarioOf(site);
  if (id === null || snapshot.timesNotModelled !== null) return null;
  const work = otherWork(snapshot, id);
  const own = snapshot.sites.get(site.file)?.find((one) => one.site === site);
  const subject = own === undefined || work === null ? null : subjectOf(snapshot, own);
  if (subject === null || work === null) return null;
  const { bottleneck, kneeCpus } = contentionOf(subject.lifeCycle, snapshot.machine, { think: work.ns });
  if (bottleneck === null || kneeCpus.value === null) return null;
  return { cpus: kneeCpus.value, lock: bottleneck, assumption: `with the other work of ${work.operation}; uncalibrated` };
}

/** Actions of flower filters are made without rtnl_mutex (TCF_PROTO_OPS_DOIT_UNLOCKED, net/sched/cls_flower.c, 6.12). */
function scenarioOf({ file, reach }: ResolvedSite): string | null {
  const classes = reach.map(({ frequencyClass }) => frequencyClass);
  if (classes.includes('fork-exec')) return 'fork-exit';
  return classes.includes('tc') && /^net\/sched\/act_\w+\.c$/.test(file) ? 'tc-gact' : null;
}

interface OtherWork {
  readonly ns: Interval;
  readonly operation: string;
}

/** Time of one operation that is not percpu memory, ns. */
function otherWork({ kernel, machine }: Snapshot, id: string): OtherWork | null {
  const scenario = scenarioFactories.get(id)?.(kernel, machine.topology.nodes);
  if (scenario === undefined) return null;
  const lifeCycles = scenario.objects.map(({ lifeCycle }) => lifeCycle);
  const demands = scenarioDemands({ scenario, lifeCycles, machine, clients: machine.topology.onlineCpus, assumptions: {} });
  return demands === null ? null : { ns: demands.other, operation: `the scenario ${id}` };
}
