import { describe, expect, it } from 'vitest';
import { strategyOffers } from '../../client/views/strategyOffers';
import { scenarioList, strategiesToChoose } from '../../server/src/features/simulation';
import { kernelVersion } from '../../server/src/kernel/version';
import { machineByName } from '../../server/src/machine/builtIn';
import { emptyProfile } from '../../server/src/profile/profile';
import type { StrategyChoicesParams, StrategyChoicesReply } from '../../server/src/protocol/simulationRequests';

const kernel = kernelVersion(6, 12);
const machine = machineByName('server-256');
if (machine === undefined) throw new Error('server-256 is built in');
const setting = { snapshot: null, kernel, machine, own: emptyProfile };
const list = scenarioList(kernel, machine, emptyProfile);

function choicesOf(params: StrategyChoicesParams): Extract<StrategyChoicesReply, { state: 'choices' }>['strategies'] {
  const reply = strategiesToChoose(params, setting);
  if (reply.state === 'refused') throw new Error(reply.reason);
  return reply.strategies;
}

function offersOf(scenario: string, cpus: readonly number[]): ReturnType<typeof strategyOffers> {
  const elsewhere = list.scenarios.find(({ id }) => id === scenario)?.strategies ?? [];
  return strategyOffers(list.strategies, choicesOf({ scenario, cpus }), elsewhere, 3);
}

const ids = (offers: readonly { readonly strategy: { readonly id: string } }[]): string[] => offers.map(({ strategy }) => strategy.id);

describe('the strategies offered for CPU counts', () => {
  it('have grouping for a cgroup picked where the sweep reaches two memory nodes', () => {
    const { running } = offersOf('cgroup', [1, 256]);
    expect(ids(running.filter(({ picked }) => picked))).toContain('grouping');
  });

  it('have it beside, unpicked and with the reason, where the sweep stays on one', () => {
    const { running, refused } = offersOf('cgroup', [1, 4]);
    expect(ids(running)).not.toContain('grouping');
    expect(running.some(({ picked }) => picked)).toBe(true);
    expect(refused.find(({ strategy }) => strategy.id === 'grouping')).toMatchObject({ picked: false, why: expect.stringMatching(/grouping does not apply to cgroup/) as string });
  });

  it.each(list.scenarios.filter(({ id }) => id !== 'site').map(({ id }) => id))('are all run for %s on one CPU and on four', (scenario) => {
    for (const cpus of [[1], [1, 4]]) {
      const { running } = offersOf(scenario, cpus);
      const taken = choicesOf({ scenario, cpus }).filter(({ runs }) => runs).map(({ id }) => id);
      expect(ids(running)).toEqual(taken);
    }
  });
});

describe('a simulation that cannot be run with any strategy', () => {
  it('is refused before its strategies are asked for', () => {
    const params = { scenario: 'site', cpus: [4], load: { rate_per_s: 1, lifetime_ns: null, concurrency: null } };
    expect(strategiesToChoose(params, setting)).toMatchObject({ state: 'refused', reason: expect.stringMatching(/too few/) as string });
  });
});
