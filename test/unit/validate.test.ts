import { describe, expect, it } from 'vitest';
import { predict } from '../../server/src/estimate/figurePrediction';
import { packedBytes } from '../../server/src/estimate/packing';
import { publishedFigures } from '../../server/src/estimate/publishedFigures';
import { rankCorrelation, rounding, validate, type ValidationRow } from '../../server/src/estimate/validate';
import { parseFigures, type PublishedFigure, type Use } from '../../server/src/estimate/validationRow';

const rows = validate();

function ofUse(use: Use): readonly ValidationRow[] {
  return rows.filter((row) => row.use === use && row.verdict !== 'not-modelled');
}

function figure(id: string): PublishedFigure {
  const found = publishedFigures.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
}

const failures = (list: readonly ValidationRow[]): readonly string[] => list.filter(({ verdict }) => verdict === 'fail').map(({ id, reason }) => `${id}: ${reason}`);

describe('the published figures', () => {
  it('have one use each', () => {
    expect(new Set(publishedFigures.map(({ id }) => id)).size).toBe(publishedFigures.length);
    const figures = publishedFigures.map(({ source, scenario, machine, clients, metric, published, note }) => JSON.stringify([source, scenario, machine, clients, metric, published, note]));
    expect(new Set(figures).size).toBe(figures.length);
    const fitted = new Set(publishedFigures.filter(({ use }) => use === 'fit').map(({ published }) => published));
    expect(publishedFigures.filter(({ use, published }) => use !== 'fit' && fitted.has(published))).toEqual([]);
  });

  it('are all answered: predicted beside published, or not modelled with the reason', () => {
    expect(rows.length).toBe(publishedFigures.length);
    for (const { predicted, verdict, reason } of rows) {
      expect(reason.length).toBeGreaterThan(0);
      if (predicted === null) expect(verdict).toBe('not-modelled');
    }
    expect(rows.filter(({ verdict }) => verdict === 'not-modelled').map(({ id }) => id)).toEqual([
      'atomic-page-fault', 'per-node-224-fault', 'per-node-112', 'cid-rewrite-8', 'cid-rewrite-32', 'oom-choice-256',
    ]);
  });

  it('hold: exact ones exactly, bounds, signs and shapes', () => {
    for (const use of ['exact', 'bound', 'sign', 'shape'] as const) {
      expect(ofUse(use).length, use).toBeGreaterThan(3);
      expect(failures(ofUse(use)), use).toEqual([]);
    }
  });

  it('are within 15 % where constants were chosen on them, and inside sharp intervals where not', () => {
    expect(failures(ofUse('fit'))).toEqual([]);
    expect(failures(ofUse('validate'))).toEqual([]);
    for (const { predicted } of ofUse('validate')) expect((predicted?.high ?? NaN) / (predicted?.low ?? NaN)).toBeLessThanOrEqual(3);
  });

  it('show the fall as the second socket joins', () => {
    for (const curve of ['lock-open1', 'lock-lock2']) {
      const at = (clients: number): number => rows.find(({ id }) => id === `${curve}-${String(clients)}`)?.predicted?.mid ?? NaN;
      expect(at(32), curve).toBeLessThan(0.65 * at(16));
      expect(at(142), curve).toBeGreaterThan(0.7 * at(32));
    }
  });

  it('keep the order of gains: constructors help far more on 192 CPUs than on 24', () => {
    const gain = (id: string): number => rows.find((row) => row.id === id)?.predicted?.mid ?? NaN;
    expect(gain('ctor-dtor-192')).toBeGreaterThan(3 * gain('ctor-dtor-24'));
  });

  it('are predicted without regard to the figure itself', () => {
    for (const id of ['tc-gact-allocs', 'tc-tunnel-allocs', 'doexec-192']) {
      const row = figure(id);
      expect(predict({ ...row, published: row.published * 17 })).toEqual(predict(row));
    }
  });
});

describe('a wrong figure', () => {
  const judge = (row: Partial<PublishedFigure>): ValidationRow | undefined => validate([{ ...figure('tc-tunnel-allocs'), ...row }])[0];

  it.each([
    [{ published: 6_440_000 }, 'fail'],
    [{ use: 'fit', published: 1_000_000 }, 'fail'],
    [{ use: 'bound', bound: 'upper', published: 100_000 }, 'fail'],
    [{ use: 'bound', bound: 'lower', published: 100_000 }, 'pass'],
    [{ use: 'sign', metric: 'gain_percent', after: ['no-percpu'], published: -20 }, 'fail'],
    [{ use: 'exact', metric: 'bytes', published: 5000 }, 'fail'],
    [{ use: 'shape' }, 'not-modelled'],
    [{ metric: 'gain_percent' }, 'not-modelled'],
    [{ scenario: 'moon-landing' }, 'not-modelled'],
    [{ machine: 'abacus' }, 'not-modelled'],
    [{ kernel: 'six' }, 'not-modelled'],
    [{ after: ['magic'] }, 'not-modelled'],
    [{ after: ['dual-mode'] }, 'not-modelled'],
    [{ metric: 'error_bytes' }, 'not-modelled'],
  ] as const)('%j is a %s', (change, verdict) => {
    expect(judge(change)?.verdict).toBe(verdict);
    expect(judge(change)?.reason).not.toBe('');
  });
});

describe('rows from a file', () => {
  const good = {
    id: 'mine', source: 'own run', use: 'validate', machine: { possible: 64, sockets: 1, cores_per_llc: 32, smt: 2, latency_ns: { smt: 8, llc: 50, socket: 50, remote: 110 } },
    kernel: '6.12', scenario: 'fork-exit', clients: 64, before: [], after: null, metric: 'ops_per_s', published: 250_000, bound: null, note: '',
  };

  it('are read as a list or under "rows", with the machine described in place', () => {
    for (const text of [JSON.stringify([good]), JSON.stringify({ rows: [good] })]) {
      const parsed = parseFigures(text);
      expect(parsed.ok).toBe(true);
      const [row] = parsed.ok ? validate(parsed.rows) : [];
      expect(row?.predicted?.mid).toBeGreaterThan(50_000);
    }
  });

  it.each([
    ['{', 'not JSON'], ['"x"', 'list of rows'], ['[3]', 'row 1: is not an object'],
    [JSON.stringify([good, { ...good, use: 'guess' }]), 'row 2: "use"'],
    [JSON.stringify([{ ...good, metric: 'smiles' }]), '"metric"'],
    [JSON.stringify([{ ...good, clients: 0 }]), '"clients"'],
    [JSON.stringify([{ ...good, published: 'many' }]), '"published"'],
    [JSON.stringify([{ ...good, machine: { possible: 4 } }]), '"sockets"'],
    [JSON.stringify([{ ...good, machine: { ...good.machine, latency_ns: {} } }]), 'latency_ns.smt'],
    [JSON.stringify([{ ...good, after: 'dual-mode' }]), '"after"'],
    [JSON.stringify([{ ...good, use: 'bound' }]), 'a bound'],
    ['[]', 'no row'],
    [JSON.stringify([good, { ...good, id: 'other' }, { ...good, use: 'sign' }]), 'row 3: "id" mine is that of row 1'],
  ])('%s is refused with its fault', (text, fault) => {
    const parsed = parseFigures(text);
    expect(parsed.ok ? '' : parsed.message).toContain(fault);
  });

  it('are one curve on one machine and kernel only, and none where nothing rises or falls', () => {
    const point = (id: string, clients: number, published: number, kernel = '6.12') => ({ ...good, id, use: 'shape', clients, published, kernel });
    const judged = (rows: readonly object[]) => {
      const parsed = parseFigures(JSON.stringify(rows));
      return parsed.ok ? validate(parsed.rows).map(({ verdict }) => verdict) : [parsed.message];
    };
    const rising = [point('a', 1, 1), point('b', 4, 2), point('c', 16, 3)];
    expect(judged(rising)).toEqual(['pass', 'pass', 'pass']);
    expect(judged([...rising, point('d', 32, 1, '6.1')])).toEqual(['pass', 'pass', 'pass', 'not-modelled']);
    expect(judged([point('a', 1, 1), point('b', 4, 1), point('c', 16, 1)])).toEqual(['not-modelled', 'not-modelled', 'not-modelled']);
  });

  it('describe a guest as slower where CPUs compete', () => {
    const at = (guest: boolean): number => predict({ ...figure('doexec-26-before'), machine: { ...good.machine, guest }, clients: 64 }).predicted?.mid ?? NaN;
    expect(at(true)).toBeLessThan(at(false));
  });
});

describe('judging', () => {
  it('ranks with ties', () => {
    expect(rankCorrelation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 2], [5, 5, 9])).toBeCloseTo(1, 12);
  });

  it('rounds to the digits that are published', () => {
    expect(rounding(1400)).toBe(50);
    expect(rounding(2820)).toBe(5);
    expect(rounding(0.5)).toBeCloseTo(0.05, 12);
  });

  it('counts areas alone at least, with the gaps of alignment at most', () => {
    const area = (size: number, align: number) => ({ what: 'x', size, align, atomic: false, accounted: false });
    expect(packedBytes([area(16, 16), area(16, 16), area(20, 4)], 24)).toMatchObject({ low: 1248, high: 64 * 24 - (12 * 24) / 64 });
    expect(packedBytes([area(4, 4)], 8)).toEqual({ low: 32, mid: 32, high: 32 });
  });
});
