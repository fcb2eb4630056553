import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterAt } from '../../client/src/byteColumn';
import { parseCpuCount } from '../../client/views/cpuCount';
import { latestOnly } from '../../client/src/latestOnly';
import { reportText } from '../../client/src/reportText';
import { cpusAt, positionOf, sliderSteps, stepped } from '../../client/views/cpuScale';
import { bytes, cpus, duration, rate } from '../../client/views/format';
import { buildRows } from '../../client/views/report/rows';
import { filterSites } from '../../client/views/report/siteFilter';
import { sortSites } from '../../client/views/report/siteOrder';
import { initialState, type ColumnId } from '../../client/views/report/viewState';
import { byteColumn, lineStarts } from '../../server/src/util/text';
import { fixtureReport } from '../editor/reportFixture';

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
  const entries = sites.map((site, index) => ({ index, site, other: null }));
  const columnIds: ColumnId[] = ['site', 'api', 'allocates', 'footprint', 'trigger', 'create', 'destroy', 'locks', 'scales', 'advice'];

  it('keeps every site when sorting, unknown last whichever way', () => {
    fc.assert(fc.property(fc.constantFrom(...columnIds), fc.boolean(), (column, descending) => {
      const sorted = sortSites(entries, { column, descending }).map(({ site }) => site);
      expect(new Set(sorted)).toEqual(new Set(sites));
      if (column !== 'footprint') return;
      const firstUnknown = sorted.findIndex((site) => site.footprint === null);
      expect(sorted.slice(firstUnknown).every((site) => site.footprint === null)).toBe(true);
    }));
  });

  it('groups without losing or doubling bytes', () => {
    const own = filterSites(entries, initialState).reduce((sum, { site }) => sum + (site.footprint ?? 0), 0);
    for (const group of ['directory', 'class', 'api', 'type', 'object'] as const) {
      const rows = buildRows(entries, objects, { ...initialState, group });
      const total = rows.reduce((sum, row) => sum + (row.kind === 'group' ? row.group.footprint : 0), 0);
      expect(total).toBe(own);
    }
  });
});

describe('an exported report', () => {
  const report = fixtureReport(3);
  const hostile = { ...report, sites: report.sites.map((site) => ({ ...site, function: '=cmd("x"),1', type: 'a|b\nc' })) };
  const ids = hostile.sites.map(({ id }) => id);

  it('is a table that spreadsheets read as text', () => {
    const lines = reportText(hostile, 'csv', ids).split('\r\n');
    expect(lines).toHaveLength(1 + 3 + 1);
    expect(lines[1]).toContain(`"'=cmd(""x""),1"`);
  });

  it('is a Markdown table whose cells hold', () => {
    const rows = reportText(hostile, 'markdown', ids).split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length))).toEqual(new Set([8]));
  });

  it('is JSON with the sites shown, in the order shown', () => {
    const read = JSON.parse(reportText(report, 'json', [...ids].reverse())) as typeof report;
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
