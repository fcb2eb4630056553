import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { retypedBy } from '../../server/src/workspace/edited/retyped';

const catalogue = catalogueFor(null);

/** Whether what the edit did to the function has nothing to do with the first site in it. */
function isBeside(before: string, after: string): boolean {
  const { isSameFor } = retypedBy({ edited: ['a.c'], came: [], went: [], textBefore: () => before }, () => after);
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
