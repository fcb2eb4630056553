import path from 'node:path';
import type { KernelVersion } from '../kernel/version';
import { findRoot } from '../workspace/kernelRoot';

/** The folder that a command reads, and the kernel round it. */
export interface AnalysedRoot {
  readonly root: string;
  /** Kernel tree whose headers and configuration hold for it; null where it is one itself, or none was found. */
  readonly headers: string | null;
  readonly kernel: KernelVersion | null;
  /** Configuration of the `O=` build folder that was named. */
  readonly builtConfig: string | null;
}

/** Commands read the folder that they are given alone: a part of a tree with the headers of the whole, of a build folder its source. */
export function analysedRoot(folder: string): AnalysedRoot {
  const given = path.resolve(folder);
  const { directory, kernel, isKernelTree, headers, builtConfig } = findRoot(given);
  const isPart = isKernelTree && builtConfig === null && directory !== given;
  return isPart ? { root: given, headers: directory, kernel, builtConfig: null } : { root: directory, headers, kernel, builtConfig };
}
