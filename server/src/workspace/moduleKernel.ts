import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Names under which a module's Makefile keeps the folder of its kernel. */
const kernelVariable = /^[ \t]*(?:export[ \t]+)?\w*(?:KDIR|KERNEL|KSRC|KBUILD|KERN_DIR|LINUX)\w*[ \t]*[:?]?=[ \t]*(\S+)[ \t]*$/gm;
const runningKernel = /\$\((?:shell[ \t]+)?uname[ \t]+-r\)/g;
/** More folders beside a module are not looked through. */
const mostNeighbours = 500;

/**
 * The kernel that a module outside the tree is built with: the one that its Makefile names, else the only kernel tree
 * beside it. Nothing is executed: `$(shell uname -r)` is what the system says of itself.
 */
export function kernelOfModule<Tree>(folder: string, treeAt: (at: string) => Tree | null): Tree | null {
  if (!isModule(folder)) return null;
  for (const named of namedKernels(folder)) {
    const tree = treeAt(path.resolve(folder, named));
    if (tree !== null) return tree;
  }
  const beside = neighbours(folder).flatMap((at) => treeAt(at) ?? []);
  return beside.length === 1 ? (beside[0] ?? null) : null;
}

/** A folder whose Makefile or Kbuild builds modules. */
function isModule(folder: string): boolean {
  return ['Makefile', 'Kbuild'].some((name) => /^\s*obj-(m|y|\$\(CONFIG_\w+\))\s*[:+]?=/m.test(textOf(path.join(folder, name))));
}

function namedKernels(folder: string): string[] {
  const makefile = textOf(path.join(folder, 'Makefile')).replace(runningKernel, os.release());
  const assigned = [...makefile.matchAll(kernelVariable)].map(([, value]) => value ?? '');
  const called = [...makefile.matchAll(/-C[ \t]+([^\s$]+)/g)].map(([, value]) => value ?? '');
  return [...assigned, ...called].filter((one) => !one.includes('$'));
}

function neighbours(folder: string): string[] {
  const parent = path.dirname(folder);
  return entriesOf(parent)
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .slice(0, mostNeighbours)
    .map((entry) => path.join(parent, entry.name))
    .filter((at) => at !== folder);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 256 * 1024);
  } catch {
    return '';
  }
}
