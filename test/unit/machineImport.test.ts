import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importBootLog, withBootFacts } from '../../server/src/machine/bootLog';
import { machineByName } from '../../server/src/machine/builtIn';
import { machineFromFile } from '../../server/src/machine/description';
import { countCpuList, importLscpu } from '../../server/src/machine/lscpu';
import { kernelData } from '../referenceData';

const field = (name: string, data: string, children?: unknown): unknown => ({ field: `${name}:`, data, ...(children === undefined ? {} : { children }) });

/** lscpu of util-linux 2.38 nests its fields. */
const nested = JSON.stringify({
  lscpu: [
    field('CPU(s)', '192', [field('On-line CPU(s) list', '0-95,100-191')]),
    field('Vendor ID', 'AuthenticAMD', [field('Model name', 'AMD EPYC 7R13', [field('Thread(s) per core', '2'), field('Socket(s)', '2')])]),
    field('Caches (sum of all)', '', [field('L3', '384 MiB (12 instances)')]),
    field('NUMA', '', [field('NUMA node(s)', '2')]),
  ],
});

const flat = JSON.stringify({
  lscpu: [field('CPU(s)', '24'), field('Vendor ID', 'GenuineIntel'), field('Thread(s) per core', '2'), field('Socket(s)', '2'), field('NUMA node(s)', '2'), field('L3 cache', '30 MiB (2 instances)')],
});

describe('lscpu -J', () => {
  it('gives topology, vendor latencies and what it does not know', () => {
    const imported = importLscpu(nested);
    expect(imported.ok && imported.machine.topology).toEqual({ possibleCpus: 192, onlineCpus: 188, sockets: 2, nodes: 2, coresPerLlc: 8, smt: 2 });
    expect(imported.ok && imported.machine.transfer.remote.value.mid).toBe(197);
    expect(imported.ok && imported.machine.calibrated).toBe(false);
    expect(imported.ok && imported.notes.join()).toContain('possible');
  });

  it('reads the flat form of older versions, and a guest by its hypervisor', () => {
    const imported = importLscpu(flat);
    expect(imported.ok && imported.machine.topology).toMatchObject({ possibleCpus: 24, coresPerLlc: 6 });
    expect(imported.ok && imported.machine.guest).toBe(false);
    const guest = importLscpu(JSON.stringify({ lscpu: [field('CPU(s)', '2'), field('Hypervisor vendor', 'KVM')] }));
    expect(guest.ok && guest.machine.guest).toBe(true);
    expect(guest.ok && guest.machine.costs.guestFactor.value.mid).toBeGreaterThan(1);
  });

  it.each([['{', 'not JSON'], ['{}', 'no lscpu fields'], ['{"lscpu":[{"field":"CPU(s):","data":"0"}]}', '"CPU(s)"'], ['[1]', 'no lscpu fields'], ['{"lscpu":[{"field":"CPU(s):","data":"99999"}]}', '"CPU(s)"']])(
    '%s is refused with its fault',
    (text, fault) => {
      const imported = importLscpu(text);
      expect(imported.ok ? '' : imported.message).toContain(fault);
    },
  );

  it('never throws and never gives an impossible machine', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.constantFrom('CPU(s):', 'Socket(s):', 'Thread(s) per core:', 'L3:', 'NUMA node(s):', 'On-line CPU(s) list:'), fc.string()), (junk, fields) => {
        const imported = importLscpu(JSON.stringify({ lscpu: [junk, ...Object.entries(fields).map(([name, data]) => ({ field: name, data }))] }));
        if (!imported.ok) return;
        const { possibleCpus, onlineCpus, coresPerLlc, sockets } = imported.machine.topology;
        expect(onlineCpus).toBeLessThanOrEqual(possibleCpus);
        expect(Math.min(onlineCpus, coresPerLlc, sockets)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('counts CPU lists', () => {
    expect(countCpuList('0-3,8')).toBe(5);
    expect(countCpuList('0')).toBe(1);
    expect(countCpuList('all')).toBeNull();
  });
});

describe('a machine file', () => {
  const written = { possible: 96, sockets: 2, cores_per_llc: 24, smt: 2, latency_ns: { smt: 8, llc: 48, socket: 48, remote: 120 } };

  it('describes a machine, with what was measured on it', () => {
    const imported = machineFromFile('mine', JSON.stringify({ ...written, page_size: 65536, calibrated: true, costs: { zeroWarm: 2, coldLine: { low: 60, mid: 80, high: 90 } } }));
    const machine = imported.ok ? imported.machine : undefined;
    expect(machine?.topology).toMatchObject({ possibleCpus: 96, onlineCpus: 96, nodes: 2 });
    expect(machine?.pageSize).toBe(65536);
    expect(machine?.calibrated).toBe(true);
    expect(machine?.costs.zeroWarm).toEqual({ value: { low: 2, mid: 2, high: 2 }, source: { kind: 'profile', at: 'mine' } });
    expect(machine?.costs.coldLine.value.mid).toBe(80);
    expect(machineFromFile('mine', flat)).toMatchObject({ ok: true });
  });

  it.each([
    [{ ...written, possible: 0 }, '"possible"'], [{ ...written, possible: 1e9 }, '"possible"'], [{ ...written, nodes: 'two' }, '"nodes"'],
    [{ ...written, latency_ns: { smt: 8 } }, '"latency_ns.llc" is missing'], [{ ...written, online: 97 }, '"online"'], [{ ...written, sockets: 64 }, 'fewer CPUs'], [{ ...written, page_size: 8192 }, '"page_size"'],
    [{ ...written, costs: { magic: 1 } }, '"costs.magic"'], [{ ...written, costs: { mutex: -1 } }, '"costs.mutex"'], [[], 'has to be a table'],
  ])('%j is refused with its fault', (value, fault) => {
    const imported = machineFromFile('mine', JSON.stringify(value));
    expect(imported.ok ? '' : imported.message).toContain(fault);
  });
});

describe('a boot log', () => {
  const log = [
    '[    0.19] CPU topo: Allowing 96 present CPUs plus 32 hotplug CPUs',
    '[    0.19] Booting paravirtualized kernel on KVM',
    '[    0.21] setup_percpu: NR_CPUS:8192 nr_cpumask_bits:128 nr_cpu_ids:128 nr_node_ids:4',
    '[    0.22] percpu: Embedded 66 pages/cpu s233472 r8192 d28672 u524288',
  ].join('\n');

  it('tells possible CPUs, nodes, the guest and the first chunk', () => {
    const imported = importBootLog(log);
    expect(imported.ok && imported.facts).toEqual({
      possibleCpus: 128, nodes: 4, guest: true,
      firstChunk: { kind: 'embed', staticSize: 233_472, reservedSize: 8192, dynamicSize: 28_672, unitSize: 524_288 },
    });
    const base = machineByName('server-64');
    const machine = base !== undefined && imported.ok ? withBootFacts(base, imported.facts) : undefined;
    expect(machine?.topology).toMatchObject({ possibleCpus: 128, onlineCpus: 64, nodes: 4 });
    expect(machine?.costs.guestFactor.value.mid).toBeGreaterThan(1);
  });

  it('reads the page first chunk, which prints no unit', () => {
    const imported = importBootLog('percpu: 66 4K pages/cpu s233472 r8192 d28672');
    expect(imported.ok && imported.facts.firstChunk).toMatchObject({ kind: 'page', unitSize: 270_336 });
  });

  it('that says nothing of it is refused', () => {
    expect(importBootLog('hello')).toMatchObject({ ok: false });
    expect(importBootLog('nr_cpu_ids:0')).toMatchObject({ ok: false });
  });

  const console = kernelData('traces', 'n8-big', 'console.log');
  it.skipIf(console === undefined)('of a real kernel is understood', () => {
    const imported = importBootLog(readFileSync(console ?? '', 'utf8'));
    expect(imported.ok && imported.facts).toMatchObject({ possibleCpus: 8, nodes: 1, guest: false, firstChunk: { kind: 'embed', reservedSize: 8192 } });
  });
});
