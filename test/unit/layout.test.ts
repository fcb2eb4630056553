import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../server/src/kernel/abi';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { typeWorld, unitOf } from '../../server/src/resolve/typeWorld';
import { attempt } from '../../server/src/resolve/unresolved';
import { memoryTree } from '../sourceTrees';

const attributes = `
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define ____cacheline_aligned __attribute__((__aligned__(64)))
#define DECLARE_BITMAP(name, bits) unsigned long name[((bits) + 63) / 64]
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
`;

/** Size and alignment of a type that a text defines, as `size/align`, or why they are not known. */
function measured(text: string, type: string, config = '', architecture: Architecture = 'x86_64'): string {
  const tree = memoryTree({ 'a.c': attributes + text });
  const world = typeWorld({ tree, architecture, configuration: parseConfiguration(config, 'test') });
  const unit = unitOf(world, 'a.c');
  const outcome = attempt(() => {
    const parsed = unit?.typeOf(type);
    return parsed === undefined ? undefined : unit?.layout(parsed);
  });
  if (!outcome.known) return outcome.reason;
  return outcome.value === undefined ? 'no type' : `${outcome.value.size}/${outcome.value.align}`;
}

// The expected figures are those of GCC 12 for the same declarations (x86-64, and aarch64 where given).
describe('layout of records', () => {
  it.each([
    ['padding between and after members', 'struct s { char a; int b; char c; };', '12/4'],
    ['packed', 'struct s { char a; int b; char c; } __packed;', '6/1'],
    ['a packed member', 'struct s { char a; int b __packed; char c; };', '6/1'],
    ['an aligned record', 'struct s { int a; } __aligned(64);', '64/64'],
    ['an aligned member', 'struct s { char a; char b __aligned(16); };', '32/16'],
    ['packed with an aligned member', 'struct s { char a; int b __aligned(4); } __packed;', '8/4'],
    ['an array with a constant expression', 'enum { N = 3 }; struct s { u16 a[N * 2 + (sizeof(u32) >> 1)]; };', '16/2'],
    ['a flexible member', 'struct s { u32 n; u64 data[]; };', '8/8'],
    ['anonymous union and struct', 'struct s { union { struct { u8 a; u8 b; }; u32 c; }; u8 d; };', '8/4'],
    ['function pointers', 'struct s { int (*open)(struct x *, int); void *(*f[2])(void); };', '24/8'],
    ['a bitmap macro', 'struct s { DECLARE_BITMAP(map, 65); };', '16/8'],
    ['typedef alignment below the natural one', 'typedef u64 __aligned(4) compat; struct s { u32 a; compat b; };', '12/4'],
    ['an empty struct', 'struct s { };', '0/1'],
    ['a 128-bit integer', 'struct s { char a; __int128 b; };', '32/16'],
    ['a small packed enum', 'enum e { A, B } __packed; struct s { enum e a; u8 b; };', '2/1'],
    ['an enum wider than int', 'enum e { A = 1ULL << 40 }; struct s { enum e a; };', '8/8'],
    ['a struct tagged inside', 'struct s { struct inner { u8 x[3]; } a[2]; };', '6/1'],
    ['several declarators', 'struct s { u8 a, b[3], *c; };', '16/8'],
    ['cache line alignment in the middle', 'struct s { int a; int b ____cacheline_aligned; };', '128/64'],
  ])('%s', (_, text, expected) => {
    expect(measured(text, 'struct s')).toBe(expected);
  });
});

describe('bit-fields', () => {
  it.each([
    ['share their unit', 'struct s { u32 a : 3; u32 b : 29; };', '4/4', '4/4'],
    ['do not cross a unit', 'struct s { u32 a : 30; u32 b : 3; };', '8/4', '8/4'],
    ['of different types', 'struct s { u8 a : 4; u32 b : 10; u16 c : 12; };', '4/4', '4/4'],
    ['follow a byte', 'struct s { char a; int b : 4; };', '4/4', '4/4'],
    ['packed', 'struct s { u32 a : 30; u32 b : 3; } __packed;', '5/1', '5/1'],
    ['ended by a zero width', 'struct s { u8 a : 1; u32 : 0; u8 b : 1; };', '5/1', '8/4'],
    ['unnamed', 'struct s { u8 a; u32 : 4; };', '2/1', '4/4'],
    ['of 64 bits', 'struct s { u64 a : 40; u64 b : 40; };', '16/8', '16/8'],
  ])('%s', (_, text, x86, arm) => {
    expect(measured(text, 'struct s')).toBe(x86);
    expect(measured(text, 'struct s', '', 'arm64')).toBe(arm);
  });
});

describe('conditional members', () => {
  const text = `
struct s {
	int a;
#if defined(CONFIG_SMP) && CONFIG_NR_CPUS > 2
	u64 per_cpu[CONFIG_NR_CPUS];
#elif IS_ENABLED(CONFIG_MODULAR)
	u64 one;
#else
	u8 none;
#endif
};`;
  it.each([
    ['CONFIG_SMP=y\nCONFIG_NR_CPUS=4\n', '40/8'],
    ['CONFIG_SMP=y\nCONFIG_NR_CPUS=2\n', '8/4'],
    ['CONFIG_MODULAR=m\n', '16/8'],
    ['# CONFIG_SMP is not set\n', '8/4'],
  ])('follow %j', (config, expected) => {
    expect(measured(text, 'struct s', config)).toBe(expected);
  });
});

describe('what is not known', () => {
  it.each([
    ['an unknown member type', 'struct s { struct gone a; };', 'member a of struct s: no definition of struct gone found'],
    ['an unknown length', 'struct s { int a[GONE]; };', 'member a of struct s: no definition of GONE found'],
    ['a struct inside itself', 'struct s { struct s a; };', 'member a of struct s: struct s contains itself'],
    ['a vector', 'typedef int v4 __attribute__((vector_size(16))); struct s { v4 a; };', 'member a of struct s: __attribute__((vector_size(16))) is not analysed'],
    ['a missing annotation', 'struct s { int a __gone; };', 'member a of struct s: the macro __gone is not defined where it is used'],
    ['a missing member macro', 'struct s { GONE(x); int a; };', 'member without a name of struct s: the macro GONE ( x ) is not defined where it is used'],
    ['text that is no C', 'struct s { int a; ) ] };', '4/4'],
  ])('%s', (_, text, expected) => {
    expect(measured(text, 'struct s')).toBe(expected);
  });
});

describe('a header that lacks a macro where it is read first', () => {
  it('is read again where the macro is there', () => {
    const tree = memoryTree({
      'include/late.h': 'struct late { int a[LENGTH]; };\n',
      'bad.c': '#include <late.h>\n',
      'good.c': '#define LENGTH 3\n#include <late.h>\n',
    });
    const world = typeWorld({ tree, architecture: 'x86_64', configuration: parseConfiguration('', 'test') });
    const sizeIn = (file: string): number | undefined => {
      const unit = unitOf(world, file);
      const outcome = attempt(() => unit?.layout({ kind: 'tagged', tag: 'struct', name: 'late' }).size);
      return outcome.known ? outcome.value : undefined;
    };
    expect([sizeIn('bad.c'), sizeIn('good.c')]).toEqual([undefined, 12]);
  });
});
