import { describe, expect, it } from 'vitest';
import { reportText } from '../../client/src/reportText';
import type { ExportedComparison } from '../../client/views/messages';
import { commitDifference } from '../../client/views/report/commitDifference';
import { evaluationOf } from '../../client/views/report/evaluation';
import { differenceText } from '../../client/views/report/figureText';
import { buildRows } from '../../client/views/report/rows';
import type { ComparedSite } from '../../client/views/report/siteOrder';
import { initialState, restoredState, savedComparison } from '../../client/views/report/viewState';
import { editorComparison } from '../../server/src/features/diff/editorComparison';
import { reportDifference } from '../../server/src/features/diff/reportDifference';
import { priceOfShape, shapeByNumber, shapesOf } from '../../server/src/features/prices';
import { reportOf } from '../../server/src/features/report';
import type { KernelVersion } from '../../server/src/kernel/version';
import type { ReportDifference } from '../../server/src/protocol/comparison';
import { sarifErrors } from '../sarifSchema';
import { snapshotOfTexts } from './memoryWorkspace';

const before = {
  'mm/room.c': `
int copy_process(struct room *room)
{
	room->kept = alloc_percpu(u64);
	room->grown = __alloc_percpu(40, 8);
	return percpu_counter_init(&room->gone, 0, GFP_KERNEL);
}
`,
};
const after = {
  'mm/room.c': `
int copy_process(struct room *room)
{
	room->kept = alloc_percpu(u64);
	room->grown = __alloc_percpu(72, 8);
	room->fresh = __alloc_percpu(100, 4);
	return 0;
}
`,
};

function compared(was: typeof before, now: typeof before, kernel?: KernelVersion): { readonly told: ReportDifference; readonly report: ReturnType<typeof reportOf>; readonly entries: ComparedSite[] } {
  const [base, snapshot] = [{ name: 'HEAD', snapshot: snapshotOfTexts(was, kernel === undefined ? {} : { kernel }) }, snapshotOfTexts(now)];
  const told = { ...reportDifference(base, snapshot, editorComparison(base, snapshot)), number: 1, sites_revision: 1 };
  const report = reportOf(snapshot);
  const basis = { shapes: shapesOf(snapshot, snapshot.kernel), footprints: report.sites.map(({ footprint }) => footprint), possible: report.cpus.possible };
  const difference = commitDifference(told, report.sites.map((site, index) => ({ index, site })), basis);
  const setting = { machine: report.machine, cpus: 256, kernel: report.kernel };
  const [here, there] = [basis, difference.basis].map((one) => evaluationOf({ ...one, possible: basis.possible }, setting, 256, new Map(), new Map()));
  return { told, report, entries: difference.entries.map((entry) => ({ ...entry, here: here!.figures(entry.index), other: there!.figures(entry.index), since: true })) };
}

const argumentOf = ({ site }: ComparedSite): string => site.first_argument ?? '';

describe('a report beside a commit', () => {
  const { told, report, entries } = compared(before, after);

  it('has bytes of both sides, what came since, and what is only there at the end', () => {
    expect(entries.map((row) => [argumentOf(row), row.change?.change.change ?? null, row.other?.footprint, row.here?.footprint, differenceText('footprint', row).text])).toEqual([
      ['u64', null, 2048, 2048, '0'],
      ['72', 'changed', 40 * 256, 72 * 256, '+8 KiB (+80 %)'],
      ['100', 'added', undefined, 100 * 256, '+25 KiB'],
      ['&room->gone', 'removed', 4 * 256, undefined, '−1 KiB (−100 %)'],
    ]);
    expect(new Set(entries.map(({ site }) => site.id)).size).toBe(entries.length);
  });

  it('prices both sides by the shapes of their lives, those of the kernel there', () => {
    const { told: older, report: now } = compared(before, before, { major: 6, minor: 1 });
    expect(older.changes).toEqual([]);
    expect(older.notes).toEqual([expect.stringContaining('HEAD is kernel 6.1') as string]);
    const old = snapshotOfTexts(before, { kernel: { major: 6, minor: 1 } });
    const theirs = reportOf(old).sites.map(({ create }) => create);
    expect(older.shapes.map((shape) => priceOfShape(shapeByNumber(shape!)!, old).create)).toEqual(theirs);
    expect(now.sites).toHaveLength(theirs.length);
    expect(told.shapes[1]).not.toBeNull();
    expect(told.shapes[2]).toBeNull();
  });

  it('gives no times where those of one side are not modelled, and says so', () => {
    const base = { name: 'HEAD', snapshot: snapshotOfTexts(before, { config: 'CONFIG_SMP=y\nCONFIG_PREEMPT_RT=y\n' }) };
    const snapshot = snapshotOfTexts(after);
    const difference = reportDifference(base, snapshot, editorComparison(base, snapshot));
    expect(new Set([...difference.shapes, ...difference.changes.map(({ shape }) => shape)])).toEqual(new Set([null]));
    expect(difference.notes.join()).toMatch(/Times of HEAD are not compared: .*PREEMPT_RT/);
  });

  it('sums in its groups what is there, with what came since', () => {
    const rows = buildRows(entries.map((row, index) => ({ ...row, index })), report.objects, { ...initialState, group: 'directory' }, (entry) => entries[entry.index]!);
    expect(rows[0]).toMatchObject({ kind: 'group', group: { sites: 3, footprint: (8 + 72 + 100) * 256, growth: (32 + 100 - 4) * 256 } });
    expect(buildRows(entries.map((row, index) => ({ ...row, index })), [], { ...initialState, group: 'none', kinds: 'changed' }, (entry) => entries[entry.index]!)).toHaveLength(3);
  });

  it('is shown once its commit was read again, in the order it had', () => {
    const saved = { compared: { kind: 'commit', ref: 'HEAD' }, kinds: 'all', sort: { column: 'create-difference', descending: true } } as const;
    const kept = restoredState(saved);
    expect(savedComparison(saved)).toEqual({ ref: 'HEAD', kinds: 'all', sort: saved.sort });
    expect(savedComparison({ compared: null })).toBeNull();
    expect(savedComparison(undefined)).toBeNull();
    expect(kept).toMatchObject({ compared: null, kinds: 'all', sort: { column: 'create', descending: true } });
    expect(restoredState({ compared: { machine: 'laptop-8', cpus: null, kernel: null } as never }).compared).toBeNull();
    expect(restoredState({ compared: { kind: 'kernel', kernel: '6.1', cpus: 8 } }).compared).toEqual({ kind: 'kernel', kernel: '6.1', cpus: 8 });
  });
});

describe('an exported comparison with a commit', () => {
  const { report, entries } = compared(before, after);
  const ids = entries.map(({ site }) => site.id);
  const exported: ExportedComparison = {
    name: 'HEAD', kind: 'commit', machine: report.machine, cpus: 256, kernel: report.kernel,
    sites: Object.fromEntries(entries.map(({ site, change, other }) => [site.id, {
      change: change?.change.change ?? null,
      figures: other === null ? null : { footprint: other.footprint, create: { ns: { low: 1, mid: 2, high: 3 } }, destroy: null, knee_cpus: null },
    }])),
    removed: entries.filter(({ here }) => here === null).map(({ site }) => site),
  };

  it('has both sides and the difference in every row of CSV', () => {
    const [head, ...lines] = reportText(report, 'csv', ids, exported).trimEnd().split('\r\n').map((line) => line.split(','));
    const column = (name: string): (string | undefined)[] => lines.map((line) => line[head!.indexOf(name)]);
    expect(column('change')).toEqual(['', 'changed', 'added', 'removed']);
    expect(column('footprint_bytes')).toEqual(['2048', '18432', '25600', '']);
    expect(column('other_footprint_bytes')).toEqual(['2048', '10240', '', '1024']);
    expect(column('footprint_difference_bytes')).toEqual(['0', '8192', '25600', '-1024']);
    expect(column('other_create_ns_mid')).toEqual(['2', '2', '', '2']);
  });

  it('has them in Markdown and HTML', () => {
    const table = reportText(report, 'markdown', ids, exported);
    expect(table).toContain('compared with HEAD');
    expect(table.split('\n').filter((line) => line.startsWith('|')).at(-1)).toMatch(/`percpu_counter_init` \|\s+\|\s+\| .* \| removed \| 1 KiB \| −1 KiB \|$/);
    expect(new Set(table.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').length)).size).toBe(1);
    const page = reportText(report, 'html', ids, exported);
    expect(page).toContain('Compared with HEAD: differences are what came since.');
    expect(page).toMatch(/<td>added<\/td><td class="numeric"><\/td><td class="numeric">\+25 KiB<\/td>/);
    expect(page).toContain('3 of 3 sites.');
  });

  it('says the baseline state in SARIF, and holds the comparison in JSON', () => {
    const log = JSON.parse(reportText(report, 'sarif', ids, exported)) as { runs: { results: { baselineState: string; message: { text: string } }[] }[] };
    expect(sarifErrors(log)).toEqual([]);
    expect(log.runs[0]?.results.map(({ baselineState }) => baselineState)).toEqual(['unchanged', 'updated', 'new', 'absent']);
    expect(log.runs[0]?.results[3]?.message.text).toBe('percpu_counter_init: no longer here. 1 KiB in HEAD.');
    const read = JSON.parse(reportText(report, 'json', ids, exported)) as { sites: unknown[]; compared: ExportedComparison };
    expect(read.sites).toHaveLength(3);
    expect(read.compared).toEqual(exported);
  });
});
