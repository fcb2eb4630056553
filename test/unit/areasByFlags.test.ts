import { describe, expect, it } from 'vitest';
import { evaluate } from '../../server/src/features/evaluation';
import { snapshotOfTexts } from './memoryWorkspace';

/** Bytes per CPU and percpu areas of `alloc_workqueue("q", flags, 1)`. */
function queue(flags: string, minor: number, before = ''): unknown {
  const text = `static int g(void)\n{\n\tint flags = 0;\n}\n\nint f(struct d *d)\n{\n${before}\td->wq = alloc_workqueue("q", ${flags}, 1);\n\treturn 0;\n}\n`;
  const files = { 'drivers/a.c': text, 'kernel/workqueue.c': 'struct pool_workqueue { char c[256]; };\n' };
  const snapshot = snapshotOfTexts(files, { kernel: { major: 6, minor } });
  const site = snapshot.sites.get('drivers/a.c')?.[0]?.site;
  return site && [site.size.size, evaluate(site, snapshot).lifeCycle?.areas.length ?? 0];
}

describe('a workqueue', () => {
  it.each([
    ['WQ_MEM_RECLAIM', [256, 1]],
    ['WQ_UNBOUND | WQ_HIGHPRI', [0, 0]],
    ['XFS_WQFLAGS(WQ_FREEZABLE | WQ_UNBOUND)', [0, 0]],
    ['WQ_UNBOUND | (i ? 0 : WQ_HIGHPRI)', [0, 0]],
    ['i ? WQ_UNBOUND : 0', [256, 1]],
    ['(i ? WQ_UNBOUND : 0) | WQ_HIGHPRI', [256, 1]],
    ['WQ_HIGHPRI, WQ_UNBOUND_MAX_ACTIVE', [256, 1]],
  ])('of 6.1 has percpu structures unless its flags name WQ_UNBOUND: %s', (flags, expected) => {
    expect(queue(flags, 1)).toEqual(expected);
  });

  it.each([
    ['flags', 'unsigned int flags = WQ_MEM_RECLAIM | WQ_UNBOUND;', [0, 0]],
    ['flags | WQ_HIGHPRI', 'unsigned int flags;\n\n\tflags = WQ_UNBOUND;\n\tflags |= WQ_SYSFS;', [0, 0]],
    ['flags', 'unsigned int flags = WQ_UNBOUND;\n\n\tif (d->own)\n\t\tflags = 0;', [256, 1]],
    ['flags', 'unsigned int flags = d->own ? WQ_UNBOUND : 0;', [256, 1]],
    ['d->flags', 'unsigned int flags = WQ_UNBOUND;', [256, 1]],
    ['flags', '', [256, 1]],
  ])('of 6.1 has none where the variable that it is given names the flag whatever happens: %s after %s', (flags, before, expected) => {
    expect(queue(flags, 1, `\t${before}\n`)).toEqual(expected);
  });

  it('of 6.12 has pointers whatever its flags', () => {
    expect(queue('WQ_UNBOUND', 12)).toEqual([8, 1]);
  });
});

describe('a bioset', () => {
  const bioset = (flags: string): unknown => {
    const files = {
      'drivers/a.c': `int f(struct d *d, int flags)\n{\n\treturn bioset_init(&d->bios, 4, 0, ${flags});\n}\n`,
      'block/bio.c': 'struct bio_alloc_cache { char c[24]; };\n',
    };
    const snapshot = snapshotOfTexts(files);
    const site = snapshot.sites.get('drivers/a.c')?.[0]?.site;
    return site && [site.size.size, evaluate(site, snapshot).lifeCycle?.areas.length ?? 0];
  };

  it.each([
    ['BIOSET_NEED_BVECS', [0, 0]],
    ['0', [0, 0]],
    ['BIOSET_NEED_BVECS | BIOSET_PERCPU_CACHE', [24, 1]],
    ['flags', [24, 1]],
  ])('has a percpu cache where its flags ask for it: %s', (flags, expected) => {
    expect(bioset(flags)).toEqual(expected);
  });
});
