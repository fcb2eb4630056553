import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import type { Api } from '../kernel/api';
import type { KernelConfiguration } from '../kernel/kconfig';
import type { KernelVersion } from '../kernel/version';
import { kernelBtf } from './kernelBtf';
import { kernelConfiguration } from './kernelConfiguration';
import { nodeSourceTree, type FolderSourceTree } from './nodeSourceTree';
import { treeTypes, type TreeTypes } from './treeTypes';

/** What the sizes of a folder's sites follow from; plain data, so that a thread or a process can be told. */
export interface TypesConfiguration {
  readonly root: string;
  /** Kernel tree whose headers and configuration a module outside it is built with; null where the root is one itself. */
  readonly headers: string | null;
  readonly arch: 'x86_64' | 'arm64';
  /** What calls allocate differs by version; null: as the newest kernel has it. */
  readonly kernel: KernelVersion | null;
  /** Kernel configuration file; null: ROOT/.config, else the documented default. */
  readonly kconfig: string | null;
  /** BTF file, `auto` to look beside the tree, or null for sizes from source alone. */
  readonly btf: string | null;
  readonly extraApis: readonly Api[];
}

export interface FolderTypes {
  readonly tree: FolderSourceTree;
  readonly types: TreeTypes;
  readonly catalogue: Catalogue;
  readonly configuration: KernelConfiguration;
}

/** The types of a folder on disk. Throws NoConfiguration where a file that was named is none. */
export function folderTypes({ root, headers, arch, kernel, kconfig, btf, extraApis }: TypesConfiguration): FolderTypes {
  const catalogue = catalogueFor(kernel, extraApis);
  const configuration = kernelConfiguration(headers ?? root, kconfig, arch);
  const tree = nodeSourceTree(root, headers);
  return { tree, catalogue, configuration, types: treeTypes({ tree, arch, configuration, catalogue, btf: kernelBtf(headers ?? root, btf) }) };
}
