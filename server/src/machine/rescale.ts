import type { MachineProfile, Topology } from './profile';

/**
 * The same kind of machine with other CPU counts: sockets keep their size while fewer of them suffice, and a
 * machine that outgrows its sockets (at least two are allowed) gets larger ones. Latencies and costs are kept.
 */
export function withCpus(profile: MachineProfile, possible: number, online?: number): MachineProfile {
  const onlineCpus = Math.min(possible, online ?? onlineFor(profile.topology, possible));
  if (possible === profile.topology.possibleCpus && onlineCpus === profile.topology.onlineCpus) return profile;
  return { ...profile, topology: rescaled(profile.topology, possible, onlineCpus) };
}

function onlineFor(topology: Topology, possible: number): number {
  return Math.max(1, Math.round((possible * topology.onlineCpus) / topology.possibleCpus));
}

function rescaled(topology: Topology, possibleCpus: number, onlineCpus: number): Topology {
  const perSocket = Math.max(1, Math.ceil(topology.possibleCpus / topology.sockets));
  const most = Math.max(topology.sockets, 2);
  const sockets = Math.min(most, Math.max(1, Math.ceil(possibleCpus / perSocket)));
  const nodesPerSocket = Math.max(1, Math.round(topology.nodes / topology.sockets));
  return { ...topology, possibleCpus, onlineCpus, sockets, nodes: sockets * nodesPerSocket };
}
