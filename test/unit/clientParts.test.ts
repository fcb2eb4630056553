import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterAt } from '../../client/src/byteColumn';
import { definitionLine } from '../../client/src/definitionLine';
import { parseCpuCount } from '../../client/views/cpuCount';
import { latestOnly } from '../../client/src/latestOnly';
import { reportText } from '../../client/src/reportText';
import { cpusAt, positionOf, sliderSteps, stepped } from '../../client/views/cpuScale';
import { bytes, cpus, duration, rate } from '../../client/views/format';
import { buildRows } from '../../client/views/report/rows';
import { largestHole } from '../../client/views/chunkMap/mapState';
import { siteAtCursor } from '../../client/views/report/siteAtCursor';
import { filterSites } from '../../client/views/report/siteFilter';
import { sortSites, type ComparedSite } from '../../client/views/report/siteOrder';
import { initialState, type ColumnId } from '../../client/views/report/viewState';
import type { ReportSite } from '../../server/src/protocol/report';
import { byteColumn, lineStarts } from '../../server/src/util/text';
import { fixtureReport } from '../editor/reportFixture';
import { sarifErrors } from '../sarifSchema';

describe('a CPU count as typed', () => {
  it.each(['0', '-1', '1e9', 'many', '', '2.5', '0x10', '8193', 'NaN', 'Infinity', '1 2'])('%j is refused with a sentence', (text) => {
    expect(parseCpuCount(text)).toEqual({ problem: expect.stringMatching(/CPU.*\.$/) as string });
  });

  it('is any whole number a kernel can have', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8192 }), (count) => {
      expect(parseCpuCount(` ${String(count)} `)).toEqual({ count });
    }));
  });
});

describe('the slider', () => {
  it('reaches both ends and gives back what it was set to within a step', () => {
    expect([cpusAt(0), cpusAt(sliderSteps)]).toEqual([1, 1024]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1024 }), (count) => {
      expect(Math.abs(cpusAt(positionOf(count)) - count) / count).toBeLessThanOrEqual(0.5 * (1024 ** (1 / sliderSteps) - 1) + 0.5 / count);
    }));
  });

  it('moves by at least a CPU and stays in range', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1024 }), (count) => {
      expect(stepped(count, 1)).toBe(Math.max(stepped(count, 1), Math.min(1024, count + 1)));
      expect(stepped(count, -1)).toBeLessThanOrEqual(Math.max(1, count - 1));
      expect(stepped(count, -1)).toBeGreaterThanOrEqual(1);
    }));
  });
});

describe('figures as text', () => {
  it('have no more digits than they have', () => {
    expect(duration({ low: 2123, mid: 4000, high: 9411 })).toBe('2.1–9.4 µs');
    expect(duration({ low: 0, mid: 3, high: 9 })).toBe('0–9 ns');
    expect(duration({ low: 999_900, mid: 999_900, high: 999_900 })).toBe('1,000 µs');
    expect(bytes(4096)).toBe('4 KiB');
    expect(bytes(1000)).toBe('1,000 B');
    expect(cpus({ low: 8.7, mid: 11, high: 14.2 })).toBe('9–14 CPUs');
    expect(rate(123_456)).toBe('120 k/s');
  });
});

describe('a byte column', () => {
  it('is found again as a character, whatever is before it', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n')), fc.nat(), (line, at) => {
      const characters = Array.from(line);
      const offset = characters.slice(0, at % (characters.length + 1)).join('').length;
      expect(characterAt(line, byteColumn(line, lineStarts(line), offset))).toBe(offset);
    }));
  });
});

describe('the report as a view', () => {
  const { sites, objects } = fixtureReport(300);
  const entries = sites.map((site, index) => ({ index, site }));
  const compared = ({ site }: { readonly site: ReportSite }): ComparedSite => ({
    site,
    here: { footprint: site.footprint, price: { shape: 0, create: site.create, destroy: site.destroy, locks: site.locks, knee_cpus: site.contention?.knee_cpus ?? null, bottleneck: null } },
    other: null,
    since: false,
  });
  const columnIds: ColumnId[] = ['site', 'api', 'allocates', 'footprint', 'trigger', 'create', 'destroy', 'locks', 'scales', 'advice'];

  it('keeps every site when sorting, unknown last whichever way', () => {
    fc.assert(fc.property(fc.constantFrom(...columnIds), fc.boolean(), (column, descending) => {
      const sorted = sortSites(entries, { column, descending }, compared).map(({ site }) => site);
      expect(new Set(sorted)).toEqual(new Set(sites));
      if (column !== 'footprint') return;
      const firstUnknown = sorted.findIndex((site) => site.footprint === null);
      expect(sorted.slice(firstUnknown).every((site) => site.footprint === null)).toBe(true);
    }));
  });

  it('groups without losing or doubling bytes', () => {
    const own = filterSites(entries, initialState).reduce((sum, { site }) => sum + (site.footprint ?? 0), 0);
    for (const group of ['directory', 'class', 'api', 'type', 'object'] as const) {
      const rows = buildRows(entries, objects, { ...initialState, group }, (entry) => compared({ site: sites[entry.index]! }));
      const total = rows.reduce((sum, row) => sum + (row.kind === 'group' ? row.group.footprint : 0), 0);
      expect(total).toBe(own);
    }
  });
});

describe('a search of the report', () => {
  const entries = fixtureReport(200).sites.map((site, index) => ({ index, site }));
  const found = (search: string): number => filterSites(entries, { ...initialState, kinds: 'all', search }).length;

  it('looks for every word anywhere, or in the field named before it', () => {
    expect(found('FUNCTION_12 alloc_percpu')).toBe(filterSites(entries, { ...initialState, kinds: 'all' }).filter(({ site }) => site.function?.startsWith('function_12') === true && site.api === 'alloc_percpu').length);
    expect(found('api:init_many')).toBe(entries.filter(({ site }) => site.api.includes('init_many')).length);
    expect(found('file:init_many')).toBe(0);
    expect(found('class:netns file:file_2.c')).toBe(entries.filter(({ site }) => site.frequency_class.includes('netns') && site.file.includes('file_2.c')).length);
  });
});

describe('the site at a cursor', () => {
  const { sites } = fixtureReport(100);

  it('is the nearest of the file, the one above before the one below', () => {
    expect(siteAtCursor(sites, 'net/sched/file_3.c', 53)?.line).toBe(53);
    expect(siteAtCursor(sites, 'net/sched/file_3.c', 60)?.line).toBe(53);
    expect(siteAtCursor(sites, 'net/sched/file_3.c', 85)?.line).toBe(93);
    expect(siteAtCursor(sites, 'net/sched/file_3.c', 500)).toBeUndefined();
    expect(siteAtCursor(sites, 'mm/percpu.c', 10)).toBeUndefined();
  });
});

describe('the place that a reason names', () => {
  const text = 'static void grow(int);\nint grow_more(void);\n\nstatic void\n__init grow(int by)\n{\n\tgrow(by);\n}\n#define shrink(x) grow(-(x))\nstruct tree { int height; };\n';

  it('is where it is defined, not where it is declared or called', () => {
    expect(definitionLine(text, 'grow')).toBe(5);
    expect(definitionLine(text, 'shrink')).toBe(9);
    expect(definitionLine(text, 'tree')).toBe(10);
    expect(definitionLine(text, 'grow_more')).toBeUndefined();
    expect(definitionLine(text, 'a(b')).toBeUndefined();
    expect(definitionLine(text, null)).toBeUndefined();
  });
});

describe('the largest hole of a unit', () => {
  it('is the longest run without an area', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 30 })), { maxLength: 20 }), (gaps) => {
      let offset = 0;
      const areas = gaps.map(([gap, size]) => {
        offset += gap + size;
        return { offset: offset - size, size, owner: null };
      });
      const longest = Math.max(...gaps.map(([gap]) => gap), 100);
      expect(largestHole(areas, offset + 100)).toEqual({ offset: expect.any(Number) as number, size: longest });
    }));
    expect(largestHole([{ offset: 0, size: 16, owner: null }], 16)).toBeNull();
  });
});

interface SarifLog {
  readonly version: string;
  readonly runs: readonly { readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }; readonly results: readonly { readonly ruleId: string; readonly message: { readonly text: string } }[] }[];
}

describe('an exported report', () => {
  const report = fixtureReport(3);
  const hostile = { ...report, sites: report.sites.map((site) => ({ ...site, function: '=cmd("x"),1', type: 'a|b\nc' })) };
  const ids = hostile.sites.map(({ id }) => id);

  it('is a table that spreadsheets read as text', () => {
    const lines = reportText(hostile, 'csv', ids, null).split('\r\n');
    expect(lines).toHaveLength(1 + 3 + 1);
    expect(lines[1]).toContain(`"'=cmd(""x""),1"`);
  });

  it('is a Markdown table whose cells hold', () => {
    const rows = reportText(hostile, 'markdown', ids, null).split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length))).toEqual(new Set([10]));
    expect(rows[2]).toContain('| `=cmd("x"),1` |');
  });

  it('is SARIF that says where each site is and what it costs, or why that is not known', () => {
    const log = JSON.parse(reportText(fixtureReport(11), 'sarif', fixtureReport(11).sites.map(({ id }) => id), null)) as SarifLog;
    expect(sarifErrors(log)).toEqual([]);
    const [run] = log.runs;
    expect([log.version, run?.results.length]).toEqual(['2.1.0', 11]);
    expect(run?.results[0]).toMatchObject({ ruleId: run?.tool.driver.rules[0]?.id, locations: [{ physicalLocation: { artifactLocation: { uri: 'net/sched/file_0.c' }, region: { startLine: 10 } } }] });
    expect(run?.results[0]?.message.text).toBe('percpu_counter_init_many: 2 KiB over 256 possible CPUs; every fork and exec; create 200–800 ns (uncalibrated: order of magnitude).');
    expect(run?.results[10]?.message.text).toContain('size unknown because struct thing is defined nowhere in the tree');
  });

  it('calls a static definition by its variable', () => {
    const [first, ...others] = report.sites;
    const statics = { ...report, sites: [{ ...first!, api: 'DEFINE_PER_CPU', function: null, variable: 'page_stats' }, ...others] };
    expect(reportText(statics, 'csv', ids, null).split('\r\n')[1]).toContain(',page_stats,DEFINE_PER_CPU,');
    expect(reportText(statics, 'markdown', ids, null)).toContain('| `page_stats` | `DEFINE_PER_CPU` |');
    expect(reportText(statics, 'html', ids, null)).toContain('<code>page_stats</code>');
    const sarif = JSON.parse(reportText(statics, 'sarif', ids, null)) as SarifLog;
    expect(sarifErrors(sarif)).toEqual([]);
    expect(sarif.runs[0]?.results[0]).toMatchObject({ locations: [{ logicalLocations: [{ name: 'page_stats', kind: 'variable' }] }] });
  });

  it('is a page in which source text stays text', () => {
    const page = reportText({ ...report, sites: report.sites.map((site) => ({ ...site, function: '<script>alert(1)</script>' })) }, 'html', ids, null);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|https?:|src=/);
  });

  it('is JSON with the sites shown, in the order shown', () => {
    const read = JSON.parse(reportText(report, 'json', [...ids].reverse(), null)) as typeof report;
    expect(read.sites.map(({ id }) => id)).toEqual([...ids].reverse());
  });
});

describe('a task of which only the latest counts', () => {
  it('skips what was asked for meanwhile, except the last', async () => {
    const done: number[] = [];
    let finish = (): void => undefined;
    const run = latestOnly(async (value: number) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      done.push(value);
    }, () => undefined);
    for (const value of [1, 2, 3, 4]) run(value);
    finish();
    await expect.poll(() => done).toEqual([1]);
    finish();
    await expect.poll(() => done).toEqual([1, 4]);
  });

  it('goes on after a failure', async () => {
    const errors: unknown[] = [];
    const done: number[] = [];
    const run = latestOnly((value: number) => (value === 1 ? Promise.reject(new Error('no')) : Promise.resolve(void done.push(value))), (error) => errors.push(error));
    run(1);
    run(2);
    await expect.poll(() => done).toEqual([2]);
    expect(errors).toHaveLength(1);
  });
});
