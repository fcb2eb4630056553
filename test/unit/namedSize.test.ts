import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { catalogueType } from '../../server/src/resolve/namedSize';
import { forgetFiles, typeWorld, type TypeWorld } from '../../server/src/resolve/typeWorld';

/** A world that is only text, and what was read of it. */
function worldOf(files: Readonly<Record<string, string>>): { readonly world: TypeWorld; readonly read: Set<string> } {
  const read = new Set<string>();
  const world = typeWorld({
    tree: {
      read: (file) => {
        if (files[file] !== undefined) read.add(file);
        return files[file];
      },
      list: (folder, suffixes) => Object.keys(files).filter((file) => file.startsWith(folder === '' ? '' : `${folder}/`) && suffixes.some((suffix) => file.endsWith(suffix))),
    },
    architecture: 'x86_64',
    configuration: parseConfiguration('CONFIG_SMP=y\nCONFIG_64BIT=y\n', 'test'),
  });
  return { world, read };
}

describe('a type that the catalogue names', () => {
  it('is as the file of its API has it', () => {
    const { world } = worldOf({ 'net/core/dst_cache.c': 'struct dst_cache_pcpu { long a[3]; };\n', 'net/other.c': 'struct dst_cache_pcpu { long a; };\n' });
    expect(catalogueType(world, 'net/core/dst_cache.c', 'struct dst_cache_pcpu')).toMatchObject({ size: 24, align: 8 });
  });

  it('is in the one C file of the core that defines it, else in its one header', () => {
    const inCode = worldOf({ 'mm/slab_common.c': 'int a;\n', 'mm/slub.c': 'struct kmem_cache_cpu\n{ long a[4]; };\n', 'include/linux/own.h': 'struct kmem_cache_cpu { int a; };\n' });
    expect(catalogueType(inCode.world, 'mm/slab_common.c', 'struct kmem_cache_cpu')).toMatchObject({ size: 32 });
    const inHeader = worldOf({ 'mm/slab_common.c': 'int a;\n', 'include/linux/slub_def.h': 'struct kmem_cache_cpu { long a[5]; };\n' });
    expect(catalogueType(inHeader.world, 'mm/slab_common.c', 'struct kmem_cache_cpu')).toMatchObject({ size: 40 });
    const besideCode = worldOf({ 'mm/slab_common.c': 'int a;\n', 'kernel/bpf/own.h': 'struct kmem_cache_cpu { char a[3]; };\n' });
    expect(catalogueType(besideCode.world, 'mm/slab_common.c', 'struct kmem_cache_cpu')).toMatchObject({ size: 3, align: 1 });
  });

  it('is not looked for in drivers where the core lacks it, however many types are missing', () => {
    const { world, read } = worldOf({ 'kernel/a.c': 'int a;\n', 'drivers/x.c': 'struct gro_cell { long a; };\n', 'fs/y.c': 'int y;\n' });
    expect(catalogueType(world, 'net/core/gro_cells.c', 'struct gro_cell')).toBeNull();
    expect(catalogueType(world, 'net/core/dst_cache.c', 'struct dst_cache_pcpu')).toBeNull();
    expect([...read]).toEqual(['kernel/a.c']);
    expect(world.named.get('net/core/gro_cells.c struct gro_cell')).toMatchObject({ known: false, reason: 'no definition of struct gro_cell in net/core/gro_cells.c, nor in mm, kernel, lib, block, net/core or include' });
  });

  it('is as it is now where its file was edited, or has come', () => {
    const files: Record<string, string> = { 'mm/slub.c': 'struct kmem_cache_cpu { long a; };\n' };
    const { world } = worldOf(files);
    const sizes = (): readonly (number | undefined)[] => [catalogueType(world, 'mm/slab_common.c', 'struct kmem_cache_cpu')?.size, catalogueType(world, 'net/core/gro_cells.c', 'struct gro_cell')?.size];
    expect(sizes()).toEqual([8, undefined]);
    files['mm/slub.c'] = 'struct kmem_cache_cpu { long a[2]; };\n';
    files['net/core/gro_cells.c'] = 'struct gro_cell { long a[3]; };\n';
    forgetFiles(world, ['mm/slub.c', 'net/core/gro_cells.c']);
    expect(sizes()).toEqual([16, 24]);
  });

  it('is a scalar whether or not the file of its API is there', () => {
    const { world } = worldOf({ 'include/linux/types.h': 'typedef int s32;\n' });
    expect(catalogueType(world, 'lib/absent.c', 's32')).toMatchObject({ size: 4 });
    expect(catalogueType(world, 'lib/absent.c', 'unsigned long')).toMatchObject({ size: 8 });
  });
});
