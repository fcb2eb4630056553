import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRoot, versionInMakefile } from '../../server/src/workspace/kernelRoot';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { isSilent } from '../../server/src/workspace/silentText';
import { listSourceFiles, sourceLister } from '../../server/src/workspace/sourceFiles';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text = ''): string {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function kernelTree(makefile: string): void {
  write('Makefile', makefile);
  for (const file of ['Kconfig', 'Kbuild', 'include/linux/mm.h', 'kernel/fork.c', 'mm/percpu.c']) write(file);
}

describe('roots', () => {
  it('are found from any folder and file of a kernel tree', () => {
    kernelTree('# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\n');
    const deep = write('net/ipv4/af_inet.c');
    for (const start of [folder, path.join(folder, 'net'), path.join(folder, 'net/ipv4'), deep]) {
      expect(findRoot(start)).toEqual({ directory: folder, kernel: { major: 6, minor: 12 }, isKernelTree: true, headers: null, builtConfig: null });
    }
  });

  it('are the folder itself outside a kernel tree', () => {
    const file = write('driver/main.c');
    expect(findRoot(file)).toEqual({ directory: path.join(folder, 'driver'), kernel: null, isKernelTree: false, headers: null, builtConfig: null });
  });

  it('have no version where the Makefile has none', () => {
    expect(versionInMakefile('all:\n\tcc main.c\n')).toBeNull();
    expect(versionInMakefile('VERSION = x\nPATCHLEVEL = 1\n')).toBeNull();
  });
});

describe('source files', () => {
  it('are the .c and .h files, sorted, without version control', () => {
    for (const file of ['b.c', 'a/z.h', 'a/b/c.c', 'a/readme.txt', '.git/x.c', 'a.cc']) write(file);
    const { files, problems } = listSourceFiles(folder);
    expect(files).toEqual(['a/b/c.c', 'a/z.h', 'b.c']);
    expect(problems).toEqual([]);
  });

  it('are listed as they are asked for, each once', () => {
    const names = ['a/b/c.c', 'a/z.h', 'b.c', 'c/d.h', 'c/e/f.c'];
    for (const file of names) write(file);
    const lister = sourceLister(folder);
    const taken: string[] = [];
    for (let some = lister.take(2); some.length > 0; some = lister.take(2)) {
      expect(some.length).toBeLessThanOrEqual(2);
      taken.push(...some);
    }
    expect(taken.sort()).toEqual(names);
    expect(lister.all().files).toEqual(names);
    expect(lister.take(1)).toEqual([]);
  });

  it('end on cyclic links', () => {
    write('a/one.c');
    symlinkSync(folder, path.join(folder, 'a/up'));
    symlinkSync('loop', path.join(folder, 'loop'));
    expect(listSourceFiles(folder).files).toEqual(['a/one.c']);
  });

  it('name links that lead nowhere, and leave links to files to those files', () => {
    write('a/one.c');
    symlinkSync('gone.c', path.join(folder, 'dangling.c'));
    symlinkSync('self.h', path.join(folder, 'self.h'));
    symlinkSync('a/one.c', path.join(folder, 'other.c'));
    const { files, problems } = listSourceFiles(folder);
    expect(files).toEqual(['a/one.c']);
    expect(problems).toEqual([
      { file: 'dangling.c', reason: 'is a link that leads nowhere: no such file' },
      { file: 'self.h', reason: 'is a link that leads nowhere: symbolic links in a circle' },
    ]);
  });

  it('of a folder that is not there are none, with the reason', () => {
    const listing = listSourceFiles(path.join(folder, 'gone'));
    expect(listing).toEqual({ files: [], problems: [{ file: '.', reason: 'no such file' }] });
  });
});

describe('a text with nothing to show', () => {
  const catalogue = catalogueFor(null);
  const defines = '#define REGISTER_BASE_INDEX 0x1\n'.repeat(40_000);

  it('is a long one without a name of the catalogue or a comment to us', () => {
    expect(isSilent(defines, catalogue)).toBe(true);
    expect(isSilent(`${defines}void f(void) { free_percpu(p); }\n`, catalogue)).toBe(false);
    expect(isSilent(`${defines}/* percpu-lens: ignore grouping: why */\n`, catalogue)).toBe(false);
  });

  it('is none that a person may have written: its functions are shown', () => {
    expect(isSilent('int f(void) { return 0; }\n', catalogue)).toBe(false);
  });
});
