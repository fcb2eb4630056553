import { describe, expect, it } from 'vitest';
import { abiOf } from '../../server/src/kernel/abi';
import { parseConfiguration, tristate } from '../../server/src/kernel/kconfig';
import { defaultKernelConfiguration } from '../../server/src/kernel/kconfigDefault';
import { buildOf } from '../../server/src/resolve/kbuild/builtFiles';
import { makeVariables } from '../../server/src/resolve/kbuild/makefile';
import { memoryTree } from '../sourceTrees';

describe('a .config', () => {
  it('becomes the macros that the build makes of it', () => {
    const text = '# comment\nCONFIG_SMP=y\r\nCONFIG_VETH=m\nCONFIG_NR_CPUS=64\nCONFIG_NAME="a b"\n# CONFIG_OFF is not set\nCONFIG_NO=n\nnonsense\n';
    const configuration = parseConfiguration(text, '.config');
    expect([...configuration.macros]).toEqual([
      ['CONFIG_SMP', '1'], ['CONFIG_VETH_MODULE', '1'], ['CONFIG_NR_CPUS', '64'], ['CONFIG_NAME', '"a b"'],
    ]);
    expect(['CONFIG_SMP', 'CONFIG_VETH', 'CONFIG_OFF'].map((name) => tristate(configuration, name))).toEqual(['y', 'm', 'n']);
  });

  it('has a default for each architecture, SMP, without debugging and real time', () => {
    for (const architecture of ['x86_64', 'arm64'] as const) {
      const { macros } = defaultKernelConfiguration(architecture);
      for (const option of ['SMP', '64BIT', 'MEMCG', 'NUMA', 'MMU']) expect(macros.get(`CONFIG_${option}`), option).toBe('1');
      for (const option of ['PREEMPT_RT', 'LOCKDEP', 'KASAN', 'DEBUG_SPINLOCK']) expect(macros.has(`CONFIG_${option}`), option).toBe(false);
      expect(Number(macros.get('CONFIG_NR_CPUS'))).toBeGreaterThanOrEqual(512);
    }
    expect(defaultKernelConfiguration('arm64').macros.has('CONFIG_X86')).toBe(false);
    expect(defaultKernelConfiguration('arm64').macros.get('CONFIG_ARM64')).toBe('1');
  });
});

describe('a Makefile', () => {
  const given = (name: string): string | undefined => ({ CONFIG_A: 'y', CONFIG_M: 'm', src: 'drivers/x' })[name];
  it.each([
    ['obj-$(CONFIG_A) += a.o \\\nb.o', 'obj-y', 'a.o  b.o'],
    ['obj-y := a.o # why\nobj-$(CONFIG_M) += m.o', 'obj-m', 'm.o'],
    ['ifeq ($(CONFIG_A),y)\nx-y := 1\nelse\nx-y := 2\nendif', 'x-y', '1'],
    ['ifdef CONFIG_B\nx-y := 1\nelse ifneq ($(CONFIG_A),)\nx-y := 2\nelse\nx-y := 3\nendif', 'x-y', '2'],
    ['x-y += $(addprefix lib/, a.o b.o)', 'x-y', 'lib/a.o lib/b.o'],
    ['obj-$(subst m,y,$(CONFIG_M)) += both.o', 'obj-y', 'both.o'],
    ['ccflags-y := -I$(src)/include -DX=1', 'ccflags-y', '-Idrivers/x/include -DX=1'],
    ['v = a.c b.c\nx := $(v:.c=.o)', 'x', 'a.o b.o'],
    ['ifeq (unclosed\nx := $(unclosed\n', 'x', undefined],
  ])('%j gives %s', (text, name, value) => {
    expect(makeVariables(text, given).get(name)?.trim()).toBe(value);
  });
});

describe('the files that a configuration builds', () => {
  const tree = memoryTree({
    Kbuild: 'obj-y += kernel/\nobj-$(CONFIG_NET) += net/\n',
    'kernel/Makefile': 'obj-y += fork.o sched/\nobj-$(CONFIG_MOD) += mod.o\nmod-y := first.o second.o\nccflags-y += -I$(src)/inner -DBUILDING\n',
    'kernel/sched/Makefile': 'obj-y += all.o\n',
    'kernel/sched/all.c': '#include "part.c"\n',
    'kernel/sched/part.c': 'struct part { int a; };\n',
    'net/Makefile': 'obj-y += socket.o\n',
    'arch/x86/Makefile': 'libs-y += arch/x86/lib/\n',
    'arch/x86/lib/Makefile': 'lib-y := copy.o\n',
  });
  const build = buildOf(tree, parseConfiguration('CONFIG_MOD=m\n', 'test'), abiOf('x86_64'));

  it('are linked into the kernel or into modules', () => {
    expect(Object.fromEntries([...build.files].map(([path, { linkage }]) => [path, linkage]))).toEqual({
      'kernel/fork.c': 'kernel',
      'kernel/first.c': 'module',
      'kernel/second.c': 'module',
      'kernel/sched/all.c': 'kernel',
      'arch/x86/lib/copy.c': 'kernel',
    });
  });

  it('have the flags of their folder', () => {
    expect(build.flagsOf('kernel/fork.c')).toEqual({ includes: ['kernel/inner'], defines: [['BUILDING', '1']] });
  });

  it('may be compiled as part of another', () => {
    expect(build.compiledAs('kernel/sched/part.c')).toBe('kernel/sched/all.c');
    expect(build.compiledAs('kernel/sched/all.c')).toBe('kernel/sched/all.c');
    expect(build.compiledAs('kernel/fork.c')).toBe('kernel/fork.c');
  });
});
