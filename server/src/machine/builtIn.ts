import { between } from '../util/interval';
import type { Source } from '../util/reason';
import { genericCosts, withGuestFactor } from './costs';
import type { Constant, MachineProfile, Topology, TransferLatency } from './profile';

const pingPong = (machine: string): Source => ({
  kind: 'measurement',
  at: `github.com/nviennot/core-to-core-latency, ${machine}: compare-and-swap between two CPUs`,
});
const chipsAndCheese: Source = {
  kind: 'measurement',
  at: 'chipsandcheese.com, core to core latency data on large systems (2023-11-07)',
};
const rule: Source = { kind: 'assumption', at: 'rule from the published tables: same socket 50 (Intel) or 105 (AMD), other socket 110-140 or 200 ns' };

/** A latency with the spread of the published tables: a tenth down, a fifth up. */
function latency(ns: number, source: Source): Constant {
  return { value: between(ns * 0.9, ns * 1.2, ns), source };
}

function transfer(smt: number, llc: number, socket: number, remote: number, source: Source, remoteSource = source): TransferLatency {
  return { smt: latency(smt, source), llc: latency(llc, source), socket: latency(socket, source), remote: latency(remote, remoteSource) };
}

function topology(sockets: number, coresPerSocket: number, smt: number, coresPerLlc: number, nodes = sockets): Topology {
  const cpus = sockets * coresPerSocket * smt;
  return { possibleCpus: cpus, onlineCpus: cpus, sockets, nodes, coresPerLlc, smt };
}

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly topology: Topology;
  readonly transfer: TransferLatency;
  readonly guest?: boolean;
}

function profile(draft: Draft): MachineProfile {
  const guest = draft.guest ?? false;
  return { ...draft, guest, costs: withGuestFactor(genericCosts, guest), calibrated: false, pageSize: 4096 };
}

const milan = pingPong('EPYC 7R13');
const milanTransfer = transfer(9.8, 23, 107, 197, milan);

const choices: readonly Draft[] = [
  {
    name: 'laptop-8', description: '8 CPUs: one socket of 4 cores with two threads each',
    topology: topology(1, 4, 2, 4), transfer: transfer(7, 20, 20, 110, pingPong('Ryzen 5950X, within a core complex'), rule),
  },
  {
    name: 'server-64', description: '64 CPUs: one socket of 32 cores with two threads each',
    topology: topology(1, 32, 2, 32), transfer: transfer(8.1, 51, 51, 108, pingPong('Xeon 8375C')),
  },
  {
    name: 'server-192', description: '192 CPUs: two sockets of 48 cores with two threads each',
    topology: topology(2, 48, 2, 8), transfer: milanTransfer,
  },
  {
    name: 'server-256', description: '256 CPUs: two sockets of 64 cores with two threads each',
    topology: topology(2, 64, 2, 8), transfer: transfer(10, 23, 115, 200, pingPong('EPYC 7773X'), rule),
  },
  {
    name: 'server-512', description: '512 CPUs: two sockets of 128 cores with two threads each',
    topology: topology(2, 128, 2, 8), transfer: transfer(10, 23, 115, 200, rule),
  },
];

const publishedTests: readonly Draft[] = [
  {
    name: 'epyc-7r13-guest', description: '192 vCPUs of 2 x EPYC 7R13 under KVM',
    topology: topology(2, 48, 2, 8), transfer: milanTransfer, guest: true,
  },
  {
    name: 'epyc-9654-guest-256', description: '256 vCPUs on 2 x EPYC 9654 under KVM',
    topology: topology(2, 64, 2, 8), transfer: transfer(10, 23, 110, 200, rule), guest: true,
  },
  {
    name: 'epyc-9654', description: '384 CPUs: 2 x EPYC 9654',
    topology: topology(2, 96, 2, 8), transfer: transfer(10, 23, 110, 200, rule),
  },
  {
    name: 'xeon-6338', description: '128 CPUs: 2 x Xeon Gold 6338, four memory nodes as printed in the report',
    topology: topology(2, 32, 2, 32, 4), transfer: transfer(8.1, 51, 51, 108, pingPong('Xeon 8375C, of the same generation')),
  },
  {
    name: 'sapphire-rapids-224', description: '224 CPUs: 2 sockets of 56 Sapphire Rapids cores with two threads each',
    topology: topology(2, 56, 2, 56), transfer: transfer(10, 59, 59, 138, chipsAndCheese),
  },
  {
    name: 'e5-2620v3', description: '24 CPUs: 2 x Xeon E5-2620 v3',
    topology: topology(2, 6, 2, 6), transfer: transfer(7.6, 44, 44, 118, pingPong('Xeon E5-2695 v4, the generation after')),
  },
  {
    name: 'desktop-24', description: '24 CPUs: a desktop of 12 cores with two threads each',
    topology: topology(1, 12, 2, 6), transfer: transfer(5.3, 20, 68, 110, pingPong('Ryzen 7950X'), rule),
  },
  {
    name: 'guest-26', description: '26 vCPUs of one socket',
    topology: topology(1, 26, 1, 26), transfer: transfer(8, 48, 48, 120, rule), guest: true,
  },
  {
    name: 'bare-26', description: '26 CPUs of one socket, bare metal',
    topology: topology(1, 26, 1, 26), transfer: transfer(8, 48, 48, 120, rule),
  },
  {
    name: 'e7-8895v3', description: '144 CPUs: 4 x Xeon E7-8895 v3',
    topology: topology(4, 18, 2, 18), transfer: transfer(7.6, 44, 44, 130, pingPong('Xeon E5-2695 v4'), chipsAndCheese),
  },
];

/** The machines to choose from. */
export const builtInMachines: readonly MachineProfile[] = choices.map(profile);

/** Machines that published measurements name; the validation table uses them. */
export const publishedMachines: readonly MachineProfile[] = publishedTests.map(profile);

/** A machine that somebody describes: its topology and line latencies in ns, all other constants the generic ones. */
export function describedMachine(name: string, shape: Topology, ns: { smt: number; llc: number; socket: number; remote: number }, guest: boolean): MachineProfile {
  const source: Source = { kind: 'profile', at: name };
  return profile({ name, description: `${String(shape.possibleCpus)} possible CPUs, ${name}`, topology: shape, transfer: transfer(ns.smt, ns.llc, ns.socket, ns.remote, source), guest });
}

/** A built-in machine or one of the published tests; undefined for any other name. */
export function machineByName(name: string): MachineProfile | undefined {
  return [...builtInMachines, ...publishedMachines].find((machine) => machine.name === name);
}
