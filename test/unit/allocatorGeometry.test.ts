import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstChunkMemory, firstChunkPages, geometryOf, meminfoPercpu, unitOfCpu, type GeometryRequest } from '../../server/src/allocator/geometry';
import { kernelTraits } from '../../server/src/allocator/kernelTraits';
import { request } from './allocatorFixtures';

/** Any machine: up to 96 CPUs spread over up to 5 nodes in any way, any sizes. */
const machines: fc.Arbitrary<GeometryRequest> = fc
  .record({
    homes: fc.array(fc.nat(4), { minLength: 1, maxLength: 96 }),
    staticSize: fc.integer({ min: 1, max: 3_000_000 }),
    reservedWords: fc.nat(20_000),
    dynamicSize: fc.integer({ min: 1, max: 500_000 }),
    pageSize: fc.constantFrom(4096, 16_384, 65_536),
    atom: fc.nat(9),
    firstChunk: fc.constantFrom('embed' as const, 'page' as const),
  })
  .map(({ homes, reservedWords, atom, pageSize, ...sizes }) => ({
    ...sizes,
    pageSize,
    reservedSize: reservedWords * 4,
    atomSize: pageSize * 2 ** atom,
    nodes: [0, 1, 2, 3, 4].map((node) => homes.flatMap((home, cpu) => (home === node ? [cpu] : []))),
  }));

describe('the first chunk', () => {
  it('has one unit of its own for every CPU, nodes apart, in whole allocations', () => {
    fc.assert(fc.property(machines, (machine) => {
      const geometry = geometryOf(machine);
      const cpus = machine.nodes.flat().sort((a, b) => a - b);
      const placed = geometry.groups.flat().filter((cpu) => cpu !== null);
      expect([...placed].sort((a, b) => a - b)).toEqual(cpus);
      for (const group of geometry.groups) {
        expect(group.length % geometry.unitsPerAllocation).toBe(0);
        const members = group.filter((cpu) => cpu !== null);
        expect(members).toEqual([...members].sort((a, b) => a - b));
        expect(group.slice(0, members.length)).toEqual(members);
        if (machine.firstChunk === 'embed') {
          expect(machine.nodes.filter((node) => node.some((cpu) => members.includes(cpu)))).toHaveLength(1);
        }
      }
      expect(geometry.unitCount).toBe(geometry.groups.flat().length);
      unitOfCpu(geometry).forEach((unit, cpu) => expect(geometry.groups.flat()[unit!]).toBe(cpu));
    }));
  });

  it('holds static, reserved and dynamic areas in a unit of whole pages that divides the allocation', () => {
    fc.assert(fc.property(machines, (machine) => {
      const geometry = geometryOf(machine);
      const sum = geometry.staticSize + geometry.reservedSize + geometry.dynamicSize;
      expect(sum % machine.pageSize).toBe(0);
      expect(geometry.dynamicSize).toBeGreaterThanOrEqual(machine.dynamicSize);
      expect(geometry.dynamicSize - machine.dynamicSize).toBeLessThan(machine.pageSize);
      expect(geometry.unitSize).toBeGreaterThanOrEqual(Math.max(sum, 32_768));
      expect(geometry.unitSize % machine.pageSize).toBe(0);
      expect(geometry.unitSize * geometry.unitsPerAllocation).toBe(geometry.allocationSize);
      expect(geometry.allocationSize % geometry.atomSize).toBe(0);
      expect(firstChunkMemory(geometry)).toBeLessThanOrEqual(geometry.unitCount * geometry.unitSize);
    }));
  });

  /** From the rule in words: of all permitted unit counts, those with the fewest allocations before the first rise. */
  it('wastes no more than a third of the units and takes no more memory than it must', () => {
    fc.assert(fc.property(machines, (machine) => {
      const geometry = geometryOf(machine);
      const sizes = machine.firstChunk === 'page' ? [machine.nodes.flat().length] : machine.nodes.map((node) => node.length).filter((size) => size > 0);
      const cpus = sizes.reduce((sum, size) => sum + size, 0);
      const need = Math.max(geometry.staticSize + geometry.reservedSize + geometry.dynamicSize, Math.ceil(32_768 / machine.pageSize) * machine.pageSize);
      const allocationsFor = (units: number): number => sizes.reduce((sum, size) => sum + Math.ceil(size / units), 0);
      const permitted = Array.from({ length: Math.floor(geometry.allocationSize / need) }, (_, index) => index + 1)
        .filter((units) => geometry.allocationSize % units === 0 && (geometry.allocationSize / units) % machine.pageSize === 0)
        .filter((units) => allocationsFor(units) * units - cpus <= Math.floor(cpus / 3));
      expect(permitted).toContain(geometry.unitsPerAllocation);
      const fewest = Math.min(...permitted.map(allocationsFor));
      expect(allocationsFor(geometry.unitsPerAllocation)).toBe(fewest);
      expect(geometry.unitsPerAllocation).toBe(Math.min(...permitted.filter((units) => allocationsFor(units) === fewest)));
    }));
  });

  it('does not depend on the order in which nodes and CPUs are named', () => {
    fc.assert(fc.property(machines, (machine) => {
      const turned = { ...machine, nodes: [...machine.nodes].reverse().map((node) => [...node].reverse()) };
      expect(geometryOf(turned)).toEqual(geometryOf(machine));
    }));
  });

  it('has a unit that may shrink as CPUs are added', () => {
    const unitSizes = [1, 2, 3, 4, 5, 6].map((cpus) => geometryOf(request(cpus)).unitSize / 1024);
    expect(unitSizes).toEqual([2048, 1024, 512, 512, 1024, 512]);
  });

  it('counts padding units in /proc/meminfo, but takes no memory for them', () => {
    const geometry = geometryOf(request(5));
    expect(geometry.groups).toEqual([[0, 1, 2, 3, 4, null]]);
    expect(meminfoPercpu(firstChunkPages(geometry), geometry.unitCount, 4096)).toBe(66 * 6 * 4);
    expect(firstChunkMemory(geometry)).toBe(66 * 5 * 4096);
  });
});

describe('kernel traits', () => {
  it('tell what differs between 6.1 and 6.12', () => {
    const [old, current] = [kernelTraits({ major: 6, minor: 1 }), kernelTraits({ major: 6, minor: 12 })];
    expect([old.earlyDynamicBytes({}), current.earlyDynamicBytes({})]).toEqual([12_288, 20_480]);
    expect(current.dynamicReserve({ randomKmallocCaches: true })).toBe(112 * 1024);
    expect(current.moduleReserve({ memAllocProfiling: true })).toBe(64 * 1024);
    expect([old.counterInitMany, current.counterInitMany]).toEqual([false, true]);
  });

  it('take those of the older kernel between two, and no depopulation before 5.14', () => {
    expect(kernelTraits({ major: 6, minor: 6 })).toBe(kernelTraits({ major: 6, minor: 1 }));
    expect(kernelTraits({ major: 7, minor: 0 })).toBe(kernelTraits({ major: 6, minor: 12 }));
    expect(kernelTraits({ major: 5, minor: 14 }).depopulation).toBe(true);
    expect(kernelTraits({ major: 5, minor: 12 }).depopulation).toBe(false);
  });
});
