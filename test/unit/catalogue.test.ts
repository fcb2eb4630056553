import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../server/src/kernel/api';
import { allApis, catalogueFor, holdsIn } from '../../server/src/kernel/catalogue';
import { mentionFilter } from '../../server/src/kernel/catalogueMentions';
import { kernelVersion } from '../../server/src/kernel/version';

const own: Api = { name: 'alloc_percpu', family: 'dyn', kind: 'alloc', roles: { type: 1 }, source: 'mine.h' };

describe('the catalogue', () => {
  it('knows the areas that fit the kernel version', () => {
    const bytes = (minor: number, name: string): unknown => catalogueFor(kernelVersion(6, minor)).byName.get(name)?.areas?.map((area) => area.bytes);
    expect(bytes(1, 'alloc_workqueue')).toEqual([{ sizeof: 'struct pool_workqueue' }]);
    expect(bytes(12, 'alloc_workqueue')).toEqual([{ sizeof: 'struct pool_workqueue *' }]);
    expect(bytes(1, 'alloc_ordered_workqueue')).toEqual([]);
    expect(catalogueFor(null).byName.get('alloc_workqueue')?.since).toEqual(kernelVersion(6, 6));
  });

  it('knows every name whatever the version, since versions are backported to', () => {
    const names = [...new Set(allApis.map(({ name }) => name))].sort();
    for (const version of [kernelVersion(5, 4), kernelVersion(6, 1), kernelVersion(6, 12), kernelVersion(7, 0), null]) {
      expect([...catalogueFor(version).byName.keys()].sort()).toEqual(names);
    }
  });

  it('has at most one entry of a name for a version', () => {
    for (let minor = 0; minor < 20; minor++) {
      const names = allApis.filter((api) => holdsIn(api, kernelVersion(6, minor))).map(({ name }) => name);
      expect(names.length).toBe(new Set(names).size);
    }
  });

  it('has what each kind needs', () => {
    for (const api of allApis) {
      if (api.kind === 'alloc') expect(api.roles.type ?? api.roles.size, api.name).toBeDefined();
      if (api.kind === 'indirect') expect(api.areas, api.name).toBeDefined();
      if (api.family === 'counter') expect(api.roles.target, api.name).toBe(0);
    }
  });

  it('lets the entries of the user win, and is then another', () => {
    expect(catalogueFor(null, [own]).byName.get('alloc_percpu')).toBe(own);
    expect(catalogueFor(null, [own]).identity).not.toBe(catalogueFor(null).identity);
    expect(catalogueFor(null).identity).toBe(catalogueFor(null).identity);
  });
});

describe('the mention filter', () => {
  const names = ['alloc_percpu', 'free_percpu', 'KMEM_CACHE', 'abc'];
  const mentions = mentionFilter(names);

  it('finds whole identifiers only', () => {
    expect(mentions('x = alloc_percpu(int);')).toBe(true);
    expect(mentions('KMEM_CACHE')).toBe(true);
    expect(mentions('my_alloc_percpu(int) alloc_percpu_gfp KMEM_CACHEX 1abc abcé')).toBe(false);
    expect(mentions('')).toBe(false);
    expect(mentionFilter([])('alloc_percpu')).toBe(false);
  });

  it('says what a search for whole words says, on bytes and on text', () => {
    const piece = fc.constantFrom(...names, 'alloc_', 'percpu', '_', 'a', 'b', 'c', ' ', '(', '\n', 'é', 'KMEM', '0');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const words = new Set(text.split(/[^\w$\u0080-\uffff]+/));
        expect(mentions(text)).toBe(names.some((name) => words.has(name)));
        expect(mentions(Buffer.from(text))).toBe(mentions(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
