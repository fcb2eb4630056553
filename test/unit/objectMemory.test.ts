import { describe, expect, it } from 'vitest';
import type { ResolvedSite } from '../../server/src/resolve/resolvedSite';
import { factsOf } from './factsFixture';
import { snapshotOfTexts } from './memoryWorkspace';

/** An object like an mm: its own cache behind a macro, cleared by one creator and copied over by the other. */
const owned = `
struct percpu_counter { long lock; long count; int *counters; };
struct thing { int kind; struct percpu_counter hits; struct percpu_counter misses; long pad; struct percpu_counter lost; int *ids; };
static struct kmem_cache *thing_cachep;
#define allocate_thing()	(kmem_cache_alloc(thing_cachep, GFP_KERNEL))

static int thing_init(struct thing *t)
{
	int err = percpu_counter_init(&t->hits, 0, GFP_KERNEL);
	if (!err)
		err = percpu_counter_init(&t->misses, 0, GFP_KERNEL);
	if (!err)
		err = percpu_counter_init(&t->lost, 0, GFP_KERNEL);
	t->ids = alloc_percpu(int);
	return err;
}

static struct thing *new_thing(void)
{
	struct thing *t;

	t = allocate_thing();
	memset(t, 0, sizeof(*t));
	memset(t->name, 0, sizeof(t->name));
	thing_init(t);
	return t;
}

static struct thing *copy_thing(struct thing *old)
{
	struct thing *t = allocate_thing();

	memcpy(t, old, sizeof(*t));
	thing_init(t);
	return t;
}

static int __init thing_cache_init(void)
{
	thing_cachep = kmem_cache_create("thing", sizeof(struct thing), 0, SLAB_PANIC, NULL);
	return 0;
}
`;

function sites(text: string): readonly ResolvedSite[] {
  return (snapshotOfTexts({ 'kernel/thing.c': text }).sites.get('kernel/thing.c') ?? []).map(({ site }) => site);
}

function siteOf(text: string, keeper: string): ResolvedSite {
  const found = sites(text).find(({ fact }) => fact.assignedTo === keeper || fact.arguments[0] === keeper);
  if (found === undefined) throw new Error(`no site for ${keeper}`);
  return found;
}

describe('the member that a counter is', () => {
  it('is found through the parameter\'s type, with its place in the structure', () => {
    const places = ['&t->hits', '&t->misses', '&t->lost'].map((keeper) => siteOf(owned, keeper).member);
    expect(places).toEqual([
      { structure: 'struct thing', member: 'hits', offset: 8, size: 24 },
      { structure: 'struct thing', member: 'misses', offset: 32, size: 24 },
      { structure: 'struct thing', member: 'lost', offset: 64, size: 24 },
    ]);
  });

  it('is null where nothing is known of the variable, and for what is no member', () => {
    const init = (counter: string): string => `static struct percpu_counter used;\nstatic void f(void)\n{\n\tpercpu_counter_init(${counter}, 0, GFP_KERNEL);\n}\n`;
    expect(siteOf(init('&other->used'), '&other->used').member).toBeNull();
    expect(siteOf(init('&used'), '&used').member).toBeNull();
  });
});

describe('the object that keeps percpu memory', () => {
  it('has its cache, and the functions that overwrite it whole', () => {
    expect(siteOf(owned, 't->ids').objectMemory).toEqual({
      variable: 't',
      allocations: [
        { function: 'new_thing', by: 'allocate_thing', zeroed: false, cache: { name: 'thing_cachep', created: { place: 'kernel/thing.c:40', constructor: null } } },
        { function: 'copy_thing', by: 'allocate_thing', zeroed: false, cache: { name: 'thing_cachep', created: { place: 'kernel/thing.c:40', constructor: null } } },
      ],
      overwrites: [
        { how: 'cleared', by: 'memset', function: 'new_thing' },
        { how: 'copied', by: 'memcpy', function: 'copy_thing' },
      ],
    });
  });

  it('names a constructor that the cache has', () => {
    const constructed = owned.replace('SLAB_PANIC, NULL', 'SLAB_PANIC, thing_ctor');
    expect(siteOf(constructed, 't->ids').objectMemory?.allocations[0]?.cache?.created?.constructor).toBe('thing_ctor');
  });

  it('comes cleared from kzalloc, without a cache', () => {
    const text = 'static int f(void)\n{\n\tstruct thing *p = kzalloc(sizeof(*p), GFP_KERNEL);\n\tp->ids = alloc_percpu(int);\n\treturn 0;\n}\n';
    expect(siteOf(text, 'p->ids').objectMemory).toEqual({
      variable: 'p', allocations: [{ function: 'f', by: 'kzalloc', zeroed: true, cache: null }], overwrites: [],
    });
  });

  it('is not looked for under another name, nor in a file without percpu memory', () => {
    const other = 'static int f(void)\n{\n\tstruct thing *q = kzalloc(sizeof(*q), GFP_KERNEL);\n\tp->ids = alloc_percpu(int);\n\treturn 0;\n}\n';
    expect(siteOf(other, 'p->ids').objectMemory).toBeNull();
    expect(factsOf('static void f(void)\n{\n\tp = kzalloc(sizeof(*p), GFP_KERNEL);\n}\n').objectMemory).toEqual([]);
  });

  it('takes no clearing of a part for one of the whole', () => {
    expect(factsOf(owned).objectMemory.map(({ how, by, function: name }) => `${how} ${by} ${name}`)).toEqual([
      'allocated allocate_thing new_thing', 'cleared memset new_thing', 'allocated allocate_thing copy_thing', 'copied memcpy copy_thing',
    ]);
  });
});
