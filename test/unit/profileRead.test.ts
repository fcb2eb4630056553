import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyProfile } from '../../server/src/profile/profile';
import { readProfile, type ReadProfile } from '../../server/src/profile/readProfile';
import { ruleById } from '../../server/src/rules/rules';

const whole = `
machine = "rack-7"

[machines.rack-7]
possible = 384
online = 320
sockets = 2
cores_per_llc = 8
smt = 2
latency_ns = { smt = 10, llc = 23, socket = 110, remote = 200 }
costs = { zeroWarm = [2, 3, 5], coldLine = 80 }

[kernel]
version = "6.6"
config = "configs/rack.config"
arch = "arm64"

[workload.rates]
fork-exec = [500, 2000, 9000]
[workload.live]
fork-exec = 1200

[[apis]]
name = "my_stats_alloc"
kind = "alloc"
arguments = ["-", "size", "gfp"]

[[apis]]
name = "my_pool_init"
kind = "indirect"
family = "up"
areas = [{ bytes = "struct my_pool_cpu", what = "pool" }, { bytes = 64, what = "stats", condition = "only with CONFIG_MY" }]

[[suppress]]
file = "fs/**/*.c"
id = ["grouping", "hot-site"]
reason = "measured, no gain"

[rules]
hot-site = "off"

[scenarios.storm]
base = "fork-exit"
clients = 8

[limits]
fork-exec = "+1 KiB"
total = "+0 sites"
`;

function read(text: string): ReadProfile {
  return readProfile(text, '/project/percpu.toml');
}

/** The text that a problem points at, with its message. */
function shown(text: string): string[] {
  return read(text).problems.map(({ message, span }) => `${text.slice(span.start, span.end)} → ${message}`);
}

describe('a percpu.toml', () => {
  it('holds machines, kernel, workload, APIs, suppressions, rules, scenarios and limits', () => {
    const { profile, problems } = read(whole);
    expect(problems).toEqual([]);
    expect(profile.machine).toBe('rack-7');
    expect(profile.machines[0]?.topology).toMatchObject({ possibleCpus: 384, onlineCpus: 320, nodes: 2 });
    expect(profile.machines[0]?.costs.zeroWarm.value).toEqual({ low: 2, mid: 3, high: 5 });
    expect(profile.kernel).toEqual({ version: { major: 6, minor: 6 }, config: 'configs/rack.config', arch: 'arm64' });
    expect(profile.workload.rates.get('fork-exec')).toEqual({ low: 500, mid: 2000, high: 9000 });
    expect(profile.workload.live.get('fork-exec')).toEqual({ low: 1200, mid: 1200, high: 1200 });
    expect(profile.apis[0]).toEqual({ name: 'my_stats_alloc', kind: 'alloc', family: 'dyn', roles: { size: 1, gfp: 2 }, source: 'percpu.toml' });
    expect(profile.apis[1]?.areas).toEqual([
      { bytes: { sizeof: 'struct my_pool_cpu' }, align: { alignof: 'struct my_pool_cpu' }, what: 'pool' },
      { bytes: 64, align: 8, what: 'stats', condition: 'only with CONFIG_MY' },
    ]);
    expect(profile.suppressions).toEqual([{ file: 'fs/**/*.c', function: null, ids: ['grouping', 'hot-site'], reason: 'measured, no gain' }]);
    expect(profile.rules.get('hot-site')).toBe('off');
    expect(profile.scenarios).toEqual([{ id: 'storm', base: 'fork-exit', clients: 8 }]);
    expect(profile.limits).toEqual([
      { of: 'fork-exec', measure: 'bytes', most: 1024, text: '+1 KiB' },
      { of: 'total', measure: 'sites', most: 0, text: '+0 sites' },
    ]);
  });

  it('that is empty is the empty profile', () => {
    expect(read('')).toMatchObject({ profile: { ...emptyProfile, file: '/project/percpu.toml' }, problems: [] });
  });

  it.each([
    ['machin = "x"', 'machin → "machin" is not known; did you mean "machine"?'],
    ['machine = 5', '5 → "machine" has to be text in quotes, not 5'],
    ['machine = "nowhere"', '"nowhere" → "machine" names "nowhere", which is no machine; there are laptop-8'],
    [whole.replace('possible = 384', 'possible = 0'), '0 → "rack-7.possible" has to be a whole number from 1 to 8192, not 0'],
    [whole.replace('possible = 384', 'possible = 99999999999999999999'), '99999999999999999999 → "rack-7.possible" has to be a whole number from 1 to 8192'],
    [whole.replace('possible = 384\n', ''), 'rack-7 → "rack-7.possible" is missing'],
    [whole.replace('smt = 10,', ''), '"latency_ns.smt" is missing'],
    [whole.replace('zeroWarm = [2, 3, 5]', 'zeroWarm = [5, 3, 2]'), '[5, 3, 2] → "costs.zeroWarm" has to be a number'],
    ['[machines.server-256]\npossible=1\nsockets=1\ncores_per_llc=1\nsmt=1\nlatency_ns={smt=1,llc=1,socket=1,remote=1}', 'is a built-in machine'],
    ['[kernel]\nversion = "latest"', '"latest" → "latest" is no kernel version'],
    ['[workload.rates]\nboot = 1', 'boot → "rates.boot" is not known; there are fork-exec'],
    ['[workload.rates]\ntc = -1', '-1 → "rates.tc" has to be a number from 0'],
    ['[workload.rates]\ntc = nan', 'nan → "rates.tc" has to be a number from 0'],
    ['[workload.rates]\ntc = 1979-05-27', '1979-05-27 → "rates.tc" has to be a number from 0 to 1000000000, or low, mid and high in order, not a date or time'],
    ['[[apis]]\nname = "a b"\nkind = "free"', 'no name of a C function'],
    ['[[apis]]\nname = "a"\nkind = "alloc"', '"a" allocates: say in arguments'],
    ['[[apis]]\nname = "a"\nkind = "indirect"', '"a" is indirect: say with areas'],
    ['[[suppress]]\nid = "x"\nfile = "a.c"\nreason = " "', '"reason" is empty'],
    ['[[suppress]]\nid = "x"\nreason = "y"', 'a suppression has to name'],
    ['[scenarios.x]\nbase = "fork"', '"fork" → "x.base" has to be one of "fork-exit"'],
    ['[scenarios.x]\nclients = 1', 'scenario x: it has neither a base nor phases'],
    ['[limits]\ntotal = "a lot"', '"a lot" → "a lot" is no limit'],
    ['[rules]\nx = "loud"', '"loud" → "rules.x" has to be one of "off"'],
    ['a = \n[rules]\nx = "off"', 'Not TOML: unspecified values are invalid'],
    ['[kernel]\nversion = "6.6"\nversion = "6.7"', 'Not TOML: defining a key multiple times'],
  ])('%j has its fault named in its place', (text, fault) => {
    expect(shown(text).join('\n')).toContain(fault);
  });

  it.each([
    ['a missing value', 'possible ='], ['an unterminated text', 'x = "abc'], ['an unterminated list', 'x = ['], ['half a header', '[mach'],
    ['a stray bracket', ']'], ['a name twice', '[rules]\na = "off"\na = "off"'], ['a table twice', '[kernel]\n[kernel]'],
  ])('with %s keeps the rest usable', (_, broken) => {
    for (const text of [`${broken}\n${whole}`, `${whole}\n${broken}\n`, whole.replace('[limits]', `${broken}\n[limits]`)]) {
      const { profile, problems } = read(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(profile.machines.length + profile.limits.length + profile.apis.length).toBeGreaterThan(3);
    }
  });

  it.each(['onl', 'online', 'online =', 'online = "', 'online = [', 'costs.', '"onl'])('in which %j is being typed keeps all else of its table', (typed) => {
    const { profile, problems } = read(whole.replace('online = 320', typed));
    expect(profile.machine).toBe('rack-7');
    expect(profile.machines[0]?.topology).toMatchObject({ possibleCpus: 384, onlineCpus: 384, sockets: 2 });
    expect(problems).toHaveLength(1);
  });

  it('that is binary or far too large says so and nothing else', () => {
    expect(shown('\0ELF\0')).toEqual([expect.stringContaining('not UTF-8 text')]);
    expect(shown('# x\n'.repeat(2_500_000))).toEqual([expect.stringContaining('a percpu.toml of up to 256 KiB is read')]);
  });

  it('nested without end is answered', () => {
    expect(read(`x = ${'['.repeat(100_000)}${']'.repeat(100_000)}`).problems.length).toBeGreaterThan(0);
    expect(read(`${'a.'.repeat(10_000)}b = 1`).problems.length).toBeGreaterThan(0);
  });

  it('never throws, and points inside the file', () => {
    const lines = whole.split('\n');
    const edited = fc.array(fc.tuple(fc.nat(lines.length - 1), fc.oneof(fc.string(), fc.constantFrom('[', ']', '"', '=', '{', '}', '[[x]]', '[a.b]', 'a.b.c = 1', '"""', "'''", '0 = 0'))), { maxLength: 6 });
    fc.assert(
      fc.property(edited, (edits) => {
        const text = lines.map((line, at) => edits.find(([index]) => index === at)?.[1] ?? line).join('\n');
        for (const { span, message } of read(text).problems) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the example of the docs', () => {
  it('has no error and fills every section', () => {
    const example = /```toml\n(.*?)```/s.exec(readFileSync(path.resolve(import.meta.dirname, '../../docs/profile.md'), 'utf8'))?.[1] ?? '';
    const { profile, problems } = read(example);
    expect(problems).toEqual([]);
    for (const part of [profile.machines, profile.apis, profile.suppressions, profile.scenarios, profile.limits]) expect(part.length).toBeGreaterThan(0);
    expect([...profile.rules.keys()].filter((id) => !ruleById.has(id))).toEqual([]);
  });
});
