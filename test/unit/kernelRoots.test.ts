import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analysedRoot } from '../../server/src/cli/analysedRoot';
import { runCommandLine } from '../../server/src/cli/main';
import { findRoot } from '../../server/src/workspace/kernelRoot';

let base = '';
let linux = '';
beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
  linux = kernelAt('linux', 12);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function write(file: string, text = ''): string {
  const full = path.join(base, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function kernelAt(name: string, minor: number): string {
  write(`${name}/Makefile`, `VERSION = 6\nPATCHLEVEL = ${minor}\n`);
  for (const file of ['Kconfig', 'Kbuild', 'kernel/fork.c', 'mm/percpu.c', 'fs/super.c']) write(`${name}/${file}`);
  write(`${name}/include/linux/widget.h`, 'struct widget {\n\tlong a;\n\tint b;\n};\n');
  return path.join(base, name);
}

describe('an O= build folder', () => {
  it.each([
    ['beside the tree, by its Makefile', 'build', 'include ../linux/Makefile\n'],
    ['inside the tree', 'linux/out', 'include ../Makefile\n'],
  ])('%s leads to the tree, with its own configuration', (_, folder, makefile) => {
    write(`${folder}/Makefile`, `# Automatically generated\n${makefile}`);
    const config = write(`${folder}/.config`, 'CONFIG_SMP=y\n');
    write(`${folder}/drivers/net/Module.symvers`);
    for (const start of [folder, `${folder}/drivers/net`]) {
      expect(findRoot(path.join(base, start))).toEqual({ directory: linux, kernel: { major: 6, minor: 12 }, isKernelTree: true, headers: null, builtConfig: config });
    }
    expect(analysedRoot(path.join(base, folder))).toMatchObject({ root: linux, builtConfig: config });
  });

  it('is known by its link to the source too, configured or not', () => {
    mkdirSync(path.join(base, 'build'));
    symlinkSync(linux, path.join(base, 'build/source'));
    expect(findRoot(path.join(base, 'build'))).toMatchObject({ isKernelTree: true, kernel: { major: 6, minor: 12 }, builtConfig: null });
  });
});

describe('a module outside the tree', () => {
  const makefile = 'obj-m += mine.o\nmine-y := main.o\n';

  it('has the headers of the kernel that its Makefile names', () => {
    kernelAt('other', 6);
    for (const line of ['KDIR ?= ../other', `KERNELDIR := ${path.join(base, 'other')}`, 'all:\n\t$(MAKE) -C ../other M=$(PWD) modules']) {
      write('mine/Makefile', `${makefile}${line}\n`);
      expect(findRoot(path.join(base, 'mine'))).toEqual({
        directory: path.join(base, 'mine'), kernel: { major: 6, minor: 6 }, isKernelTree: false, headers: path.join(base, 'other'), builtConfig: null,
      });
    }
  });

  it('has those of the only kernel beside it, and of none where there are several', () => {
    write('mine/Kbuild', makefile);
    expect(findRoot(path.join(base, 'mine'))).toMatchObject({ directory: path.join(base, 'mine'), headers: linux });
    kernelAt('other', 6);
    expect(findRoot(path.join(base, 'mine'))).toMatchObject({ headers: null, kernel: null });
  });

  it('has the configuration of the build folder that its Makefile names', () => {
    write('build/Makefile', 'include ../linux/Makefile\n');
    const config = write('build/.config', 'CONFIG_SMP=y\n');
    write('mine/Makefile', `${makefile}KDIR := ../build\n`);
    expect(findRoot(path.join(base, 'mine'))).toMatchObject({ headers: linux, builtConfig: config });
  });

  it('has those of the tree that was chosen', () => {
    const other = kernelAt('other', 6);
    write('mine/Makefile', makefile);
    expect(findRoot(path.join(base, 'mine'), other)).toMatchObject({ directory: path.join(base, 'mine'), headers: other, kernel: { minor: 6 } });
    expect(findRoot(path.join(other, 'fs'), other)).toMatchObject({ directory: other, headers: null });
  });

  it('takes sizes from there', async () => {
    write('mine/Makefile', `${makefile}KDIR := ../linux\n`);
    write('mine/own.h', '#include <linux/widget.h>\nstruct own { struct widget w[2]; };\n');
    write('mine/main.c', '#include "own.h"\nint x;\n');
    let out = '';
    const io = { out: (text: string) => void (out += text), err: () => undefined };
    await runCommandLine(['sizeof', 'struct own', 'struct widget', '--root', path.join(base, 'mine'), '--format', 'json'], io, { factsEntry: '', blobEntry: 'absent.cjs', serverEntry: '', processes: 1, version: '1' });
    expect(JSON.parse(out)).toMatchObject([{ name: 'struct own', size: 32 }, { name: 'struct widget', size: 16 }]);
  });

  it('beside no Makefile of modules is just a folder', () => {
    write('notes/main.c');
    expect(findRoot(path.join(base, 'notes'))).toMatchObject({ headers: null });
  });
});

describe('a part of a tree on the command line', () => {
  it('is read alone, with the headers of the whole', () => {
    expect(analysedRoot(path.join(linux, 'fs'))).toEqual({ root: path.join(linux, 'fs'), headers: linux, kernel: { major: 6, minor: 12 }, builtConfig: null });
    expect(analysedRoot(linux)).toMatchObject({ root: linux, headers: null });
  });
});
