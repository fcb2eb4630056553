import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { retypedBy, type Retyped } from '../../server/src/workspace/edited/retyped';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';

const catalogue = catalogueFor(null);

/** Whether what the edit did to the function has nothing to do with the first site in it. */
function isBeside(before: string, after: string): boolean {
  const { isSameFor } = retypedBy({ edited: ['a.c'], came: [], went: [], textBefore: () => before }, () => after, { outsideOf: () => [], functionsOf: () => [] });
  const [then, now] = [before, after].map((text) => fileFacts(text, catalogue).sites[0]);
  if (then === undefined || now === undefined) throw new Error('no site');
  return isSameFor('a.c', then, now);
}

const around = (inside: string, before = ''): string => `${before}static int a_init(struct a *a)
{
	struct part *p = a->part;
	int err;
${inside}	a->stats = alloc_percpu(typeof(*p->stats));
	if (!a->stats)
		return -ENOMEM;
	return 0;
}
`;

describe('an edit of a function with a site', () => {
  it.each([
    ['a call before it', around(''), around('\tmutex_lock(&lock);\n\tkfree(NULL);\n')],
    ['a declaration of something else', around(''), around('\tint other = 3;\n')],
    ['one statement in place of another', around('\terr = first(a);\n'), around('\terr = second(a, 1);\n')],
    ['a line taken away, and a function before it', around('\tfirst();\n'), around('', 'static void b(void) { int p; }\n')],
  ])('leaves its size alone where it is %s', (_, before, after) => {
    expect(isBeside(before, after)).toBe(true);
  });

  it.each([
    ['declares what it names', around(''), around('\tstruct other *p;\n')],
    ['declares it by a macro', around(''), around('\tDECLARE_PART(p);\n')],
    ['declares it with the type of another', around(''), around('\ttypeof(a) p;\n')],
    ['changes what its argument stands for', around(''), around('\tp = other(a);\n').replace('struct part', 'struct other')],
    ['puts it into a loop', around(''), around('\tfor (int i = 0; i < 3; i++)\n')],
    ['puts it into a loop of a macro', around(''), around('\tlist_for_each_entry(err, a, b)\n')],
    ['opens a block', around(''), around('\t{ int other; }\n')],
    ['defines a macro', around(''), around('#define other 3\n')],
    ['makes it conditional', around(''), around('\tif (err)\n')],
    ['asks for something else', around(''), around('').replace('*p->stats', '*p->other')],
    ['is in two places, with blocks between', around('\tfirst();\n\tif (err) { second(); }\n'), around('\tif (err) { second(); }\n\tthird();\n')],
  ])('may change its size where it %s', (_, before, after) => {
    expect(isBeside(before, after)).toBe(false);
  });
});

/** What is known of an edit where the text before is gone, and its facts are kept. */
function byFacts(before: string, after: string): Retyped {
  const [was, is] = [before, after].map((text) => indexedFacts(fileFacts(text, catalogue, { said: true })));
  if (was === undefined || is === undefined) throw new Error('no facts');
  return retypedBy({ edited: ['a.c'], came: [], went: [] }, () => after, { outsideOf: () => [was.said?.outside ?? null, is.said?.outside ?? null], functionsOf: () => [was, is] });
}

describe('without the text before', () => {
  const before = around('\terr = first(a);\n', 'struct part { int *stats; };\n');
  const isSameAroundSite = (after: string): boolean => {
    const [then, now] = [before, after].map((text) => text.indexOf('alloc_percpu'));
    return byFacts(before, after).isSameAround('a.c', then ?? 0, now ?? 0);
  };

  it.each([
    ['comments and white space', `/* one */\n${before.replace('first(a);', 'first(a); // two').replace('return 0;', '\n\n  return /* three */ 0;')}`],
    ['a function without sites more is said outside alone', `${before}static int b(void)\n{\n\treturn 1;\n}\n`],
  ])('%s leave the function of a site as it was', (_, after) => {
    expect(isSameAroundSite(after)).toBe(true);
  });

  it.each([
    ['another statement', before.replace('first(a)', 'second(a)')],
    ['the same without a blank between two words', before.replace('struct part *p', 'structpart *p')],
    ['another condition', `#ifdef CONFIG_A\n${before}#endif\n`],
  ])('%s does not', (_, after) => {
    expect(isSameAroundSite(after)).toBe(false);
  });

  it.each<[what: string, after: string, files: readonly string[]]>([
    ['another statement', before.replace('first(a)', 'second(a, "{")'), []],
    ['a comment outside', `/* one */\n${before}`, []],
    ['a member', before.replace('int *stats', 'long *stats'), ['a.c']],
    ['a macro in a function', before.replace('\tint err;\n', '\tint err;\n#define part other\n'), ['a.c']],
    ['a struct in a function', before.replace('\tint err;\n', '\tint err;\n\tstruct own { int a; };\n'), ['a.c']],
    ['a parameter', before.replace('a_init(struct a *a)', 'a_init(struct b *a)'), ['a.c']],
    ['a string', `${before}static const char *b = "one /* two */";\n`, ['a.c']],
  ])('%s changes what is said outside of functions: %#', (_, after, files) => {
    expect(byFacts(before, after).files).toEqual(files);
  });

  it('a name stands for the same where all its functions do', () => {
    expect(byFacts(before, `// one\n${before}`).isSameNamed('a.c', 'a_init')).toBe(true);
    expect(byFacts(before, before.replace('first', 'second')).isSameNamed('a.c', 'a_init')).toBe(false);
    expect(byFacts(before, before).isSameNamed('a.c', 'absent')).toBe(false);
  });

  it('what stands in no function is as it was where all does that stands there', () => {
    const one = `${before}DEFINE_PER_CPU(struct part, parts);\n`;
    const isSame = (after: string): boolean => byFacts(one, after).isSameAround('a.c', one.indexOf('DEFINE'), after.indexOf('DEFINE'));
    expect(isSame(one.replace('first', 'second'))).toBe(true);
    expect(isSame(one.replace('int *stats', 'long *stats'))).toBe(false);
  });

  it('both branches of a function count', () => {
    const branched = (one: string): string => `static int a_init(struct a *a)\n{\n#ifdef CONFIG_A\n\t${one};\n\ta->x = alloc_percpu(int);\n\treturn 1;\n}\n#else\n\ta->y = alloc_percpu(int);\n\treturn 0;\n}\n#endif\n`;
    const [was, is] = [branched('first()'), branched('other()')];
    expect(byFacts(was, is).isSameAround('a.c', was.lastIndexOf('alloc_percpu'), is.lastIndexOf('alloc_percpu'))).toBe(false);
  });
});
