import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobId } from '../../server/src/workspace/blobId';
import { workTreeBlobs } from '../../server/src/workspace/git/workTreeBlobs';

const idOf = (text: string): string => blobId(Buffer.from(text));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-work-tree-'));
  writeFileSync(path.join(folder, 'same.c'), 'int same;\n');
  writeFileSync(path.join(folder, 'edited.c'), 'int edited;\n');
  symlinkSync('same.c', path.join(folder, 'link.c'));
  execFileSync('mkfifo', [path.join(folder, 'pipe.c')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the work tree in place of git', () => {
  it('gives what a commit has', () => {
    expect(workTreeBlobs(folder).read('same.c', idOf('int same;\n'))?.toString()).toBe('int same;\n');
  });

  it.each([
    ['a file that was edited since', 'edited.c', 'int before;\n'],
    ['a file that is gone', 'gone.c', 'int gone;\n'],
    ['a link, of which a commit has the target', 'link.c', 'same.c'],
    ['a folder', '.', ''],
    ['a pipe that nobody writes to', 'pipe.c', 'int pipe;\n'],
  ])('leaves %s to git', (_, file, text) => {
    expect(workTreeBlobs(folder).read(file, idOf(text))).toBeUndefined();
  });

  it('leaves all to git where it is of another commit, and goes on where a few files were edited', () => {
    const [other, edited] = [workTreeBlobs(folder), workTreeBlobs(folder)];
    for (let at = 0; at < 40; at++) {
      other.read('edited.c', idOf(`int other${at};\n`));
      edited.read('same.c', idOf('int same;\n'));
      edited.read('edited.c', idOf(`int other${at};\n`));
    }
    const some = [['same.c', idOf('int same;\n')], ['edited.c', idOf('int before;\n')]] as const;
    expect(other.othersIn(some)).toEqual(some.map(([, id]) => id));
    expect(edited.othersIn(some)).toEqual([]);
    expect(other.read('same.c', idOf('int same;\n'))).toBeUndefined();
    expect(edited.read('same.c', idOf('int same;\n'))?.toString()).toBe('int same;\n');
  });

  it('says at first which of some are others, so that git is asked for them at once', () => {
    const files = [['same.c', idOf('int same;\n')], ['edited.c', idOf('int before;\n')], ['gone.c', idOf('int gone;\n')]] as const;
    expect(workTreeBlobs(folder).othersIn(files)).toEqual([idOf('int before;\n'), idOf('int gone;\n')]);
    const all = Array.from({ length: 100 }, (_, at) => ['gone.c', idOf(`int gone${at};\n`)] as const);
    expect(workTreeBlobs(folder).othersIn(all)).toHaveLength(100);
  });

  it('leaves names of another digest to git', () => {
    expect(workTreeBlobs(folder).read('same.c', idOf('int same;\n').padEnd(64, '0'))).toBeUndefined();
  });
});
