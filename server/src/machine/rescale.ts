import type { MachineProfile, Topology } from './profile';

/**
 * The same kind of machine with other CPU counts: sockets keep their size while fewer of them suffice, and a
 * machine that outgrows its sockets (at least two are allowed) gets larger ones. Latencies and costs are kept.
 */
export function withCpus(profile: MachineProfile, possible: number, online?: number): MachineProfile {
  const { original, share } = origins.get(profile) ?? { original: profile, share: onlineShare(profile.topology) };
  const onlineCpus = Math.min(possible, online ?? Math.max(1, Math.round(possible * share)));
  if (possible === original.topology.possibleCpus && onlineCpus === original.topology.onlineCpus) return original;
  return sized(original, possible, onlineCpus, online === undefined ? share : onlineCpus / possible);
}

/** What a rescaled profile was made of: from 8 CPUs back to 256 is the machine of 256, not one made of that of 8. */
interface Origin {
  readonly original: MachineProfile;
  /** Online of the possible CPUs, before it was rounded. */
  readonly share: number;
}

const origins = new WeakMap<MachineProfile, Origin>();
const sizes = new WeakMap<MachineProfile, Map<string, MachineProfile>>();
const mostSizes = 32;

/** The same object for the same counts, so that what is known of it is found again; the latest are kept. */
function sized(original: MachineProfile, possible: number, online: number, share: number): MachineProfile {
  const kept = sizes.get(original) ?? new Map<string, MachineProfile>();
  sizes.set(original, kept);
  const key = `${possible} ${online} ${share}`;
  const made = kept.get(key) ?? { ...original, topology: rescaled(original.topology, possible, online) };
  origins.set(made, { original, share });
  kept.delete(key);
  kept.set(key, made);
  const [oldest] = kept.keys();
  if (kept.size > mostSizes && oldest !== undefined) kept.delete(oldest);
  return made;
}

function onlineShare({ possibleCpus, onlineCpus }: Topology): number {
  return onlineCpus / possibleCpus;
}

function rescaled(topology: Topology, possibleCpus: number, onlineCpus: number): Topology {
  const perSocket = Math.max(1, Math.ceil(topology.possibleCpus / topology.sockets));
  const most = Math.max(topology.sockets, 2);
  const sockets = Math.min(most, Math.max(1, Math.ceil(possibleCpus / perSocket)));
  const nodesPerSocket = Math.max(1, Math.round(topology.nodes / topology.sockets));
  return { ...topology, possibleCpus, onlineCpus, sockets, nodes: sockets * nodesPerSocket };
}
