import { describe, expect, it } from 'vitest';
import { comparisonText } from '../../server/src/cli/inventoryComparison';
import { inventoryText } from '../../server/src/cli/inventoryText';
import { inventoryOf } from '../../server/src/features/inventory';
import type { Inventory } from '../../server/src/protocol/inventory';
import { snapshotOfTexts } from './memoryWorkspace';

const mount = `
struct mount *alloc_vfsmnt(const char *name)
{
	mnt->pcp = alloc_percpu(long);
	if (name)
		mnt->named = alloc_percpu(int);
	return mnt;
}
`;
const newMount = mount.replace('\treturn mnt;', '\tif (percpu_counter_init(&mnt->users, 0, GFP_KERNEL))\n\t\treturn NULL;\n\treturn mnt;').replace('percpu(long)', 'percpu(short)');

function inventory(text: string, minor: number): Inventory {
  return inventoryOf(snapshotOfTexts({ 'fs/namespace.c': text }, { kernel: { major: 6, minor }, cpus: 64 }), ['tls']);
}

describe('the inventory as text', () => {
  it('says machine, configuration and modules, then what is counted, with its locks, and what is not and why', () => {
    const lines = inventoryText(inventory(mount, 12), 'text').split('\n');
    expect(lines[0]).toMatch(/^Linux 6\.12, server-256: 64 possible CPUs, 64 online, \d memory nodes?$/);
    expect(lines[1]).toBe('As configured by test. Counted as loaded: tls.');
    expect(lines).toContain('mount point (mount): 1 area, 8 bytes per CPU, 512 B');
    expect(lines).toContain('locks, create + destroy: pcpu_alloc_mutex 1 + 0, pcpu_lock 1 + 1');
    expect(lines.find((line) => line.startsWith('8 '))).toMatch(/^8 +long +fs\/namespace.c:4 +alloc_vfsmnt$/);
    expect(lines.find((line) => line.startsWith('4 '))).toMatch(/^4 +int +fs\/namespace.c:6 +alloc_vfsmnt +if name$/);
  });

  it('says unknown where nothing of an object is certain: 0 bytes would be a wrong number', () => {
    const open = mount.replace('\tmnt->pcp = alloc_percpu(long);\n', '');
    expect(inventoryText(inventory(open, 12), 'text').split('\n')).toContain('mount point (mount): unknown, as none of 1 site is certain');
  });

  it('is a table for each object in Markdown', () => {
    expect(inventoryText(inventory(mount, 12), 'markdown')).toContain('### mount point (mount): 1 area, 8 bytes per CPU, 512 B\n');
  });
});

describe('two inventories side by side', () => {
  it('name both versions, the difference, and the areas that differ', () => {
    const text = comparisonText(inventory(mount, 1), inventory(newMount, 12), 'text');
    expect(text).toMatch(/object +6\.1 +6\.12 +bytes per CPU\nmount point +1 area, 8 +2 areas, 8 +same\n/);
    expect(text).toContain([
      'mount point',
      '  − 8 bytes: alloc_percpu of long in alloc_vfsmnt (fs/namespace.c:4)',
      '  + 4 bytes: alloc_percpu of short in alloc_vfsmnt (fs/namespace.c:4)',
      '  + 4 bytes: percpu_counter_init of mnt->users in alloc_vfsmnt (fs/namespace.c:7)',
    ].join('\n'));
  });
});
