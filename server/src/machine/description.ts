import { between, exactly, type Interval } from '../util/interval';
import { describedMachine } from './builtIn';
import { parseCpuCount } from './cpuCount';
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

/** Why a value is no machine description, naming the field; null where it is one. */
export function descriptionFault(value: unknown): string | null {
  if (!isRecord(value)) return 'not a table of fields';
  const counts = ['possible', 'sockets', 'cores_per_llc', 'smt'].find((name) => !isCount(value[name]));
  if (counts !== undefined) return `"${counts}" has to be a whole number from 1 to 8192`;
  const optional = ['online', 'nodes'].find((name) => value[name] !== undefined && !isCount(value[name]));
  if (optional !== undefined) return `"${optional}" has to be a whole number from 1 to 8192`;
  const latency = value['latency_ns'];
  if (!isRecord(latency)) return '"latency_ns" is missing: smt, llc, socket and remote in ns';
  const unknown = ['smt', 'llc', 'socket', 'remote'].find((name) => !isTime(latency[name]));
  if (unknown !== undefined) return `"latency_ns.${unknown}" has to be a time in ns`;
  if (value['page_size'] !== undefined && value['page_size'] !== 4096 && value['page_size'] !== 65536) return '"page_size" has to be 4096 or 65536';
  return costsFault(value['costs']);
}

function costsFault(costs: unknown): string | null {
  if (costs === undefined) return null;
  if (!isRecord(costs)) return '"costs" has to be a table of constants';
  const known = Object.keys(describedMachine('any', { possibleCpus: 1, onlineCpus: 1, sockets: 1, nodes: 1, coresPerLlc: 1, smt: 1 }, { smt: 1, llc: 1, socket: 1, remote: 1 }, false).costs);
  const stranger = Object.keys(costs).find((name) => !known.includes(name));
  if (stranger !== undefined) return `"costs.${stranger}" is no constant; there are ${known.join(', ')}`;
  const wrong = Object.entries(costs).find(([, value]) => !isTime(value) && !isInterval(value))?.[0];
  return wrong === undefined ? null : `"costs.${wrong}" has to be a number, or low, mid and high in order`;
}

/** The profile of a description without fault. */
export function machineFrom(name: string, description: MachineDescription): MachineProfile {
  const { possible, online, sockets, nodes, cores_per_llc: coresPerLlc, smt, latency_ns: latency } = description;
  const topology = { possibleCpus: possible, onlineCpus: Math.min(possible, online ?? possible), sockets, nodes: nodes ?? sockets, coresPerLlc, smt };
  const machine = describedMachine(name, topology, latency, description.guest ?? false);
  return {
    ...machine,
    pageSize: description.page_size === 65536 ? 65536 : 4096,
    calibrated: description.calibrated ?? false,
    costs: { ...machine.costs, ...givenCosts(name, description.costs ?? {}) },
  };
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

function isCount(value: unknown): boolean {
  return typeof value === 'number' && parseCpuCount(String(value)).ok;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < 1e6;
}

function isInterval(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { low, mid, high } = value;
  return typeof low === 'number' && typeof mid === 'number' && typeof high === 'number' && low >= 0 && low <= mid && mid <= high && high < 1e6;
}
