import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseKernelVersion, type KernelVersion } from '../kernel/version';

/** A folder that is analysed as one tree. */
export interface Root {
  readonly directory: string;
  /** From the tree's Makefile; null where there is none. */
  readonly kernel: KernelVersion | null;
  /** A kernel tree, as opposed to a folder of C files. */
  readonly isKernelTree: boolean;
}

/** What every kernel tree has had at its top since 2.6, and no other project has together. */
const landmarks = ['Makefile', 'Kconfig', 'Kbuild', 'include/linux', 'kernel', 'mm'];

/** The kernel tree that a file or folder lies in, found upward from it; else the folder itself. */
export function findRoot(start: string): Root {
  const folder = isFolder(start) ? path.resolve(start) : path.dirname(path.resolve(start));
  for (let at = folder; ; at = path.dirname(at)) {
    if (isKernelTree(at)) return { directory: at, kernel: versionOf(at), isKernelTree: true };
    if (path.dirname(at) === at) return { directory: folder, kernel: versionOf(folder), isKernelTree: false };
  }
}

function isKernelTree(directory: string): boolean {
  return landmarks.every((name) => existsSync(path.join(directory, name)));
}

function versionOf(directory: string): KernelVersion | null {
  try {
    return versionInMakefile(readFileSync(path.join(directory, 'Makefile'), 'utf8'));
  } catch {
    return null;
  }
}

/** Reads `VERSION = 6` and `PATCHLEVEL = 12`, the first lines of a kernel's top Makefile. */
export function versionInMakefile(makefile: string): KernelVersion | null {
  const version = /^VERSION\s*=\s*(\d+)\s*$/m.exec(makefile)?.[1];
  const patchlevel = /^PATCHLEVEL\s*=\s*(\d+)\s*$/m.exec(makefile)?.[1];
  if (version === undefined || patchlevel === undefined) return null;
  return parseKernelVersion(`${version}.${patchlevel}`) ?? null;
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false;
  }
}
