import { between, exactly, type Interval } from '../util/interval';
import { locatedJson } from '../util/located';
import { amount, field, flag, mapOf, mapped, type Shape, spread, table, whole } from '../util/shape';
import { describedMachine } from './builtIn';
import { genericCosts } from './costs';
import { maximumCpus } from './cpuCount';
import { type ImportedMachine, importLscpu } from './lscpu';
import type { Constant, MachineCosts, MachineProfile } from './profile';

/** A machine as people write it: in a row of published figures, a machine file or `percpu.toml`. */
export interface MachineDescription {
  readonly possible: number;
  /** As many as possible where absent. */
  readonly online?: number;
  readonly sockets: number;
  /** One for each socket where absent. */
  readonly nodes?: number;
  readonly cores_per_llc: number;
  readonly smt: number;
  readonly latency_ns: { readonly smt: number; readonly llc: number; readonly socket: number; readonly remote: number };
  readonly guest?: boolean;
  /** 4096 where absent. */
  readonly page_size?: number;
  /** Constants measured on it, by name of the profile: a number, or low, mid and high. */
  readonly costs?: Readonly<Record<string, number | Interval>>;
  /** True where latencies and costs were measured on this machine. */
  readonly calibrated?: boolean;
}

/** Machine descriptions as they are written, in JSON and TOML alike. */
export const machineShape: Shape<MachineDescription> = mapped(
  table(
    {
      possible: field(whole(1, maximumCpus), 'Possible CPUs: what the kernel allocates percpu memory for (nr_cpu_ids in the boot messages).'),
      sockets: field(whole(1, maximumCpus), 'Processor sockets.'),
      cores_per_llc: field(whole(1, maximumCpus), 'Physical cores that share a last-level cache.'),
      smt: field(whole(1, maximumCpus), 'Hardware threads of a core.'),
      latency_ns: field(latencies(), 'Times in ns for a cache line to move: smt, llc, socket and remote.'),
    },
    {
      online: field(whole(1, maximumCpus), 'Online CPUs; as many as possible ones where absent.'),
      nodes: field(whole(1, maximumCpus), 'Memory nodes; one for each socket where absent.'),
      guest: field(flag, 'True for a virtual machine, whose lock holders can be preempted.'),
      page_size: field(pageSize(), 'Bytes of a page: 4096 or 65536; 4096 where absent.'),
      costs: field(mapOf(spread(0, 1e6), Object.keys(genericCosts)), 'Constants measured on this machine, in ns or in cache lines: a number, or low, mid and high.'),
      calibrated: field(flag, 'True where latencies and costs were measured on this machine; else every time says "uncalibrated".'),
    },
  ),
  ({ costs, ...written }) => {
    const fault = topologyFault(written);
    return fault === null ? { value: { ...written, ...(costs === undefined ? {} : { costs: Object.fromEntries(costs) }) } } : { fault };
  },
);

function topologyFault({ possible, online, sockets, smt }: Pick<MachineDescription, 'possible' | 'online' | 'sockets' | 'smt'>): string | null {
  if (online !== undefined && online > possible) return `"online" is ${online}: more than the ${possible} possible CPUs`;
  if (sockets * smt > possible) return `"possible" is ${possible}: fewer CPUs than ${sockets} sockets with ${smt} threads a core have`;
  return null;
}

function latencies() {
  const between = (what: string) => field(amount(0, 1e6), `Time for a cache line to move between ${what}, ns.`);
  return table({ smt: between('two threads of a core'), llc: between('cores of one last-level cache'), socket: between('caches of one socket'), remote: between('sockets') }, {});
}

function pageSize(): Shape<number> {
  return mapped(whole(4096, 65536), (bytes) => (bytes === 4096 || bytes === 65536 ? { value: bytes } : { fault: '"page_size" has to be 4096 or 65536' }));
}

/** Why a value read from JSON is no machine description, naming the field; null where it is one. */
export function descriptionFault(value: unknown): string | null {
  const faults: string[] = [];
  machineShape.read(locatedJson(value), { path: [], report: ({ message }) => faults.push(message) });
  return faults[0] ?? null;
}

/** The profile of a description without fault. */
export function machineFrom(name: string, description: MachineDescription): MachineProfile {
  const { possible, online, sockets, nodes, cores_per_llc: coresPerLlc, smt, latency_ns: latency } = description;
  const topology = { possibleCpus: possible, onlineCpus: Math.min(possible, online ?? possible), sockets, nodes: nodes ?? sockets, coresPerLlc, smt };
  const machine = describedMachine(name, topology, latency, description.guest ?? false);
  return {
    ...machine,
    description: `${possible} possible CPUs: ${counted(sockets, 'socket')}, ${counted(coresPerLlc, 'core')} a last-level cache, ${counted(smt, 'thread')} a core`,
    pageSize: description.page_size === 65536 ? 65536 : 4096,
    calibrated: description.calibrated ?? false,
    costs: { ...machine.costs, ...givenCosts(name, description.costs ?? {}) },
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function givenCosts(name: string, costs: Readonly<Record<string, number | Interval>>): Partial<MachineCosts> {
  const entries = Object.entries(costs).map(([key, value]): [string, Constant] => [
    key,
    { value: typeof value === 'number' ? exactly(value) : between(value.low, value.high, value.mid), source: { kind: 'profile', at: name } },
  ]);
  return Object.fromEntries(entries);
}

/** A machine from a file: JSON of a description, or the output of `lscpu -J`. */
export function machineFromFile(name: string, text: string): ImportedMachine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (isRecord(value) && 'lscpu' in value) return importLscpu(text, name);
  const fault = descriptionFault(value);
  return fault === null ? { ok: true, machine: machineFrom(name, value as MachineDescription), notes: [] } : { ok: false, message: fault };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
