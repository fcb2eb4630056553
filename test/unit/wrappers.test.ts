import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import type { SiteFact } from '../../server/src/facts/fileFacts';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { linkTree } from '../../server/src/resolve/linkTree';
import { noSource } from '../../server/src/resolve/objects/objectSource';
import { resolveSite, type Resolution } from '../../server/src/resolve/resolveSites';
import type { ResolvedSite } from '../../server/src/resolve/resolvedSite';
import { discoverWrappers, type Wrapper, withAllCalls } from '../../server/src/resolve/wrappers';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';
import { distinctApis, withoutStrangers } from '../../server/src/workspace/linkFiles';

const catalogue = catalogueFor(null);
const apiOf = (name: string): ReturnType<typeof catalogue.byName.get> => catalogue.byName.get(name);

/** All sites of the files, resolved with the wrappers found in them; a size's reason is the call that is sized. */
function resolved(files: Readonly<Record<string, string>>): { readonly wrappers: readonly Wrapper[]; readonly sites: readonly ResolvedSite[] } {
  let wrappers: readonly Wrapper[] = [];
  const read = (): Parameters<typeof linkTree>[0] & Parameters<typeof discoverWrappers>[0] => {
    const known = catalogueFor(null, distinctApis(wrappers));
    return new Map(Object.entries(files).map(([file, text]) => [file, withoutStrangers(file, indexedFacts(fileFacts(text, known)), wrappers, { apiOf })]));
  };
  wrappers = discoverWrappers(read(), apiOf);
  wrappers = [...wrappers, ...discoverWrappers(read(), apiOf, wrappers).filter(({ name }) => !wrappers.some((one) => one.name === name))];
  const facts = read();
  wrappers = withAllCalls(wrappers, facts);
  const resolution: Resolution = {
    apiOf,
    sizeOf: (file: string, site: SiteFact) => ({ size: 8, align: 8, source: 'layout', reason: `${file}: ${site.api}(${site.arguments.join(', ')})` }),
    countOf: () => 1,
    batchOf: () => null,
    memberOf: () => null,
    ...linkTree(facts, { apiOf, wrappers, objectSource: { ...noSource, textOf: (file) => files[file], constantIn: (_, text) => (/^\d+$/.test(text) ? Number(text) : null) } }),
  };
  return { wrappers, sites: [...facts].flatMap(([file, { sites }]) => sites.map((site) => resolveSite(file, site, resolution))) };
}

const pool = `
void *pool_alloc(struct pool *pool, size_t bytes, gfp_t flags)
{
	pool->area = __alloc_percpu_gfp(sizeof(long) * bytes, 8, flags);
	return pool->area;
}
`;

describe('wrappers', () => {
  it('make their callers sites of the wrapped kind, for the caller\'s arguments', () => {
    const user = 'int user_init(void)\n{\n\treturn pool_alloc(&own, sizeof(struct user) + 8, GFP_ATOMIC);\n}\n';
    const { sites } = resolved({ 'lib/pool.c': pool, 'net/user.c': user });
    const call = sites.find(({ file }) => file === 'net/user.c');
    expect(call?.fact).toMatchObject({ api: 'pool_alloc', family: 'dyn', kind: 'alloc', line: 3, function: 'user_init' });
    expect(call?.via).toEqual(['pool_alloc', '__alloc_percpu_gfp']);
    expect(call?.gfp).toBe('GFP_ATOMIC');
    expect(call?.atomic).toBe(true);
    expect(call?.size.reason).toBe('net/user.c: __alloc_percpu_gfp(sizeof(long) * (sizeof(struct user) + 8), 8, GFP_ATOMIC)');
    expect(call?.accountedBy).toBeNull();
    expect(sites.find(({ file }) => file === 'lib/pool.c')?.accountedBy).toBe('net/user.c:3');
  });

  it('allocate in every turn of their own loops, where the number of turns is constant or given', () => {
    const stats = (bound: string): string => `\nint stats_init(struct percpu_counter *counters, int num, gfp_t gfp)\n{\n\tint i, err = 0;\n\n\tfor (i = 0; !err && i < num; i++)\n\t\t;\n\tfor (i = 0; i < ${bound}; i++)\n\t\terr = percpu_counter_init(&counters[i], 0, gfp);\n\treturn err;\n}\n`;
    const user = 'int user_init(struct user *user, int some)\n{\n\treturn stats_init(user->counters, 5, GFP_KERNEL) ?: stats_init(user->more, some, GFP_KERNEL);\n}\n';
    const sizes = (bound: string): readonly (readonly [number | null, number | null])[] =>
      resolved({ 'lib/stats.c': stats(bound), 'net/user.c': user }).sites.filter(({ file }) => file === 'net/user.c').map(({ size, count }) => [size.size, count]);
    expect(sizes('4')).toEqual([[32, 4], [32, 4]]);
    expect(sizes('num')).toEqual([[40, 5], [8, 1]]);
  });

  it('stand for all calls inside them, those of wrappers found later too', () => {
    const text = `
static int inner_init(struct inner *i, gfp_t gfp) { return percpu_counter_init(&i->one, 0, gfp) ?: percpu_counter_init(&i->two, 0, gfp); }
static int outer_create(struct outer *o, gfp_t gfp)
{
	if (percpu_ref_init(&o->ref, release, 0, gfp))
		return -ENOMEM;
	return inner_init(&o->inner, gfp);
}
int user_init(struct outer *o) { return outer_create(o, GFP_KERNEL); }
`;
    const { sites } = resolved({ 'net/user.c': text });
    // A reference and two counters, each 8 bytes here.
    expect(sites.find(({ fact }) => fact.function === 'user_init')?.size.size).toBe(24);
  });

  it('are macros as well, and wrappers of wrappers', () => {
    const text = `
#define make_stats(gfp) alloc_percpu_gfp(struct stats, gfp)
static void *fresh(gfp_t gfp) { return make_stats(gfp | __GFP_ZERO); }
static int start(void) { own = fresh(GFP_KERNEL); return 0; }
`;
    const { sites } = resolved({ 'net/a.c': text });
    const start = sites.find(({ fact }) => fact.function === 'start');
    expect(start?.via).toEqual(['fresh', 'make_stats', 'alloc_percpu_gfp']);
    expect(start?.gfp).toBe('GFP_KERNEL | __GFP_ZERO');
    expect(start?.type).toBe('struct stats');
    expect(sites.filter(({ accountedBy }) => accountedBy === null).map(({ fact }) => fact.function)).toEqual(['start']);
  });

  it('add up what several calls inside allocate', () => {
    const text = `
static int wb_setup(struct wb *wb, gfp_t gfp)
{
	if (percpu_counter_init(&wb->one, 0, gfp))
		return -ENOMEM;
	return percpu_counter_init(&wb->two, 0, gfp);
}
int wb_new(struct wb *wb) { return wb_setup(wb, GFP_NOFS); }
`;
    const { sites } = resolved({ 'mm/wb.c': text });
    expect(sites.find(({ fact }) => fact.function === 'wb_new')).toMatchObject({ size: { size: 16 }, gfp: 'GFP_NOFS', via: ['wb_setup', 'percpu_counter_init'] });
  });

  it('are only those that pass a value on', () => {
    const text = `
static void own_size(struct dev *dev) { dev->area = alloc_percpu(typeof(*dev->area)); }
static void by_member(struct dev *dev) { dev->area = __alloc_percpu(dev->bytes, 8); }
static void fixed(struct dev *dev, int size) { dev->area = __alloc_percpu(64, 8); }
`;
    expect(resolved({ 'drivers/a.c': text }).wrappers).toEqual([]);
  });

  it('mean their own file alone where they are static, and no namesake elsewhere', () => {
    const hidden = pool.replace('void *pool_alloc', 'static void *pool_alloc');
    const stranger = 'int other(void) { return pool_alloc(1, 2, 3); }\n';
    expect(resolved({ 'lib/pool.c': hidden, 'net/other.c': stranger }).sites.filter(({ file }) => file === 'net/other.c')).toEqual([]);
    const namesake = `static int pool_alloc(int a, int b, int c) { return a; }\n${stranger}`;
    expect(resolved({ 'lib/pool.c': pool, 'net/other.c': namesake }).sites.filter(({ file }) => file === 'net/other.c')).toEqual([]);
  });
});

describe('accounting', () => {
  it('leaves what an API\'s own code allocates to the first call of it, also behind a helper', () => {
    const files = {
      'kernel/rcu/srcutree.c': `
static int init_fields(struct srcu_struct *ssp)
{
	ssp->sda = alloc_percpu(struct srcu_data);
	return 0;
}
int init_srcu_struct(struct srcu_struct *ssp) { return init_fields(ssp); }
`,
      'virt/b.c': 'int vm_b(struct vm *vm) { return init_srcu_struct(&vm->srcu); }\n',
      'virt/a.c': 'int vm_a(struct vm *vm) { return init_srcu_struct(&vm->srcu); }\n',
    };
    const { sites } = resolved(files);
    expect(sites.map(({ fact, accountedBy }) => [fact.function, accountedBy])).toEqual([
      ['init_fields', 'virt/a.c:1'], ['vm_b', null], ['vm_a', null],
    ]);
  });

  it('counts a site itself where nothing known calls it', () => {
    const { sites } = resolved({ 'mm/a.c': 'void f(void) { p = alloc_percpu(int); }\n' });
    expect(sites[0]?.accountedBy).toBeNull();
  });
});
