import { describe, expect, it } from 'vitest';
import { wishFault } from '../../server/src/features/machines';
import { emptyProfile } from '../../server/src/profile/profile';
import { machineInForce } from '../../server/src/workspace/machineInForce';
import { defaultSettings, readSettings } from '../../server/src/workspace/settings';

describe('settings', () => {
  it('default where an editor sends nothing', () => {
    for (const raw of [undefined, null, {}, 'nonsense', 7]) {
      expect(readSettings(raw)).toEqual({ settings: defaultSettings, problems: [] });
    }
  });

  it.each([[0], [-1], [1e9], ['many'], [1.5], [true], [{}]])('refuse %j CPUs with a sentence and keep the rest', (cpus) => {
    const { settings, problems } = readSettings({ cpus, machine: 'laptop-8', codeLens: { enabled: false } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^percpuLens\.cpus: .+ from 1 to 8192$/);
    expect(settings.cpus).toBeNull();
    expect(settings.machine).toBe('laptop-8');
    expect(settings.codeLens.enabled).toBe(false);
  });

  it('name the machines there are when one is unknown', () => {
    const { settings } = readSettings({ machine: 'cray' });
    expect(wishFault(settings, [])).toMatch(/"cray".*laptop-8.*server-512/);
    expect(machineInForce(settings, emptyProfile, []).name).toBe('server-256');
    expect(readSettings({ machine: 5 }).problems).toEqual(['percpuLens.machine: 5 is no name of a machine']);
  });

  it('rescale the machine to the CPU count', () => {
    const { settings } = readSettings({ machine: 'server-64', cpus: '96' });
    expect(machineInForce(settings, emptyProfile, []).topology.possibleCpus).toBe(96);
  });
});
