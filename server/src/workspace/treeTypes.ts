import type { SiteFact } from '../facts/fileFacts';
import type { Catalogue } from '../kernel/catalogue';
import type { KernelConfiguration } from '../kernel/kconfig';
import { objectSource, type ObjectSource } from '../resolve/objects/objectSource';
import type { SizeOf } from '../resolve/resolveSites';
import { sizeofTypes, type TypeSize } from '../resolve/sizeofTypes';
import { countOfSite, numberOfSite, sizeOfSite } from '../resolve/siteSize';
import { memberOfSite } from '../resolve/siteMember';
import type { MemberPlace } from '../resolve/resolvedSite';
import { forgetFiles, typeWorld } from '../resolve/typeWorld';
import { kernelBtf } from './kernelBtf';
import { nodeSourceTree } from './nodeSourceTree';

export interface TreeTypesInput {
  readonly root: string;
  /** Kernel tree whose headers the root is built with; null where it is one itself. */
  readonly headers: string | null;
  readonly arch: 'x86_64' | 'arm64';
  readonly configuration: KernelConfiguration;
  readonly catalogue: Catalogue;
  /** A BTF file, `auto` for one beside the tree, null for sizes from source alone. */
  readonly btf: string | null;
}

/** Sizes and counts of sites over the files of one tree; synchronous, so at home in a process of its own. */
export interface TreeTypes {
  readonly sizeOf: SizeOf;
  readonly countOf: (file: string, site: SiteFact) => number | null;
  readonly batchOf: (file: string, site: SiteFact) => number | null;
  readonly memberOf: (file: string, site: SiteFact) => MemberPlace | null;
  readonly objectSource: ObjectSource;
  /** Shows an open document's text in place of its file; null shows the file again. */
  overlay(file: string, text: string | null): void;
}

export function treeTypes({ root, headers, arch, configuration, catalogue, btf }: TreeTypesInput): TreeTypes {
  const tree = nodeSourceTree(root, headers);
  const world = typeWorld({ tree, architecture: arch, configuration, btf: kernelBtf(headers ?? root, btf) });
  return {
    sizeOf: (file, site) => sizeOfSite(world, file, site, catalogue.byName.get(site.api)),
    countOf: (file, site) => countOfSite(world, file, site, catalogue.byName.get(site.api)),
    batchOf: (file, site) => numberOfSite(world, file, site, catalogue.byName.get(site.api), 'batch'),
    memberOf: (file, site) => memberOfSite(world, file, site),
    objectSource: objectSource(world),
    overlay: (file, text) => {
      tree.overlay(file, text);
      forgetFiles(world, [file]);
    },
  };
}

/** Sizes of types by name, over the files of one tree. */
export function typeSizes({ root, headers, arch, configuration, btf }: Omit<TreeTypesInput, 'catalogue'>, names: readonly string[]): readonly TypeSize[] {
  return sizeofTypes(typeWorld({ tree: nodeSourceTree(root, headers), architecture: arch, configuration, btf: kernelBtf(headers ?? root, btf) }), names);
}
