import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import type { FlowFact, SiteFact } from '../../server/src/facts/fileFacts';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { mentionFilter } from '../../server/src/kernel/catalogueMentions';
import { kernelTree } from '../referenceData';
import { listFiles } from './listFiles';

const tree = kernelTree('6.12');
const judged = path.resolve(import.meta.dirname, '../../docs/rules.md');

/** Places of a rule's findings that were read and judged. */
function judgedPlaces(rule: string): string[] {
  const rows = readFileSync(judged, 'utf8').matchAll(/^\| (\S+:\d+) \| ([\w-]+) \| right/gm);
  return [...rows].flatMap(([, place = '', found]) => (found === rule ? [place] : [])).sort();
}

describe.skipIf(tree === undefined)('ways through the functions of a kernel tree', () => {
  const found: { readonly place: string; readonly site: SiteFact; readonly flow: FlowFact }[] = [];

  beforeAll(() => {
    const catalogue = catalogueFor(null);
    const mentions = mentionFilter(catalogue.byName.keys());
    for (const file of listFiles(tree ?? '')) {
      const bytes = readFileSync(path.join(tree ?? '', file));
      if (!mentions(bytes)) continue;
      const facts = fileFacts(bytes.toString('utf8'), catalogue);
      for (const flow of facts.flows) {
        const site = facts.sites.find(({ span }) => span.start === flow.site);
        if (site !== undefined && site.kind !== 'sum') found.push({ place: `${file}:${site.line}`, site, flow });
      }
    }
  });

  it('lose percpu memory where that was read and judged, and nowhere else', () => {
    const lost = found.filter(({ flow }) => flow.lost.length > 0).map(({ place }) => place);
    expect(lost.sort()).toEqual(judgedPlaces('missing-release'));
  });

  it('allocate in atomic sections without sleeping only', () => {
    const atomic = found.filter(({ flow }) => flow.atomic !== null);
    expect(atomic.length).toBeGreaterThan(0);
    expect(atomic.filter(({ site }) => !site.arguments.some((text) => /GFP_(ATOMIC|NOWAIT)/.test(text))).map(({ place }) => place)).toEqual([]);
  });
});
