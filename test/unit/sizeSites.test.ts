import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { readBtf } from '../../server/src/kernel/btf';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { kernelVersion } from '../../server/src/kernel/version';
import type { ResolvedSize } from '../../server/src/resolve/resolvedSite';
import { countOfSite, sizeOfSite } from '../../server/src/resolve/siteSize';
import { sizeofTypes } from '../../server/src/resolve/sizeofTypes';
import { forgetFiles, typeWorld, type TypeWorld } from '../../server/src/resolve/typeWorld';
import { memoryTree } from '../sourceTrees';

const catalogue = catalogueFor(kernelVersion(6, 12));

const headers: Readonly<Record<string, string>> = {
  'include/linux/types.h': 'typedef unsigned int u32;\ntypedef unsigned long long u64;\ntypedef struct { int counter; } atomic_t;\n',
  'include/linux/stats.h': '#include <linux/types.h>\n#define STAT_ITEMS 3\nstruct stats { u64 item[STAT_ITEMS]; u32 cpu; };\nstruct owner { struct stats *pcpu; u32 *scratch[2]; };\n',
  'include/linux/percpu_counter.h': 'struct percpu_counter { long long count; int *counters; };\n',
};

function worldOf(files: Readonly<Record<string, string>>, config = ''): TypeWorld {
  return typeWorld({ tree: memoryTree({ ...headers, ...files }), architecture: 'x86_64', configuration: parseConfiguration(config, 'test') });
}

/** Sizes of all sites of a C file. */
function sizesIn(text: string, files: Readonly<Record<string, string>> = {}): readonly ResolvedSize[] {
  const world = worldOf({ ...files, 'a.c': text });
  return fileFacts(text, catalogue).sites.map((site) => sizeOfSite(world, 'a.c', site, catalogue.byName.get(site.api)));
}

function inFunction(statement: string, parameters = 'struct owner *owner'): string {
  return `#include <linux/stats.h>\n#include <linux/percpu_counter.h>\nstatic struct stats *all;\nint make(${parameters})\n{\n\t${statement}\n\treturn 0;\n}\n`;
}

describe('the size of an allocation site', () => {
  it.each([
    ['a scalar', 'owner->pcpu = alloc_percpu(u32);', 4, 4, 'scalar'],
    ['a pointer', 'owner->pcpu = alloc_percpu(struct gone *);', 8, 8, 'scalar'],
    ['a struct', 'owner->pcpu = alloc_percpu(struct stats);', 32, 8, 'layout'],
    ['typeof of a member of a parameter', 'owner->pcpu = alloc_percpu(typeof(*owner->pcpu));', 32, 8, 'layout'],
    ['an expression instead of a type', 'owner->pcpu = alloc_percpu(*owner->pcpu);', 32, 8, 'layout'],
    ['an element of an array of pointers', 'owner->pcpu = alloc_percpu(*owner->scratch);', 8, 8, 'scalar'],
    ['a local variable', 'struct stats *mine; mine = alloc_percpu_gfp(typeof(*mine), GFP_ATOMIC);', 32, 8, 'layout'],
    ['a variable of the file', 'all = __alloc_percpu(sizeof(*all), __alignof__(*all));', 32, 8, 'layout'],
    ['sizeof a type', 'all = __alloc_percpu(2 * sizeof(struct stats), 64);', 64, 64, 'layout'],
    ['a number', 'all = __alloc_percpu(4096, 4096);', 4096, 4096, 'literal'],
    ['percpu counters', 'percpu_counter_init_many(c, 0, GFP_KERNEL, STAT_ITEMS);', 12, 4, 'catalogue'],
  ])('%s', (_, statement, size, align, source) => {
    const [found] = sizesIn(inFunction(statement));
    expect(found).toMatchObject({ size, align, source });
  });

  it.each([
    ['a type that nothing defines', 'owner->pcpu = alloc_percpu(struct gone);', 'no definition of struct gone found'],
    ['a size known at run time', 'all = __alloc_percpu(n * sizeof(u32), 8);', 'n * sizeof(u32): n is known at run time only'],
    ['a member known at run time', 'all = __alloc_percpu(owner->scratch[0][1], 8);', 'known at run time only'],
    ['a count known at run time', 'percpu_counter_init_many(c, 0, GFP_KERNEL, n);', 'not known before run time'],
  ])('is unknown for %s', (_, statement, reason) => {
    const [found] = sizesIn(inFunction(statement, 'struct owner *owner, int n, struct percpu_counter *c'));
    expect(found).toMatchObject({ size: null, align: null, source: 'unknown' });
    expect(found?.reason).toContain(reason);
  });

  it('is that of the array where a variable is one', () => {
    const text = '#include <linux/stats.h>\nstatic DEFINE_PER_CPU(struct stats, depth[STAT_ITEMS]);\nDEFINE_PER_CPU(u32 *, both[2][2]);\n';
    expect(sizesIn(text).map(({ size }) => size)).toEqual([96, 32]);
  });

  it('takes the declaration of the innermost block', () => {
    const text = inFunction('u32 *p; { struct stats *p; all = alloc_percpu(typeof(*p)); } all = alloc_percpu(typeof(*p));');
    expect(sizesIn(text).map(({ size }) => size)).toEqual([32, 4]);
  });

  it('is not taken from another architecture’s code', () => {
    const text = inFunction('owner->pcpu = alloc_percpu(struct stats);');
    const world = worldOf({ 'arch/mips/a.c': text });
    const [site] = fileFacts(text, catalogue).sites;
    if (site === undefined) throw new Error('no site');
    expect(sizeOfSite(world, 'arch/mips/a.c', site, catalogue.byName.get(site.api)).reason).toBe('arch/mips/a.c is compiled for mips alone');
    expect(countOfSite(world, 'arch/mips/a.c', site, catalogue.byName.get(site.api))).toBe(1);
  });

  it('follows an edit of a header once told', () => {
    const files: Record<string, string> = { ...headers, 'a.c': inFunction('all = alloc_percpu(struct stats);') };
    const world = typeWorld({ tree: memoryTree(files), architecture: 'x86_64', configuration: parseConfiguration('', 'test') });
    const [site] = fileFacts(files['a.c'] ?? '', catalogue).sites;
    if (site === undefined) throw new Error('no site');
    const size = (): number | null => sizeOfSite(world, 'a.c', site, catalogue.byName.get(site.api)).size;
    expect(size()).toBe(32);
    files['include/linux/stats.h'] = (files['include/linux/stats.h'] ?? '').replace('STAT_ITEMS 3', 'STAT_ITEMS 10');
    forgetFiles(world, ['include/linux/stats.h']);
    expect(size()).toBe(88);
  });
});

describe('sizeof by name', () => {
  const files = {
    Kbuild: 'obj-y += kernel/\nobj-$(CONFIG_DRIVER) += drivers/\n',
    'kernel/Makefile': 'obj-y := core.o\n',
    'kernel/core.c': '#include <linux/stats.h>\n#include "core.h"\n#define CREATE\n#include <linux/events.h>\nstruct private { u64 a[2]; };\n',
    'kernel/core.h': 'struct core { struct stats stats; };\n',
    'drivers/Makefile': 'obj-y := driver.o other.o\n',
    'drivers/driver.c': 'struct private { char a; };\nstruct twice { char a; };\n',
    'drivers/other.c': 'struct twice { char a[9]; };\n',
    'include/linux/events.h': '#ifdef CREATE\n#define EVENT(name, type) struct event_##name { type value; }; typedef struct event_##name event_##name##_t;\n#else\n#define EVENT(name, type)\n#endif\nEVENT(open, u64)\nEVENT(close, u32)\n',
  };
  const sizes = (names: readonly string[], config = ''): readonly string[] =>
    sizeofTypes(worldOf(files, config), names).map(({ name, size, align }) => `${name} ${size ?? '?'}/${align ?? '?'}`);

  it('finds what the kernel links before what modules do', () => {
    expect(sizes(['struct core', 'struct private', 'u32', 'u64 *', 'atomic_t'], 'CONFIG_DRIVER=m\n')).toEqual([
      'struct core 32/8', 'struct private 16/8', 'u32 4/4', 'u64 * 8/8', 'atomic_t 4/4',
    ]);
  });

  it('finds types that macros make', () => {
    expect(sizes(['struct event_open', 'event_close_t'])).toEqual(['struct event_open 8/8', 'event_close_t 4/4']);
  });

  it('does not choose between definitions that differ', () => {
    const [answer] = sizeofTypes(worldOf(files, 'CONFIG_DRIVER=m\n'), ['struct twice']);
    expect(answer).toMatchObject({ name: 'struct twice', size: null, source: 'unknown' });
    expect(answer?.reason).toMatch(/defined more than once: .*drivers\/driver.c \(1 bytes\)/);
  });

  it('says why where there is none', () => {
    const [missing, bad] = sizeofTypes(worldOf(files), ['struct nowhere', '3 + 4']);
    expect(missing).toMatchObject({ size: null, reason: 'no definition of struct nowhere found in the tree' });
    expect(bad).toMatchObject({ name: '3 + 4', size: null, reason: 'not a type name' });
  });

  it('takes debug information where it knows the name', () => {
    const broken = readBtf(new Uint8Array(64));
    expect(broken).toHaveProperty('problem');
    const btf = { typeCount: 1, find: (kind: string, name: string) => (`${kind} ${name}` === 'struct core' ? [{ size: 40, align: 8 }] : []) };
    const world = typeWorld({ tree: memoryTree({ ...headers, ...files }), architecture: 'x86_64', configuration: parseConfiguration('', 'test'), btf });
    expect(sizeofTypes(world, ['struct core', 'struct private'])).toMatchObject([{ size: 40, source: 'btf' }, { size: 16, source: 'layout' }]);
  });
});
