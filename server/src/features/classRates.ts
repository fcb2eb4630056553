import { assumedRate } from '../estimate/rates';
import type { ObjectKindId } from '../resolve/objects/membership';
import { given, type Reason } from '../util/reason';
import type { Snapshot } from '../workspace/snapshot';
import type { KnownKind } from './subject';

/** The objects that a class's rate counts; others of the class come far less often (a qdisc with its device, not with each rule). */
const counted: ReadonlySet<ObjectKindId> = new Set([
  'mm', 'netns', 'cgroup', 'css', 'tc-filter', 'tc-action', 'socket', 'ipv4-nexthop', 'ipv6-nexthop', 'lwtunnel', 'superblock', 'mount', 'netdev',
]);

/** How often such an object is created on the machine, 1/s: as the project says, else assumed; null where neither says. */
export function rateOf({ profile, machine }: Snapshot, { id, frequencyClass }: KnownKind): Reason | null {
  if (!counted.has(id)) return null;
  const label = `${frequencyClass} on the whole machine`;
  const written = profile.workload.rates.get(frequencyClass);
  if (written !== undefined) return given(label, '1/s', written, { kind: 'profile', at: 'percpu.toml, workload.rates' });
  const assumed = assumedRate(frequencyClass, machine.topology.onlineCpus);
  return assumed === null ? null : given(label, '1/s', assumed.perSecond, assumed.source, 'set it in percpu.toml under workload.rates');
}
