import { describedMachine } from './builtIn';
import { maximumCpus } from './cpuCount';
import type { MachineProfile, Topology } from './profile';

export type ImportedMachine =
  | { readonly ok: true; readonly machine: MachineProfile; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Line latencies (ns) by vendor, from the published core-to-core tables; lscpu does not know them. */
const latencies = {
  amd: { smt: 10, llc: 23, socket: 107, remote: 197 },
  intel: { smt: 8, llc: 50, socket: 50, remote: 120 },
  other: { smt: 8, llc: 47, socket: 60, remote: 150 },
} as const;

const notKnown = 'lscpu does not tell possible from present CPUs: taken as equal; a boot log tells';

/** A machine from `lscpu -J`: its topology as told, its latencies from published tables of the vendor. */
export function importLscpu(text: string, name = 'imported'): ImportedMachine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'this is not JSON: give the output of lscpu -J' };
  }
  const fields = fieldsOf(value);
  if (fields.size === 0) return { ok: false, message: 'no lscpu fields in it: give the output of lscpu -J' };
  const cpus = countOf(fields, 'CPU(s)');
  if (cpus === null || cpus > maximumCpus) return { ok: false, message: `"CPU(s)" is missing or no count from 1 to ${String(maximumCpus)}` };
  const topology = topologyOf(fields, cpus);
  const guest = fields.has('Hypervisor vendor');
  return { ok: true, machine: describedMachine(name, topology, latencies[vendorOf(fields)], guest), notes: [notKnown] };
}

function topologyOf(fields: ReadonlyMap<string, string>, cpus: number): Topology {
  const smt = countOf(fields, 'Thread(s) per core') ?? 1;
  const sockets = countOf(fields, 'Socket(s)') ?? countOf(fields, 'Cluster(s)') ?? 1;
  const cores = Math.max(1, Math.ceil(cpus / smt));
  const caches = /\((\d+) instances?\)/.exec(fields.get('L3') ?? fields.get('L3 cache') ?? '')?.[1];
  return {
    possibleCpus: cpus,
    onlineCpus: Math.min(cpus, onlineCount(fields) ?? cpus),
    sockets: Math.min(sockets, cores),
    nodes: Math.max(countOf(fields, 'NUMA node(s)') ?? 1, 1),
    coresPerLlc: Math.max(1, Math.ceil(cores / Math.max(1, Number(caches ?? sockets)))),
    smt,
  };
}

/** CPUs in a list such as `0-3,8`. */
export function countCpuList(list: string): number | null {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list.trim())) return null;
  return list.trim().split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + Math.max(0, last - first + 1);
  }, 0);
}

function onlineCount(fields: ReadonlyMap<string, string>): number | null {
  return countCpuList(fields.get('On-line CPU(s) list') ?? '');
}

function vendorOf(fields: ReadonlyMap<string, string>): keyof typeof latencies {
  const vendor = `${fields.get('Vendor ID') ?? ''} ${fields.get('Model name') ?? ''}`;
  if (/AMD/i.test(vendor)) return 'amd';
  return /Intel/i.test(vendor) ? 'intel' : 'other';
}

function countOf(fields: ReadonlyMap<string, string>, name: string): number | null {
  const value = Number(fields.get(name) ?? NaN);
  return Number.isInteger(value) && value >= 1 ? value : null;
}

/** Fields by name without their colon; newer versions nest them under `children`. */
function fieldsOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const list = typeof value === 'object' && value !== null && 'lscpu' in value ? value.lscpu : null;
  collect(list, found, 0);
  return found;
}

function collect(list: unknown, found: Map<string, string>, depth: number): void {
  if (!Array.isArray(list) || depth > 5) return;
  for (const entry of list as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue;
    if ('field' in entry && typeof entry.field === 'string' && 'data' in entry && typeof entry.data === 'string') {
      found.set(entry.field.replace(/:\s*$/, ''), entry.data);
    }
    if ('children' in entry) collect(entry.children, found, depth + 1);
  }
}
