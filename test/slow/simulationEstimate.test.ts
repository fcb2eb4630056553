import { describe, expect, it } from 'vitest';
import { operationOf, throughputOf } from '../../server/src/estimate/operation';
import { kernelVersion } from '../../server/src/kernel/version';
import { builtInMachines, describedMachine, machineByName } from '../../server/src/machine/builtIn';
import type { MachineProfile } from '../../server/src/machine/profile';
import { withCpus } from '../../server/src/machine/rescale';
import { scenarioFactories } from '../../server/src/scenario/catalogue';
import type { Phase } from '../../server/src/scenario/scenario';
import { type UserScenario, userScenario } from '../../server/src/scenario/userScenario';
import { simulate } from '../../server/src/simulation/sweep';

const kernel = kernelVersion(6, 12);
const counts = [2, 8, 16, 24, 48, 96, 128, 192, 256];

interface Compared {
  readonly what: string;
  /** Estimate over simulation, less one. */
  readonly difference: number;
  /** Half of the simulation's own 95 % interval, as a share of its mean. */
  readonly chance: number;
}

async function compare(id: string, machine: MachineProfile, cpus: readonly number[], own: UserScenario | null = null): Promise<readonly Compared[]> {
  const result = own === null ? null : userScenario(own);
  const factory = result === null ? scenarioFactories.get(id) : result.ok ? result.factory : undefined;
  if (factory === undefined) throw new Error(`no scenario ${id}`);
  const request = { scenario: own?.id ?? id, kernel: '6.12', machine: machine.name, cpus, strategies: ['baseline'], seed: 1, band: false, replications: 6 };
  const { points } = await simulate({ request, machines: [machine], userScenarios: own === null ? [] : [own] }, () => undefined);
  return points.map(({ cpus: count, clients, throughput_per_s: simulated, throughput_interval: interval }) => {
    const operation = operationOf({ scenario: factory, machine: withCpus(machine, count, count), kernel, clients, strategies: [] });
    const estimated = operation === null ? Number.NaN : throughputOf(operation).mid;
    return { what: `${id} on ${machine.name} with ${String(count)} CPUs`, difference: estimated / simulated - 1, chance: (interval.high - interval.low) / 2 / simulated };
  });
}

function further(compared: readonly Compared[], than: number): readonly string[] {
  return compared.filter(({ difference }) => !(Math.abs(difference) <= than)).map(({ what, difference }) => `${what}: ${(difference * 100).toFixed(1)} %`);
}

/** Loops around one lock: which CPU follows which stays as it was for long, and a run sees few orders. */
const isLoop = (id: string): boolean => id.startsWith('lock-');
/** Each process makes several areas one after the other, with work of nearly one length between: they move in waves. */
const waves = ['fork-exit', 'fork-exec', 'self-exec'];

describe.each(builtInMachines.map((machine) => [machine.name, machine] as const))('estimate and simulation on %s', (_, machine) => {
  const scenarios = [...scenarioFactories.keys()].filter((id) => !isLoop(id));

  it.each(scenarios)('agree on the throughput of %s within five per cent', async (id) => {
    const compared = await compare(id, machine, counts);
    expect(compared.every(({ chance }) => chance < 0.03), 'runs long enough').toBe(true);
    expect(further(compared, 0.05)).toEqual([]);
  });

  it.each(waves)('agree on %s within two per cent where work varies so much that there are no waves', async (id) => {
    for (const count of [192, 256]) expect(further(await compare(id, machine, [count], withoutWaves(id, machine, count)), 0.02)).toEqual([]);
  });
});

describe('loops around one lock', () => {
  it.each(['lock-open1', 'lock-lock2'])('agree on %s within three per cent where all CPUs are equally far apart, so that their order does not matter', async (id) => {
    const topology = machineByName('server-192')?.topology;
    if (topology === undefined) throw new Error('no machine');
    expect(further(await compare(id, describedMachine('flat', topology, { smt: 100, llc: 100, socket: 100, remote: 100 }, false), counts), 0.03)).toEqual([]);
  });

  it.each(['lock-open1', 'lock-lock2'])('agree on %s within eleven per cent where it does', async (id) => {
    const compared = (await Promise.all(builtInMachines.map((machine) => compare(id, machine, counts)))).flat();
    expect(compared.filter(({ difference, chance }) => Math.abs(difference) - chance > 0.11).map(({ what }) => what)).toEqual([]);
  });
});

/** The same scenario with exponential times in place of work of nearly equal length, where no lock is held. */
function withoutWaves(id: string, machine: MachineProfile, cpus: number): UserScenario {
  const scenario = scenarioFactories.get(id)?.(kernel, withCpus(machine, cpus, cpus).topology.nodes);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const drawn = (phases: readonly Phase[]): Phase[] => phases.map((phase) => (phase.kind === 'kernel' ? { kind: 'user', ns: phase.ns } : phase));
  return {
    id: `${id} without waves`,
    objects: scenario.objects.map((object) => ({ id: object.id, kind: 'mm' })),
    phases: drawn(scenario.phases),
    values: Object.fromEntries(scenario.assumptions.map((one) => [one.id, one.value.mid])),
  };
}
