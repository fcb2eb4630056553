import { formatKernelVersion } from '../kernel/version';
import type { StatusNotice } from '../protocol/requests';
import { processMemory } from '../workspace/processMemory';
import { siteCount } from '../workspace/snapshot';
import type { ServerState } from './serverState';
import { uriOfPath } from './uris';

export function statusNotice(state: ServerState): StatusNotice {
  const machine = state.machine();
  const cpus = { possible: machine.topology.possibleCpus, online: machine.topology.onlineCpus };
  const memoryBytes = processMemory().reduce((sum, { bytes }) => sum + bytes, 0);
  const common = { machine: machine.name, cpus, calibrated: machine.calibrated, memoryBytes };
  const snapshot = state.mainSnapshot();
  if (snapshot === null) {
    return {
      ...common,
      state: 'empty',
      done: 0,
      total: 0,
      kernel: null,
      root: null,
      kconfig: null,
      siteCount: 0,
      problems: [],
      reason: 'No folder is open. Open a kernel tree, or a folder of kernel code.',
    };
  }
  const { status } = snapshot;
  return {
    ...common,
    state: status.phase,
    done: status.done,
    total: status.total,
    kernel: formatKernelVersion(snapshot.kernel),
    root: snapshot.root === null ? null : uriOfPath(snapshot.root),
    kconfig: snapshot.kconfigOrigin,
    siteCount: siteCount(snapshot),
    problems: snapshot.problems,
    ...(status.reason === null ? {} : { reason: status.reason }),
  };
}
