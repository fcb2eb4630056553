import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** A repository made for a test, with commits of texts. */
export interface GitFixture {
  readonly folder: string;
  /** Writes files; null removes one. */
  write(files: Readonly<Record<string, string | null>>): void;
  /** Commits all that is in the folder, and gives the commit's id. */
  commit(files?: Readonly<Record<string, string | null>>): string;
  git(...args: readonly string[]): string;
  remove(): void;
}

const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=master'];

export function gitFixture(): GitFixture {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-git-'));
  const git = (...args: readonly string[]): string => execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const write: GitFixture['write'] = (files) => {
    for (const [file, text] of Object.entries(files)) {
      const full = path.join(folder, file);
      if (text === null) rmSync(full);
      else {
        mkdirSync(path.dirname(full), { recursive: true });
        writeFileSync(full, text);
      }
    }
  };
  git('init', '-q');
  return {
    folder,
    write,
    git,
    commit: (files = {}) => {
      write(files);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', 'state');
      return git('rev-parse', 'HEAD').trim();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bundles a worker's script as the build does; gives its path. */
export async function bundledWorker(name: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${name}.cjs`);
  const entry = path.resolve(import.meta.dirname, `../server/src/worker/${name}.ts`);
  // Native modules are found from the bundle's folder up: the project's own.
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error' });
  return outfile;
}

/** A folder inside the project for bundles that need its native modules. */
export function bundleFolder(): string {
  const parent = path.resolve(import.meta.dirname, '../node_modules/.cache');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(path.join(parent, 'workers-'));
}

export const hasGit = spawnSync('git', ['--version']).status === 0;
