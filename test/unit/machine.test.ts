import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInMachines, machineByName, publishedMachines } from '../../server/src/machine/builtIn';
import { parseCpuCount } from '../../server/src/machine/cpuCount';
import { distanceBetween, distanceShares, meanTransfer } from '../../server/src/machine/distance';
import { distance, placement } from '../../server/src/simulation/placement';
import type { MachineProfile } from '../../server/src/machine/profile';
import { withCpus } from '../../server/src/machine/rescale';

const every = [...builtInMachines, ...publishedMachines];

function machine(name: string): MachineProfile {
  const found = machineByName(name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

describe('the built-in machines', () => {
  it('are the five to choose from, with the CPUs of their names', () => {
    expect(builtInMachines.map(({ name, topology }) => [name, topology.possibleCpus])).toEqual([
      ['laptop-8', 8], ['server-64', 64], ['server-192', 192], ['server-256', 256], ['server-512', 512],
    ]);
  });

  it('give every constant a source and an interval no wider than a factor of three', () => {
    for (const { name, costs, transfer } of every) {
      for (const [key, { value, source }] of Object.entries({ ...costs, ...transfer })) {
        expect(source.at.length, `${name} ${key}`).toBeGreaterThan(0);
        expect(value.low, `${name} ${key}`).toBeGreaterThan(0);
        expect(value.high / value.low, `${name} ${key}`).toBeLessThanOrEqual(3);
      }
    }
  });

  it('say that they are not calibrated', () => {
    expect(every.filter(({ calibrated }) => calibrated)).toEqual([]);
  });

  it('are found by name, and nothing else is', () => {
    expect(machineByName('server-192')?.topology.sockets).toBe(2);
    expect(machineByName('mainframe')).toBeUndefined();
  });
});

describe('a CPU count as typed', () => {
  it.each([['1', 1], [' 64 ', 64], ['8192', 8192], ['+8', 8]])('takes %s', (text, value) => {
    expect(parseCpuCount(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['0', 'less than 1'], ['-1', 'less than 1'], ['1000000000', 'more than 8192'], ['8193', 'more than 8192'],
    ['1e9', 'not a whole number'], ['many', 'not a whole number'], ['', 'not a whole number'], ['3.5', 'not a whole number'],
    ['0x10', 'not a whole number'], ['9'.repeat(400), 'more than 8192'],
  ])('refuses %s and says why', (text, why) => {
    const answer = parseCpuCount(text);
    expect(answer.ok).toBe(false);
    if (!answer.ok) {
      expect(answer.message).toContain(why);
      expect(answer.message).toContain('1 to 8192');
      expect(answer.message.length).toBeLessThan(160);
    }
  });
});

describe('a machine with other CPU counts', () => {
  it('keeps the size of its sockets while fewer suffice', () => {
    expect(withCpus(machine('server-256'), 64).topology).toMatchObject({ possibleCpus: 64, onlineCpus: 64, sockets: 1, nodes: 1 });
    expect(withCpus(machine('server-64'), 128).topology.sockets).toBe(2);
  });

  it('comes back to what it was, however small it was in between', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1024 }), fc.integer({ min: 1, max: 1024 }), (between, cpus) => {
      expect(withCpus(withCpus(machine('server-256'), between), cpus)).toBe(withCpus(machine('server-256'), cpus));
    }));
  });

  it('tells possible from online', () => {
    expect(withCpus(machine('server-64'), 240, 4).topology).toMatchObject({ possibleCpus: 240, onlineCpus: 4 });
    expect(withCpus(withCpus(machine('server-64'), 240, 120), 120).topology.onlineCpus).toBe(60);
  });

  it('never has more online than possible CPUs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8192 }), fc.integer({ min: 1, max: 9000 }), fc.constantFrom(...every), (possible, online, profile) => {
        const { topology } = withCpus(profile, possible, online);
        expect(topology.onlineCpus).toBeLessThanOrEqual(topology.possibleCpus);
        expect(topology.sockets).toBeGreaterThanOrEqual(1);
        expect(topology.nodes).toBeGreaterThanOrEqual(topology.sockets);
      }),
    );
  });
});

describe('distances', () => {
  it('fill one socket before the next, hardware siblings last', () => {
    const { topology } = machine('e7-8895v3');
    expect(distanceBetween(topology, 0, 17)).toBe('llc');
    expect(distanceBetween(topology, 0, 18)).toBe('remote');
    expect(distanceBetween(topology, 0, 72)).toBe('smt');
    expect(distanceShares(topology, 18).remote).toBe(0);
    expect(distanceShares(topology, 19).remote).toBeGreaterThan(0);
  });

  it('are those of the simulation, each socket with caches of its own however many cores the last one serves', () => {
    const odd = { ...machine('server-64').topology, possibleCpus: 26, onlineCpus: 26, sockets: 2, smt: 1, coresPerLlc: 8 };
    for (const topology of [odd, ...every.map((profile) => profile.topology)]) {
      const simulated = placement(topology);
      const cpus = Array.from({ length: Math.min(64, topology.onlineCpus) }, (_, at) => Math.floor((at * topology.onlineCpus) / Math.min(64, topology.onlineCpus)));
      const kinds = [...new Set(cpus)].flatMap((a, at, all) => all.slice(0, at).map((b) => [distanceBetween(topology, a, b), ['', 'smt', 'llc', 'socket', 'remote'][distance(simulated, a, b)]]));
      expect(kinds.filter(([ours, theirs]) => ours !== theirs)).toEqual([]);
    }
    expect(distanceBetween(odd, 13, 20)).toBe('llc');
  });

  it('agree with counting every pair', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every), fc.integer({ min: 2, max: 80 }), (profile, busy) => {
        const { topology } = profile;
        const count = Math.min(busy, topology.onlineCpus);
        const counted = { smt: 0, llc: 0, socket: 0, remote: 0 };
        for (let a = 0; a < count; a++) for (let b = 0; b < a; b++) counted[distanceBetween(topology, a, b)]++;
        const pairs = (count * (count - 1)) / 2;
        const shares = distanceShares(topology, count);
        for (const distance of ['smt', 'llc', 'socket', 'remote'] as const) {
          expect(shares[distance]).toBeCloseTo(counted[distance] / pairs, 10);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('cost nothing for one CPU and more once the second socket takes part', () => {
    const profile = machine('e7-8895v3');
    expect(meanTransfer(profile, 1).mid).toBe(0);
    expect(meanTransfer(profile, 32).mid).toBeGreaterThan(1.5 * meanTransfer(profile, 18).mid);
  });
});
