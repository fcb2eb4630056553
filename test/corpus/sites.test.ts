import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import type { SiteFact } from '../../server/src/facts/fileFacts';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { mentionFilter } from '../../server/src/kernel/catalogueMentions';
import { kernelVersion } from '../../server/src/kernel/version';
import { listFiles } from './listFiles';
import { kernelData, kernelTree } from '../referenceData';

const data = kernelData();
const tree = kernelTree('6.12');

interface Row {
  readonly key: string;
  readonly family: string;
  readonly enclosing: string;
  readonly inMacro: boolean;
  readonly firstArgument: string;
}

function table(name: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = readFileSync(path.join(data ?? '', name), 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

function siteKey(api: string, file: string, line: number | string, column: number | string): string {
  return `${api} ${file}:${line}:${column}`;
}

function truth(): Row[] {
  return table('sites-6.12.tsv').map((row) => ({
    key: siteKey(row['api'] ?? '', row['file'] ?? '', row['line'] ?? '', row['col'] ?? ''),
    family: row['family'] ?? '',
    enclosing: row['enclosing'] ?? '',
    inMacro: row['in_macro'] === '1',
    firstArgument: row['first_arg'] ?? '',
  }));
}

/** The truth covers the files whose path has an MD5 with an even first byte. */
function isCovered(file: string): boolean {
  return ((createHash('md5').update(file).digest()[0] ?? 1) & 1) === 0;
}

interface Found {
  /** Of the covered files, by key. */
  readonly sites: ReadonlyMap<string, SiteFact>;
  /** API, file and line of the same. */
  readonly mentions: ReadonlySet<string>;
  /** Of all files. */
  readonly all: readonly SiteFact[];
}

function findSites(root: string, names: ReadonlySet<string>): Found {
  const catalogue = catalogueFor(kernelVersion(6, 12));
  const mentions = mentionFilter(catalogue.byName.keys());
  const sites = new Map<string, SiteFact>();
  const lines = new Set<string>();
  const all: SiteFact[] = [];
  for (const file of listFiles(root)) {
    const bytes = readFileSync(path.join(root, file));
    if (!mentions(bytes)) continue;
    for (const site of fileFacts(bytes.toString('utf8'), catalogue).sites) {
      if (!names.has(site.api)) continue;
      all.push(site);
      if (!isCovered(file)) continue;
      sites.set(siteKey(site.api, file, site.line, site.column), site);
      lines.add(`${site.api} ${file}:${site.line}`);
    }
  }
  return { sites, mentions: lines, all };
}

/** The recordings were made from this version: other line numbers say nothing. */
function isRecordedVersion(root: string): boolean {
  const makefile = readFileSync(path.join(root, 'Makefile'), 'utf8');
  return /^PATCHLEVEL = 12$/m.test(makefile) && /^SUBLEVEL = 117$/m.test(makefile);
}

const ready = data !== undefined && tree !== undefined && existsSync(path.join(tree, 'Makefile')) && isRecordedVersion(tree);

describe.skipIf(!ready)('the percpu call sites of linux 6.12', () => {
  const rows = ready ? truth() : [];
  const names = ready ? table('apis.tsv').map((row) => row['api'] ?? '') : [];
  const found: Found = ready ? findSites(tree, new Set(names)) : { sites: new Map(), mentions: new Set(), all: [] };
  const expected = new Set(rows.map(({ key }) => key));
  const families = ['dyn', 'counter', 'up', 'static'];

  it('are recorded for every family', () => {
    expect(rows.length).toBeGreaterThan(1_500);
    expect([...new Set(rows.map(({ family }) => family))].sort()).toEqual([...families].sort());
  });

  it.each(families)('of family %s are found, and no others', (family) => {
    const wanted = rows.filter((row) => row.family === family);
    const missed = wanted.filter(({ key }) => !found.sites.has(key)).map(({ key }) => key);
    const invented = [...found.sites].filter(([key, site]) => site.family === family && !expected.has(key)).map(([key]) => key);
    const hits = wanted.length - missed.length;
    const recall = hits / wanted.length;
    const precision = hits / (hits + invented.length);
    process.stdout.write(`${family}: ${wanted.length} sites, recall ${recall.toFixed(4)}, precision ${precision.toFixed(4)}\n`);
    expect({ missed, invented }).toEqual({ missed: [], invented: [] });
    expect(Math.min(recall, precision)).toBeGreaterThanOrEqual(0.999);
  });

  /** Counted by two lexers of other make over the whole tree: outside macro bodies, and inside them. */
  it.each([
    ['dyn', 797, 13],
    ['counter', 505, 2],
    ['up', 1_236, 7],
    ['static', 1_121, 34],
  ])('of family %s are as many in the whole tree as were counted', (family, plain, inMacros) => {
    const own = found.all.filter((site) => site.family === family);
    expect([own.filter((site) => !site.inMacro).length, own.filter((site) => site.inMacro).length]).toEqual([plain, inMacros]);
  });

  it.each([
    ['enclosing function', (row: Row, site: SiteFact) => (site.function ?? '') === row.enclosing],
    ['macro flag', (row: Row, site: SiteFact) => site.inMacro === row.inMacro],
    ['first argument', (row: Row, site: SiteFact) => (site.arguments[0] ?? '') === row.firstArgument],
    ['family', (row: Row, site: SiteFact) => site.family === row.family],
  ])('have the right %s', (_, agrees) => {
    const wrong = rows.filter((row) => {
      const site = found.sites.get(row.key);
      return site !== undefined && !agrees(row, site);
    });
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  it('are none of the recorded definitions, declarations and references', () => {
    const negatives = table('noncalls-6.12.tsv');
    // A line such as `#define DEFINE_PER_CPU_X(type, name) DEFINE_PER_CPU(type, name)` also has a call: of another name.
    const taken = negatives.filter((row) => found.mentions.has(`${row['api'] ?? ''} ${row['file'] ?? ''}:${row['line'] ?? ''}`));
    expect(negatives.length).toBeGreaterThan(100);
    expect(taken).toEqual([]);
  });
});
