import { describe, expect, it } from 'vitest';
import { fileFacts, fileSites } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { mentionPlaces } from '../../server/src/kernel/catalogueMentions';
import { expectedSites, factsOf, foundSites, marked, onlySite } from './factsFixture';

/** Each text's marks say which mentions are calls; all others must be none. */
const texts: Readonly<Record<string, string>> = {
  'a function that allocates and frees': `
static int widget_open(struct widget *w)
{
	w->stats = ⟦alloc_percpu⟧(struct widget_stats);
	if (!w->stats)
		return -ENOMEM;
	if (⟦percpu_counter_init⟧(&w->users, 0, GFP_KERNEL) ||
	    ⟦percpu_ref_init⟧(&w->ref, widget_release, 0, GFP_KERNEL))
		goto free_percpu;
	return 0;
free_percpu:
	⟦free_percpu⟧(w->stats);
	return -ENOMEM;
}
`,
  'comments, strings, function pointers and labels': `
/* alloc_percpu(struct x) allocates */
// free_percpu(p)
static void (*release)(void __percpu *) = free_percpu;
static int f(void)
{
	pr_info("alloc_percpu(%s)\\n", "free_percpu(x)");
	char c = '"'; /* " */ ⟦free_percpu⟧(p);
	register_destructor(free_percpu);
	ops->free_percpu(p);
	ops.free_percpu(p);
alloc_percpu:
	return '(';
}
`,
  'declarations and definitions': `
extern void free_percpu(void __percpu *ptr);
void __percpu *__alloc_percpu(size_t size, size_t align);
int __must_check percpu_ref_init(struct percpu_ref *ref, percpu_ref_func_t *release,
				 unsigned int flags, gfp_t gfp);
static inline s64
percpu_counter_sum(struct percpu_counter *fbc)
{
	return ⟦__percpu_counter_sum⟧(fbc);
}
void free_percpu(void __percpu *ptr)
{
}
EXPORT_SYMBOL_GPL(free_percpu);

int __init_srcu_struct(struct srcu_struct *ssp, const char *name,
		       struct lock_class_key *key)
{
	return 0;
}
EXPORT_SYMBOL_GPL(__init_srcu_struct);
`,
  'static variables': `
⟦DEFINE_PER_CPU⟧(unsigned long, hits);
static ⟦DEFINE_PER_CPU⟧(struct list_head [2], queues) = { LIST_HEAD_INIT(x) };
⟦DECLARE_PER_CPU_READ_MOSTLY⟧(int, node);
static ⟦DEFINE_PER_CPU_ALIGNED⟧(struct mine, mine) = {
	.lock = INIT_LOCAL_LOCK(lock),
};
EXPORT_PER_CPU_SYMBOL(hits);
`,
  'bodies of macros, and not their names': `
#define alloc_percpu(type)	\\
	(typeof(type) __percpu *)⟦__alloc_percpu⟧(sizeof(type), __alignof__(type))
#define my_init(x) do {		\\
	(x)->p = ⟦alloc_percpu⟧(struct mine);	/* free_percpu(x) */ \\
	⟦percpu_counter_init⟧(&(x)->n, 0, GFP_KERNEL); \\
} while (0)
#define MAKE(type)	static ⟦DEFINE_PER_CPU⟧(struct batch_ ##type, name)
#define NAME free_percpu
`,
  'all branches of conditions, with braces that differ': `
static int g(void)
{
#ifdef CONFIG_A
	if (x) {
		a = ⟦alloc_percpu⟧(int);
#else
	if (y) {
		b = ⟦alloc_percpu⟧(long);
#endif
	}
#if 0
	⟦free_percpu⟧(a);
#endif
	return 0;
}

static void after(void)
{
	⟦free_percpu⟧(b);
}
`,
  'arguments of file-scope macros': `
TRACE_EVENT(reserve,
	TP_PROTO(const struct info *i),
	TP_fast_assign(
		__entry->bytes = ⟦percpu_counter_sum_positive⟧(&i->bytes);
	),
	TP_printk("x")
);
DEFINE_FREE(free_it, void __percpu *, ⟦free_percpu⟧(_T))
`,
  'system calls and loops without braces': `
SYSCALL_DEFINE2(widget, const char __user *, name, int, flags)
{
	int cpu;

	for_each_possible_cpu(cpu)
		⟦free_percpu⟧(per_cpu_ptr(all, cpu)->p);
	scoped_guard(mutex, &lock)
		⟦free_percpu⟧(q);
	return 0;
}
`,
  'casts and annotations in arguments': `
static void h(struct ref *ref)
{
	⟦free_percpu⟧((void __percpu *)ref->ptr);
	void __percpu *p __free(free_percpu) = ⟦alloc_percpu⟧(typeof(*x));
	return (void)⟦free_percpu⟧(p);
}
`,
};

describe('sites', () => {
  it.each(Object.entries(texts))('of %s are the marked calls', (_, source) => {
    const fixture = marked(source);
    expect(expectedSites(fixture).length).toBeGreaterThan(0);
    expect(foundSites(fixture.text)).toEqual(expectedSites(fixture));
  });

  it('stay the same with carriage returns before the newlines', () => {
    for (const source of Object.values(texts)) {
      const fixture = marked(source);
      expect(foundSites(fixture.text.replaceAll('\n', '\r\n'))).toEqual(expectedSites(fixture));
    }
  });

  it('stay the same in half-typed text after them', () => {
    for (const source of Object.values(texts)) {
      const fixture = marked(source);
      expect(foundSites(`${fixture.text}\nstatic int half(struct`)).toEqual(expectedSites(fixture));
    }
  });
});

describe('the place of a site', () => {
  it('is its line and its column in bytes', () => {
    const site = onlySite('static int f(void)\n{\n\t/* Größe ≥ 1 */ p = alloc_percpu(int);\n}\n');
    expect([site.line, site.column]).toEqual([3, 26]);
  });

  it('spans from the name to the closing parenthesis', () => {
    const text = 'void f(void)\n{\n\tx = __alloc_percpu(sizeof(struct a) * n(1),\n\t\t8) + 1;\n}\n';
    const { span, nameSpan } = onlySite(text);
    expect(text.slice(span.start, span.end)).toBe('__alloc_percpu(sizeof(struct a) * n(1),\n\t\t8)');
    expect(text.slice(nameSpan.start, nameSpan.end)).toBe('__alloc_percpu');
  });

  it.each([
    ['int f(void)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['static int __init f(void)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['static enum state\n__f(struct a *a)\n{\n\tfree_percpu(p);\n}', '__f'],
    ['void __releases(lock)\nf(struct a *a)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['static int f(void)\n\t__acquires(lock)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['__printf(1, 2) int f(const char *s, ...)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['EXPORT_SYMBOL(g)\n\nstatic struct a *f(void)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['int (*f(int a))(int)\n{\n\tfree_percpu(p);\n}', 'f'],
    ['SYSCALL_DEFINE1(swapoff, const char __user *, file)\n{\n\tfree_percpu(p);\n}', 'SYSCALL_DEFINE1(swapoff)'],
    ['BPF_CALL_1(get_it, u64, x)\n{\n\tfree_percpu(p);\n}', 'BPF_CALL_1(get_it)'],
    ['#define f(x) free_percpu(x)', 'f'],
    ['DEFINE_FREE(a, b, free_percpu(_T))', null],
    ['extern "C" {\nint f(void)\n{\n\tfree_percpu(p);\n}\n}', 'f'],
    ['#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n\tfree_percpu(p);\n}', 'f'],
  ])('in %j is in %s', (text, name) => {
    expect(onlySite(text).function).toBe(name);
  });

  it('in the second ending of a function is in that function', () => {
    const text = 'static bool f(struct a *a)\n#ifdef A\n{\n\tfree_percpu(a);\n}\n#else\n{\n\tfree_percpu(b);\n}\n#endif\n';
    expect(factsOf(text).sites.map((site) => site.function)).toEqual(['f', 'f']);
    const inside = 'int f(void)\n{\n\tg();\n#ifdef A\n\tfree_percpu(a);\n}\n#else\n\tfree_percpu(b);\n}\n#endif\nint h(void)\n{\n\tfree_percpu(c);\n}\n';
    expect(factsOf(inside).sites.map((site) => site.function)).toEqual(['f', 'f', 'h']);
  });

  it('is in a macro only inside a #define', () => {
    expect(onlySite('#define f(x) free_percpu(x)').inMacro).toBe(true);
    expect(onlySite('int f(void)\n{\n\tfree_percpu(p);\n}').inMacro).toBe(false);
  });
});

describe('the arguments of a site', () => {
  const first = (call: string): readonly string[] => onlySite(`void f(void)\n{\n\t${call};\n}\n`).arguments;

  it('are split at the commas between them', () => {
    expect(first('percpu_ref_init(&x->ref, (a, b), flags[i, j], F(G, H))')).toEqual(['&x->ref', '(a, b)', 'flags[i, j]', 'F(G, H)']);
    expect(first('mm_alloc_cid()')).toEqual([]);
    expect(first('alloc_workqueue("a,%s", 0, 1, ")")')).toEqual(['"a,%s"', '0', '1', '")"']);
  });

  it('have white space, comments and directives folded away', () => {
    expect(first('__alloc_percpu(sizeof(struct a)\n\t\t+ n /* bytes */ *  2,\n#ifdef A\n\t8\n#endif\n)')).toEqual([
      'sizeof(struct a) + n * 2', '8',
    ]);
    expect(onlySite('#define D(t) \\\n\tDEFINE_PER_CPU(struct batch_ ##t, \\\n\t\tname ## t)').arguments).toEqual(['struct batch_ ##t', 'name ## t']);
  });

  it('run to the end of the statement where they are never closed', () => {
    expect(onlySite('void f(void)\n{\n\tfree_percpu(a, b;\n\tg(c);\n}\n').arguments).toEqual(['a', 'b']);
  });
});

describe('what surrounds a site', () => {
  const inFunction = (body: string): ReturnType<typeof onlySite> => onlySite(`void f(struct mm *mm)\n{\n${body}\n}\n`);

  it.each([
    ['mm->cid = alloc_percpu(struct cid);', 'mm->cid'],
    ['struct cid __percpu *cid = alloc_percpu(struct cid);', 'cid'],
    ['if (!(mm->cid = alloc_percpu(struct cid)))\n\treturn;', 'mm->cid'],
    ['a[i].b = (void *)((alloc_percpu(int)));', 'a[i].b'],
    ['p = on ? alloc_percpu(int) : NULL;', 'p'],
    ['return alloc_percpu(int);', null],
    ['p = use(alloc_percpu(int));', null],
    ['if (x == alloc_percpu(int))\n\treturn;', null],
    ['p = alloc_percpu(int) ? 1 : 0;', null],
  ])('%j assigns to %s', (body, target) => {
    expect(inFunction(`\t${body}`).assignedTo).toBe(target);
  });

  it.each([
    ['for (i = 0; i < n; i++)\n\t\tfree_percpu(a[i]);', 'for'],
    ['while (n--) {\n\t\tfree_percpu(a[n]);\n\t}', 'while'],
    ['do {\n\t\tfree_percpu(a[n]);\n\t} while (--n);', 'do'],
    ['do {\n\t\tfree_percpu(a[n]);\n\t} while (0);', null],
    ['for_each_possible_cpu(cpu)\n\t\tfree_percpu(a[cpu]);', 'for_each_possible_cpu(cpu)'],
    ['list_for_each_entry(p, &head,\n\t\t\t    list) {\n\t\tif (p)\n\t\t\tfree_percpu(p->x);\n\t}', 'list_for_each_entry(p, &head, list)'],
    ['while (a)\n\t\tscoped_guard(mutex, &m)\n\t\t\tfree_percpu(p);', 'while'],
    ['scoped_guard(mutex, &m) {\n\t\tfree_percpu(p);\n\t}', null],
    ['for (p = alloc_percpu(int); ; )\n\t\tg();', null],
    ['while (percpu_counter_sum(&c) > 0)\n\t\tg();', 'while'],
    ['if (a)\n\t\tfree_percpu(p);', null],
  ])('%j is in the loop %s', (body, loop) => {
    expect(inFunction(`\t${body}`).loop).toBe(loop);
  });

  it('is known where the grammar gives up', () => {
    const broken = inFunction('\tfor_each_cpu(cpu, m) {\n\t\t@ ! = ) (;\n\t\tmm->cid = alloc_percpu(struct cid);\n\t\tif ( { ] \n\t}');
    expect([broken.assignedTo, broken.loop]).toEqual(['mm->cid', 'for_each_cpu(cpu, m)']);
  });

  it('is a conjunction of the conditions that hold there', () => {
    const text = [
      '#ifndef _A_H', '#define _A_H', '#ifdef CONFIG_SMP', 'int f(void)', '{', '#if X > 2 || defined(Y)', '\tfree_percpu(a);', '#elif !Z',
      '\tfree_percpu(b);', '#else', '\tfree_percpu(c);', '#endif', '\tfree_percpu(d);', '}', '#endif', '#endif',
    ].join('\n');
    expect(factsOf(text).sites.map((site) => site.condition)).toEqual([
      'defined(CONFIG_SMP) && (X > 2 || defined(Y))',
      'defined(CONFIG_SMP) && !(X > 2 || defined(Y)) && !Z',
      'defined(CONFIG_SMP) && !(X > 2 || defined(Y)) && Z',
      'defined(CONFIG_SMP)',
    ]);
  });
});

describe('the sites of a file alone', () => {
  const text = `
#define part_make(size) __alloc_percpu(size, 8)
static void *part_alloc(size_t bytes, gfp_t flags)
{
	spin_lock(&lock);
	return __alloc_percpu_gfp(bytes, 8, flags);
}
static void unrelated(int x)
{
	return;
}
SYSCALL_DEFINE1(part_open, int, fd)
{
	part = alloc_percpu(struct part);
	return fd;
}
`;

  it('are those of its facts, and so are the functions and macros that they stand in', () => {
    const catalogue = catalogueFor(null);
    const whole = fileFacts(text, catalogue);
    const alone = fileSites(text, catalogue, mentionPlaces(catalogue.byName.keys())(Buffer.from(text)));
    expect(alone.sites).toEqual(whole.sites);
    const around = new Set(whole.sites.map((site) => site.function));
    const named = whole.functions.filter(({ name }) => around.has(name));
    expect(alone.callables()).toEqual({
      functions: named.map(({ name, isStatic, annotations, parameters }) => ({ name, isStatic, annotations, parameters: parameters.map((one) => one.name) })),
      macros: [{ name: 'part_make', parameters: ['size'] }],
    });
    expect(named.map(({ name }) => name)).toEqual(['part_alloc', 'SYSCALL_DEFINE1(part_open)']);
  });
});
