import type { SiteFact } from '../facts/fileFacts';
import type { Btf } from '../kernel/btf';
import type { Catalogue } from '../kernel/catalogue';
import type { KernelConfiguration } from '../kernel/kconfig';
import { objectSource, type ObjectSource } from '../resolve/objects/objectSource';
import type { SizeOf } from '../resolve/siteDetails';
import { sizeofTypes, type TypeSize } from '../resolve/sizeofTypes';
import { catalogueType } from '../resolve/namedSize';
import { countOfSite, numberOfSite, sizeOfSite } from '../resolve/siteSize';
import { memberOfSite } from '../resolve/siteMember';
import type { MemberPlace } from '../resolve/resolvedSite';
import { forgetFiles, typeWorld, unitOf } from '../resolve/typeWorld';
import type { NamedRead, UnitReads } from '../resolve/unitReads';
import type { EditableSourceTree } from './nodeSourceTree';
import { describeType, type TypeDescription } from '../resolve/describeType';

export interface TreeTypesInput {
  readonly tree: EditableSourceTree;
  readonly arch: 'x86_64' | 'arm64';
  readonly configuration: KernelConfiguration;
  readonly catalogue: Catalogue;
  /** Debug information to take sizes from; absent: from source alone. */
  readonly btf?: Btf | undefined;
}

/** Sizes and counts of sites over the files of one tree; synchronous, so at home in a process of its own. */
export interface TreeTypes {
  readonly sizeOf: SizeOf;
  readonly countOf: (file: string, site: SiteFact) => number | null;
  readonly batchOf: (file: string, site: SiteFact) => number | null;
  readonly memberOf: (file: string, site: SiteFact) => MemberPlace | null;
  readonly objectSource: ObjectSource;
  readonly describe: (file: string, type: string) => TypeDescription;
  /** The files that a file's types are read from, itself left out, with what it includes that is not there (`unitReads.ts`). */
  readonly includesOf: (file: string) => readonly string[];
  /** Size and alignment of a type that the catalogue names for an API defined in `source`; null where it is not found. */
  readonly catalogueType: (source: string, name: string) => { readonly size: number; readonly align: number } | null;
  /** Takes types that the catalogue names as they were found in another state of the tree. */
  recallNamed(named: readonly NamedRead[]): void;
  /** What the types were read from so far. */
  readonly reads: UnitReads;
  /** Shows an open document's text in place of its file; null shows the file again. */
  overlay(file: string, text: string | null): void;
  /** All that is kept of headers and types, to be measured. */
  held(): object;
}

export function treeTypes({ tree, arch, configuration, catalogue, btf }: TreeTypesInput): TreeTypes {
  const world = typeWorld({ tree, architecture: arch, configuration, btf });
  return {
    sizeOf: (file, site) => sizeOfSite(world, file, site, catalogue.byName.get(site.api)),
    countOf: (file, site) => countOfSite(world, file, site, catalogue.byName.get(site.api)),
    batchOf: (file, site) => numberOfSite(world, file, site, catalogue.byName.get(site.api), 'batch'),
    memberOf: (file, site) => memberOfSite(world, file, site),
    objectSource: objectSource(world),
    describe: (file, type) => describeType(world, file, type),
    includesOf: (file) => (unitOf(world, file) === undefined ? [] : (world.reads.byUnit.get(file) ?? []).filter((path) => path !== file)),
    catalogueType: (source, name) => catalogueType(world, source, name),
    recallNamed: (named) => {
      for (const { source, type, found: [size, align] } of named) {
        if (size !== undefined && align !== undefined) world.named.set(`${source} ${type}`, { known: true, value: { size, align } });
      }
    },
    reads: world.reads,
    overlay: (file, text) => {
      tree.overlay(file, text);
      forgetFiles(world, [file]);
    },
    held: () => world,
  };
}

/** Sizes of types by name, over the files of one tree. */
export function typeSizes({ tree, arch, configuration, btf }: Omit<TreeTypesInput, 'catalogue'>, names: readonly string[]): readonly TypeSize[] {
  return sizeofTypes(typeWorld({ tree, architecture: arch, configuration, btf }), names);
}
