import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import type { SiteFact } from '../../server/src/facts/fileFacts';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { kernelVersion } from '../../server/src/kernel/version';
import { sizeOfSite } from '../../server/src/resolve/siteSize';
import { sizeofTypes } from '../../server/src/resolve/sizeofTypes';
import { type TypeWorld, typeWorld } from '../../server/src/resolve/typeWorld';
import { kernelData, kernelTree } from '../referenceData';
import { seeded } from '../seeded';
import { diskTree } from '../sourceTrees';

const data = kernelData();
const tree = kernelTree('6.12');
const configFile = kernelData('config', 'config-6.12.117+deb12-cloud-amd64');

function table(name: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = readFileSync(path.join(data ?? '', name), 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

function kernelWorld(): TypeWorld {
  const configuration = parseConfiguration(readFileSync(configFile ?? '', 'utf8'), 'the kernel’s configuration');
  return typeWorld({ tree: diskTree(tree ?? ''), architecture: 'x86_64', configuration });
}

const available = data !== undefined && tree !== undefined && configFile !== undefined;

describe.skipIf(!available)('sizes from source alone', () => {
  it('are right at the allocation sites of built-in code, but for at most one unknown', () => {
    const world = kernelWorld();
    const catalogue = catalogueFor(kernelVersion(6, 12));
    const sitesOf = (file: string): readonly SiteFact[] => fileFacts(world.tree.read(file) ?? '', catalogue).sites;
    const byFile = new Map<string, readonly SiteFact[]>();
    // Run-time sizes have none in the table; an alignment that is an argument is not the type's.
    const rows = table('types-sized-6.12.tsv').filter((row) => row['size_cloud'] !== '');
    const wrong: string[] = [];
    const unknown: string[] = [];
    for (const { api = '', file = '', line = '', size_cloud: size = '', align_expr: alignment = '' } of rows) {
      const sites = byFile.get(file) ?? sitesOf(file);
      byFile.set(file, sites);
      const site = sites.find((each) => each.api === api && String(each.line) === line);
      const where = `${api} ${file}:${line}`;
      if (site === undefined) {
        unknown.push(`${where}: no site`);
        continue;
      }
      const found = sizeOfSite(world, file, site, catalogue.byName.get(api));
      if (found.size === null) unknown.push(`${where}: ${found.reason}`);
      else if (String(found.size) !== size) wrong.push(`${where}: ${found.size}, not ${size}; ${alignment}`);
    }
    expect(rows.length).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
    expect(unknown.length, unknown.join('\n')).toBeLessThanOrEqual(1);
  });

  it('are those of the symbols at static definitions in built-in code', () => {
    const world = kernelWorld();
    const catalogue = catalogueFor(kernelVersion(6, 12));
    const symbols = new Map<string, number>();
    for (const line of readFileSync(path.join(data ?? '', 'static-percpu-6.12.tsv'), 'utf8').split('\n')) {
      const [name = '', , size, type] = line.split('\t');
      if (type === 'OBJECT') symbols.set(name, Number(size));
    }
    const definitions = table('sites-6.12.tsv').filter(({ family, api }) => family === 'static' && api?.startsWith('DEFINE') === true);
    const files = new Set(definitions.map(({ file = '' }) => file).filter((file) => world.build.files.get(world.build.compiledAs(file))?.linkage === 'kernel'));
    const wrong: string[] = [];
    let compared = 0;
    for (const file of files) {
      for (const site of fileFacts(world.tree.read(file) ?? '', catalogue).sites) {
        const expected = symbols.get(/^\w+/.exec(site.arguments[1] ?? '')?.[0] ?? '');
        if (site.kind !== 'define' || expected === undefined) continue;
        compared += 1;
        const { size, reason } = sizeOfSite(world, file, site, catalogue.byName.get(site.api));
        if (size !== expected) wrong.push(`${file}:${site.line}: ${size ?? reason}, not ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(150);
  });

  it.each([1, 2])('are right for random structs of the kernel (seed %i)', (seed) => {
    const random = seeded(seed);
    const rows = table('sizes-6.12.tsv')
      .filter(({ kind }) => kind === 'struct')
      .map((row) => ({ row, order: random() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, 2_000)
      .map(({ row }) => row);
    const answers = sizeofTypes(kernelWorld(), rows.map(({ name = '' }) => `struct ${name}`));
    const known = answers.flatMap((answer, index) => (answer.size === null ? [] : [{ answer, row: rows[index] }]));
    const wrong = known.filter(({ answer, row }) => String(answer.size) !== row?.['size']).map(({ answer }) => `${answer.name} ${answer.size ?? 0}`);
    const unknown = answers.filter(({ size }) => size === null).map(({ name, reason }) => `${name}: ${reason}`);
    expect(wrong.length / known.length, wrong.join('\n')).toBeLessThanOrEqual(0.001);
    expect(known.length / rows.length, unknown.join('\n')).toBeGreaterThanOrEqual(0.97);
  });

  it('have alignments that agree with the sizes, and with those of the debug information where nothing is packed', () => {
    const rows = table('sizes-6.12.tsv').filter(({ kind, align_source: source }) => kind === 'struct' && source === 'dwarf').slice(0, 300);
    const answers = sizeofTypes(kernelWorld(), rows.map(({ name = '' }) => `struct ${name}`));
    const disagreeing = answers.flatMap(({ name, size, align }, index) => {
      if (size === null || align === null) return [];
      const natural = Number(rows[index]?.['align']);
      // The table takes the largest alignment of a member, packed or not.
      return size % align === 0 && align <= natural ? [] : [`${name}: ${align}, not ${natural}`];
    });
    expect(disagreeing).toEqual([]);
  });
});
