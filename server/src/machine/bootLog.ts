import { maximumCpus } from './cpuCount';
import { withGuestFactor } from './costs';
import type { MachineProfile } from './profile';

/** What a kernel prints at boot about CPUs and percpu memory; absent where it did not. */
export interface BootFacts {
  readonly possibleCpus?: number;
  readonly nodes?: number;
  readonly guest?: boolean;
  /** First chunk: bytes of static, reserved and dynamic area and of a unit. */
  readonly firstChunk?: { readonly kind: 'embed' | 'page'; readonly staticSize: number; readonly reservedSize: number; readonly dynamicSize: number; readonly unitSize: number };
}

export type ImportedBootLog =
  | { readonly ok: true; readonly facts: BootFacts }
  | { readonly ok: false; readonly message: string };

/** Reads `dmesg`: nr_cpu_ids and nodes (setup_percpu), the first chunk (percpu), the hypervisor. */
export function importBootLog(text: string): ImportedBootLog {
  const possible = count(/\bnr_cpu_ids:(\d+)/, text) ?? count(/smpboot: Allowing (\d+) CPUs/, text);
  const nodes = count(/\bnr_node_ids:(\d+)/, text);
  const chunk = firstChunkOf(text);
  if (possible === null && chunk === null) {
    return { ok: false, message: 'no setup_percpu, smpboot or percpu line in it: give the boot messages of the kernel (dmesg)' };
  }
  if (possible !== null && (possible < 1 || possible > maximumCpus)) return { ok: false, message: `${String(possible)} possible CPUs is no count from 1 to ${String(maximumCpus)}` };
  const facts: BootFacts = {
    ...(possible === null ? {} : { possibleCpus: possible }),
    ...(nodes === null ? {} : { nodes }),
    ...(chunk === null ? {} : { firstChunk: chunk }),
    guest: /Hypervisor detected|Booting paravirtualized kernel on (KVM|Xen|Hyper-V|VMware)/.test(text),
  };
  return { ok: true, facts };
}

function count(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function firstChunkOf(text: string): NonNullable<BootFacts['firstChunk']> | null {
  const match = /percpu: (Embedded )?\d+ (?:\d+K )?pages\/cpu.*? s(\d+) r(\d+) d(\d+)(?: u(\d+))?/.exec(text);
  if (match === null) return null;
  const [, embedded, staticSize, reservedSize, dynamicSize, unitSize] = match;
  const sizes = { staticSize: Number(staticSize), reservedSize: Number(reservedSize), dynamicSize: Number(dynamicSize) };
  const total = sizes.staticSize + sizes.reservedSize + sizes.dynamicSize;
  return { kind: embedded === undefined ? 'page' : 'embed', ...sizes, unitSize: Number(unitSize ?? total) };
}

/** The machine with what its kernel said at boot: possible CPUs above all. */
export function withBootFacts(machine: MachineProfile, facts: BootFacts): MachineProfile {
  const { topology } = machine;
  const possibleCpus = facts.possibleCpus ?? topology.possibleCpus;
  const onlineCpus = Math.min(topology.onlineCpus, possibleCpus);
  const guest = facts.guest === true || machine.guest;
  return {
    ...machine,
    guest,
    costs: guest === machine.guest ? machine.costs : withGuestFactor(machine.costs, guest),
    topology: { ...topology, possibleCpus, onlineCpus, nodes: facts.nodes ?? topology.nodes },
  };
}
