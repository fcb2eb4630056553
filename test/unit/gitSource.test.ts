import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobId } from '../../server/src/workspace/blobId';
import { batchOutput } from '../../server/src/workspace/git/batchOutput';
import { gitOutput } from '../../server/src/workspace/git/gitProgram';
import { blobsOfTree, openRepository, treeOfRef } from '../../server/src/workspace/git/gitRepository';
import { listSources, sourceReader } from '../../server/src/workspace/treeSource';
import { bundledWorker, bundleFolder, gitFixture, type GitFixture } from '../gitFixture';

const folder = bundleFolder();
let blobEntry = '';
let repository: GitFixture;
beforeAll(async () => {
  blobEntry = await bundledWorker('blobThread', folder);
  repository = gitFixture();
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  repository.remove();
});

describe('the files of a commit', () => {
  it('are those of the commit, whatever the work tree holds', async () => {
    const commit = repository.commit({ 'mm/a.c': 'int a;\n', 'include/b.h': '/* ä */\n', 'README': 'no source\n' });
    repository.write({ 'mm/a.c': 'int other;\n', 'mm/new.c': 'int n;\n' });
    const tree = await treeOfRef(await openRepository(repository.folder), commit);
    const blobs = await blobsOfTree(tree);
    const source = { kind: 'commit', folder: repository.folder, tree: tree.id, blobs, blobEntry } as const;
    expect(listSources(source)).toEqual(['include/b.h', 'mm/a.c']);
    expect(blobs.get('mm/a.c')).toBe(blobId(Buffer.from('int a;\n')));
    const reader = sourceReader(source);
    const text = (file: string): string => {
      const read = reader.read(file);
      return read.kind === 'bytes' ? read.bytes.toString('utf8') : read.reason;
    };
    expect([text('mm/a.c'), text('include/b.h'), text('README'), text('mm/new.c'), text('mm/a.c')])
      .toEqual(['int a;\n', '/* ä */\n', 'no source\n', 'no such file', 'int a;\n']);
    reader.close();
    rmSync(path.join(repository.folder, 'mm/new.c'));
  });

  it('are the same when they are read ahead, in whatever order they are asked for then', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `mm/ahead${at}.c`);
    // Two of them have one content.
    const commit = repository.commit(Object.fromEntries(names.map((name, at) => [name, `int a${Math.min(at, 38)};\n${'x'.repeat(at * 997)}`.slice(0, at < 38 ? undefined : 9)])));
    const tree = await treeOfRef(await openRepository(repository.folder), commit);
    const blobs = new Map([...(await blobsOfTree(tree)), ['mm/lacking.c', '0'.repeat(39) + '1']]);
    const source = { kind: 'commit', folder: repository.folder, tree: tree.id, blobs, blobEntry } as const;
    const read = (ahead: readonly string[], asked: readonly string[]): readonly string[] => {
      const reader = sourceReader(source);
      reader.readAhead(ahead);
      const texts = asked.map((file) => {
        const found = reader.read(file);
        return found.kind === 'bytes' ? found.bytes.toString('utf8') : found.reason;
      });
      reader.close();
      return texts;
    };
    const asked = [...names, 'mm/lacking.c', ...names.slice(0, 5)].reverse();
    const texts = read([], asked);
    expect(new Set(texts).size).toBe(40);
    expect(read([...names, 'mm/lacking.c', 'mm/absent.c'], asked)).toEqual(texts);
  });

  it('are counted from the folder that was asked for', async () => {
    repository.commit({ 'linux/kernel/fork.c': 'int f;\n' });
    const tree = await treeOfRef(await openRepository(path.join(repository.folder, 'linux')), 'HEAD');
    expect([...(await blobsOfTree(tree)).keys()]).toEqual(['kernel/fork.c']);
  });
});

describe('what git cannot answer is said in one line', () => {
  it('an unknown ref, and one that looks like an option', async () => {
    const opened = await openRepository(repository.folder);
    await expect(treeOfRef(opened, 'v9.9')).rejects.toThrow(/^v9\.9: no such commit, branch or tag in /);
    await expect(treeOfRef(opened, '--help')).rejects.toThrow(/^--help: no such commit/);
  });

  it('a commit that a shallow clone lacks', async () => {
    repository.commit({ 'x.c': '1\n' });
    const clone = `${repository.folder}-shallow`;
    repository.git('clone', '-q', '--depth', '1', `file://${repository.folder}`, clone);
    await expect(treeOfRef(await openRepository(clone), 'HEAD~1')).rejects.toThrow(/^HEAD~1: .*the clone is shallow: fetch it first/);
    rmSync(clone, { recursive: true, force: true });
  });

  it('a folder outside any repository', async () => {
    await expect(openRepository('/')).rejects.toThrow('/: not in a git repository; two folders can be compared without one');
  });

  it('git absent', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await expect(gitOutput('/', ['status'])).rejects.toThrow(/^git was not found: .*install it, or compare two folders$/);
    } finally {
      process.env['PATH'] = before;
    }
  });
});

describe('a repository', () => {
  it('has none of its programs run', async () => {
    const marker = path.join(repository.folder, 'was-run');
    const program = path.join(repository.folder, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`);
    chmodSync(program, 0o755);
    for (const name of ['core.fsmonitor', 'diff.external', 'core.sshCommand', 'filter.x.clean', 'filter.x.smudge', 'diff.x.textconv', 'core.pager', 'credential.helper']) {
      repository.git('config', name, program);
    }
    const commit = repository.commit({ '.gitattributes': '*.c filter=x diff=x\n', 'y.c': 'int y;\n' });
    rmSync(marker, { force: true });
    const tree = await treeOfRef(await openRepository(repository.folder), commit);
    const reader = sourceReader({ kind: 'commit', folder: repository.folder, tree: tree.id, blobs: await blobsOfTree(tree), blobEntry });
    expect(reader.read('y.c').kind).toBe('bytes');
    reader.close();
    expect(existsSync(marker)).toBe(false);
  });
});

describe('the output of a batch', () => {
  it('is cut into its objects however it comes in', () => {
    const text = 'aaaa blob 3\nx\ny\nbbbb missing\ncccc blob 0\n\ndddd blob 2\nzz\n';
    for (let size = 1; size <= text.length; size++) {
      const output = batchOutput();
      const objects: (string | null)[] = [];
      for (let at = 0; at < text.length; at += size) {
        objects.push(...output.take(Buffer.from(text.slice(at, at + size))).map((object) => object?.toString() ?? null));
      }
      expect(objects).toEqual(['x\ny', null, '', 'zz']);
    }
  });
});
