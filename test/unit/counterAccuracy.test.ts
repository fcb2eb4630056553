import { describe, expect, it } from 'vitest';
import { siteDetails } from '../../server/src/features/siteDetails';
import { allSites } from '../../server/src/workspace/snapshot';
import { snapshotOfTexts } from './memoryWorkspace';

/** Bounds shown for every counter call of one file, by the API's name; 256 online CPUs. */
function bounds(body: string, file = 'fs/pool/super.c'): Readonly<Record<string, string | null>> {
  const snapshot = snapshotOfTexts({ [file]: `#define POOL_BATCH (4 * 32)\n${body}` }, { cpus: 256 });
  return Object.fromEntries(allSites(snapshot).map((site) => [site.site.fact.api, siteDetails(snapshot, site).accuracy]));
}

const init = 'int fill(struct pool *p)\n{\n\treturn percpu_counter_init(&p->used, 0, GFP_KERNEL);\n}\n';
const add = (batch: string): string => `void take(struct pool *p, s64 n)\n{\n\tpercpu_counter_add_batch(&p->used, n, ${batch});\n}\n`;

describe('accuracy of a counter', () => {
  it('is that of the default batch where no update names one', () => {
    expect(bounds(`${init}void take(struct pool *p)\n{\n\tpercpu_counter_inc(&p->used);\n}\n`)).toMatchObject({
      percpu_counter_init: '± 130,816 counts attainable (batch 512)',
      percpu_counter_inc: '± 130,816 counts attainable (batch 512)',
    });
  });

  it('is that of the batch which the update names, also through a macro', () => {
    expect(bounds(init + add('POOL_BATCH'))).toEqual({
      percpu_counter_init: '± 32,512 counts attainable (batch 128), by the update at fs/pool/super.c:8',
      percpu_counter_add_batch: '± 32,512 counts attainable (batch 128)',
    });
  });

  it('is in pages and bytes where the kernel is known to count pages', () => {
    expect(bounds('int start(void)\n{\n\treturn percpu_counter_init(&vm_committed_as, 0, GFP_KERNEL);\n}\n', 'mm/mmap.c')).toEqual({
      percpu_counter_init: '± 130,816 pages attainable, 511 MiB (batch 512)',
    });
  });

  it('is that of the least exact update', () => {
    const both = `${init}${add('16')}void give(struct pool *p)\n{\n\tpercpu_counter_dec(&p->used);\n}\n`;
    expect(bounds(both)['percpu_counter_init']).toBe('± 130,816 counts attainable (batch 512)');
    expect(bounds(`${init}${add('16')}`)['percpu_counter_init']).toMatch(/^± 3,840 counts attainable \(batch 16\)/);
  });

  it('is unknown where the batch is known at run time only, and unbounded where updates never fold', () => {
    expect(bounds(init + add('p->batch'))['percpu_counter_init']).toMatch(/^unknown because the batch p->batch is not known before run time, by the update at/);
    expect(bounds(add('0x7fffffff'))['percpu_counter_add_batch']).toMatch(/never folds/);
  });

  it('is not decided by a counter of the same name elsewhere in the tree', () => {
    const snapshot = snapshotOfTexts({ 'fs/pool/super.c': init, 'net/ring/ring.c': add('16') }, { cpus: 256 });
    const [site] = allSites(snapshot).filter(({ site: { fact } }) => fact.kind === 'init');
    expect(site === undefined ? null : siteDetails(snapshot, site).accuracy).toBe('± 130,816 counts attainable (batch 512)');
  });
});
