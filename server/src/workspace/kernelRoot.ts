import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseKernelVersion, type KernelVersion } from '../kernel/version';
import { kernelOfModule } from './moduleKernel';

/** A folder that is analysed as one tree. */
export interface Root {
  readonly directory: string;
  /** From the Makefile of the tree, or of the kernel that a module is built with; null where there is none. */
  readonly kernel: KernelVersion | null;
  /** A kernel tree, as opposed to a folder of C files. */
  readonly isKernelTree: boolean;
  /** For a module outside the tree: the kernel tree whose headers it is built with; null where none was found or none is needed. */
  readonly headers: string | null;
  /** The configuration of the `O=` build folder that led here; null where none did. */
  readonly builtConfig: string | null;
}

/** What every kernel tree has had at its top since 2.6, and no other project has together. */
const landmarks = ['Makefile', 'Kconfig', 'Kbuild', 'include/linux', 'kernel', 'mm'];

/**
 * The kernel tree that a file or folder lies in, found upward from it; from an `O=` build folder, the tree that it was
 * built from; else the folder itself, with the kernel that a module's Makefile names or that lies beside it. `named` is
 * a tree that somebody chose: it is taken where `start` lies in it, and for the headers of what lies elsewhere.
 */
export function findRoot(start: string, named: string | null = null): Root {
  const folder = isFolder(start) ? path.resolve(start) : path.dirname(path.resolve(start));
  if (named !== null) return namedRoot(path.resolve(named), folder);
  for (let at = folder; ; at = path.dirname(at)) {
    const tree = treeAt(at);
    if (tree !== null) return tree;
    if (path.dirname(at) === at) return lone(folder, kernelOfModule(folder, treeAt));
  }
}

function namedRoot(named: string, folder: string): Root {
  const tree = treeAt(named);
  if (tree === null) return lone(named, null);
  const relative = path.relative(tree.directory, folder);
  const isInside = relative === '' || !(relative.startsWith('..') || path.isAbsolute(relative));
  return isInside || folder === named ? tree : lone(folder, tree);
}

/** A folder that is no kernel tree, with the kernel that it is built with. */
function lone(folder: string, kernel: Root | null): Root {
  return { directory: folder, kernel: versionOf(folder) ?? kernel?.kernel ?? null, isKernelTree: false, headers: kernel?.directory ?? null, builtConfig: kernel?.builtConfig ?? null };
}

/** The kernel tree that a folder is, or that it was built from. */
function treeAt(at: string): Root | null {
  if (isKernelTree(at)) return { directory: at, kernel: versionOf(at), isKernelTree: true, headers: null, builtConfig: null };
  const source = sourceOfBuild(at);
  if (source === null) return null;
  const config = path.join(at, '.config');
  return { directory: source, kernel: versionOf(source), isKernelTree: true, headers: null, builtConfig: existsSync(config) ? config : null };
}

/** `make O=DIR` leaves a Makefile there that includes the tree's, and a link `source` to the tree (scripts/mkmakefile, top Makefile outputmakefile). */
function sourceOfBuild(at: string): string | null {
  const included = /^include (\S+)\/Makefile\s*$/m.exec(readText(path.join(at, 'Makefile')) ?? '')?.[1];
  const candidates = [...(included === undefined ? [] : [path.resolve(at, included)]), path.join(at, 'source')];
  const found = candidates.find((one) => path.resolve(one) !== path.resolve(at) && isKernelTree(one));
  return found === undefined ? null : path.resolve(found);
}

function isKernelTree(directory: string): boolean {
  return landmarks.every((name) => existsSync(path.join(directory, name)));
}

function versionOf(directory: string): KernelVersion | null {
  return versionInMakefile(readText(path.join(directory, 'Makefile')) ?? '');
}

/** Reads `VERSION = 6` and `PATCHLEVEL = 12`, the first lines of a kernel's top Makefile. */
export function versionInMakefile(makefile: string): KernelVersion | null {
  const version = /^VERSION\s*=\s*(\d+)\s*$/m.exec(makefile)?.[1];
  const patchlevel = /^PATCHLEVEL\s*=\s*(\d+)\s*$/m.exec(makefile)?.[1];
  if (version === undefined || patchlevel === undefined) return null;
  return parseKernelVersion(`${version}.${patchlevel}`) ?? null;
}

function readText(file: string): string | null {
  try {
    return statSync(file).size < 1024 * 1024 ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false;
  }
}
