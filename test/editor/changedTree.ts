import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What of a kernel tree has percpu code or is included by it, without a third of its bytes that has neither. */
const sources = ['*.c', '*.h', '*Makefile*', '*Kbuild*', '*Kconfig*', ':!drivers/gpu/drm/amd/include', ':!Documentation'];

/** A copy of a tree beside it that shares its files: nothing may write into one, only put another in its place. */
export function linkedCopy(tree: string): { readonly folder: string; readonly remove: () => void } {
  const parent = mkdtempSync(`${tree}-`);
  const folder = path.join(parent, path.basename(tree));
  execFileSync('cp', ['-al', tree, folder]);
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }) };
}

/** Makes a folder a repository whose one commit has other texts in some files; the files stay as they are. */
export function changedSinceCommit(folder: string, before: Readonly<Record<string, (text: string) => string>>): void {
  const git = (...args: readonly string[]): void => void execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: folder, stdio: 'pipe' });
  const texts = Object.keys(before).map((file) => [file, readFileSync(path.join(folder, file), 'latin1')] as const);
  for (const [file, text] of texts) replace(path.join(folder, file), differing(text, before[file]?.(text), file));
  git('init', '-q');
  // Each file as a blob of its own, compressed, takes three times as long.
  git('-c', 'core.bigFileThreshold=1', '-c', 'core.compression=0', '-c', 'pack.compression=0', 'add', '-f', '--', ...sources);
  git('commit', '-q', '-m', 'as it was');
  for (const [file, text] of texts) replace(path.join(folder, file), text);
}

function differing(text: string, before: string | undefined, file: string): string {
  if (before === undefined || before === text) throw new Error(`${file} would be the same in the commit`);
  return before;
}

/** Another file in the place of one that may be shared. */
function replace(file: string, text: string): void {
  rmSync(file);
  writeFileSync(file, text, 'latin1');
}
