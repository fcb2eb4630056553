import { describe, expect, it } from 'vitest';
import { cpuListOf } from '../../client/views/cpuList';
import { mixOf } from '../../client/views/mixText';
import { loadOf, loadProblem, textOfLoad } from '../../client/views/siteLoad';
import { moved, panned, wholeView, zoomed } from '../../client/views/simulation/timelineMoves';
import { withRefused, withRuns, withShown, emptyState, runOf } from '../../client/views/simulation/panelState';
import type { RunChange, StoredRun } from '../../client/views/messages';

describe('CPU counts as typed', () => {
  it('are sorted, each once', () => {
    expect(cpuListOf(' 64, 1 16,64 ')).toEqual({ counts: [1, 16, 64] });
  });

  it.each(['', ' , ', '1, 100000', '0', '2.5', 'many', '-4'])('%j is refused with a sentence', (text) => {
    expect(cpuListOf(text)).toEqual({ problem: expect.stringMatching(/CPU.*\.$/) as string });
  });
});

describe('a mix as typed', () => {
  const known = ['fork-exec', 'netns'];

  it('is scenarios with shares, 1 where none is given', () => {
    expect(mixOf('fork-exec=3, netns', known)).toEqual([{ scenario: 'fork-exec', share: 3 }, { scenario: 'netns', share: 1 }]);
  });

  it.each([['', /shares/], ['teapot=1', /no scenario; there are fork-exec/], ['netns=0', /above 0/], ['netns=x', /above 0/], ['netns=-1', /above 0/]])('%j is refused', (text, reason) => {
    expect(mixOf(text, known)).toMatch(reason);
  });
});

describe('the load of a site as typed', () => {
  it.each([['rate', '0'], ['rate', '-3'], ['rate', 'fast'], ['lifetime', '-1'], ['concurrency', '0'], ['concurrency', '1.5']] as const)('%s %j has a problem', (field, text) => {
    expect(loadProblem(field, text)).toMatch(/\.$/);
  });

  it('is back to back where nothing is typed, and reads back as it was', () => {
    expect(loadOf({ rate: '', lifetime: ' ', concurrency: '' })).toEqual({ rate_per_s: null, lifetime_ns: null, concurrency: null });
    const texts = { rate: '5000', lifetime: '2.5', concurrency: '16' };
    expect(loadOf(texts)).toEqual({ rate_per_s: 5000, lifetime_ns: 2.5e6, concurrency: 16 });
    expect(textOfLoad(loadOf(texts))).toEqual(texts);
  });
});

describe('the view of a timeline', () => {
  const extent = { from_ns: 1000, to_ns: 101_000, lanes: [[], [], []] };

  it('never leaves what was recorded', () => {
    const keys = ['+', '+', 'PageUp', 'ArrowLeft', 'ArrowUp', '-', 'PageDown', '+', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', '-', '-', '-'];
    let view = wholeView(extent);
    for (const key of keys) {
      view = moved(extent, view, key) ?? view;
      expect(view.from).toBeGreaterThanOrEqual(extent.from_ns);
      expect(view.to).toBeLessThanOrEqual(extent.to_ns + 1e-6);
      expect(view.to).toBeGreaterThan(view.from);
      expect([0, 1, 2]).toContain(view.lane);
    }
    expect(moved(extent, view, '0')).toMatchObject({ from: 1000, to: 101_000 });
    expect(moved(extent, view, 'q')).toBeNull();
  });

  it('zooms around its cursor, which stays where it is on the screen', () => {
    const view = zoomed(extent, { ...wholeView(extent), time: 51_000 }, 0.5);
    expect((view.time - view.from) / (view.to - view.from)).toBeCloseTo(0.5, 9);
    expect(panned(extent, view, 1e9).to).toBe(101_000);
  });
});

describe('the results that a panel shows', () => {
  const run = (id: string, change: RunChange = {}): StoredRun => ({
    plan: { params: { run: id, scenario: 'netns', cpus: [1], strategies: [], seed: 1, ...change }, scenarioTitle: '', strategyTitles: {}, choices: { strategies: [], machines: [], kernel: '6.12', machine: 'server-64' } },
    points: [], done: 0, total: 1, outcome: { state: 'stopped' }, further: {},
  });

  it('are the last one, and the one before it where it was run again with a change', () => {
    const one = withRuns(emptyState, [run('a')]);
    expect(one.shown).toBe('a');
    const two = withShown(one, [run('a'), run('b')], 'b', 'a');
    expect([two.shown, two.beside]).toEqual(['b', 'a']);
    expect(withShown(two, [run('c')], 'c', 'a').beside).toBeNull();
    expect(withRuns(two, [run('b')])).toMatchObject({ shown: 'b', beside: null });
  });

  it('go back to what was shown where a request is refused, with what was changed still there', () => {
    const two = withShown(withRuns(emptyState, [run('a')]), [run('a'), run('b', { seed: 7 })], 'b', 'a');
    const back = withRefused(two, 'b', 'no');
    expect(back).toMatchObject({ shown: 'a', beside: null, refusal: 'no', change: { seed: 7 } });
    expect(runOf(back, 'b')).toBeNull();
    const nothing = withRefused(withShown(emptyState, [run('x')], 'x', null), 'x', 'no');
    expect(nothing).toMatchObject({ shown: null, refusal: 'no', change: {} });
  });
});
