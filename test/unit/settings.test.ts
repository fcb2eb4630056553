import { describe, expect, it } from 'vitest';
import { defaultSettings, machineOf, readSettings } from '../../server/src/workspace/settings';

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
    const { settings, problems } = readSettings({ machine: 'cray' });
    expect(settings.machine).toBe(defaultSettings.machine);
    expect(problems[0]).toMatch(/"cray".*laptop-8.*server-512/);
  });

  it('rescale the machine to the CPU count', () => {
    const { settings } = readSettings({ machine: 'server-64', cpus: '96' });
    expect(machineOf(settings).topology.possibleCpus).toBe(96);
  });
});
