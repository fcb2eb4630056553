/**
 * The shape of the first chunk, and with it of every chunk: unit size, groups of CPUs, and which unit belongs to which
 * CPU. All sizes in bytes. Kernel: mm/percpu.c pcpu_build_alloc_info (6.1, 6.12).
 */
export interface Geometry {
  readonly staticSize: number;
  readonly reservedSize: number;
  /** Dynamic bytes of the first chunk, with what page alignment adds. */
  readonly dynamicSize: number;
  readonly unitSize: number;
  readonly atomSize: number;
  /** Bytes allocated at a time: a multiple of the atom, `unitsPerAllocation` units. */
  readonly allocationSize: number;
  readonly unitsPerAllocation: number;
  readonly pageSize: number;
  readonly firstChunk: 'embed' | 'page';
  /** CPU of each unit, group by group; null for a unit of no CPU. */
  readonly groups: readonly (readonly (number | null)[])[];
  readonly unitCount: number;
}

export interface GeometryRequest {
  readonly firstChunk: 'embed' | 'page';
  readonly staticSize: number;
  readonly reservedSize: number;
  /** Dynamic bytes wanted. */
  readonly dynamicSize: number;
  readonly atomSize: number;
  readonly pageSize: number;
  /**
   * CPUs that are near each other (of one NUMA node), for every possible CPU exactly once; the order of the nodes
   * does not matter. Not regarded for `page`.
   */
  readonly nodes: readonly (readonly number[])[];
}

/** A percpu allocation may be this large in any kernel, so a unit never is smaller. Kernel: PCPU_MIN_UNIT_SIZE. */
const MINIMUM_UNIT = 32 * 1024;

export function geometryOf(request: GeometryRequest): Geometry {
  const { pageSize, staticSize, reservedSize, firstChunk } = request;
  const atomSize = firstChunk === 'page' ? pageSize : request.atomSize;
  const sum = roundUp(staticSize + reservedSize + request.dynamicSize, pageSize);
  const minimumUnit = Math.max(sum, roundUp(MINIMUM_UNIT, pageSize));
  const allocationSize = roundUp(minimumUnit, atomSize);
  const groups = groupsOf(request);
  const sizes = groups.map((group) => group.length);
  const unitsPerAllocation = chooseUnits(allocationSize, minimumUnit, pageSize, sizes);
  const padded = groups.map((group) => padTo(group, roundUp(group.length, unitsPerAllocation)));
  return {
    staticSize,
    reservedSize,
    dynamicSize: sum - staticSize - reservedSize,
    unitSize: allocationSize / unitsPerAllocation,
    atomSize,
    allocationSize,
    unitsPerAllocation,
    pageSize,
    firstChunk,
    groups: padded,
    unitCount: padded.reduce((count, group) => count + group.length, 0),
  };
}

/** Groups in the order of their lowest CPU, CPUs in ascending order. */
function groupsOf(request: GeometryRequest): number[][] {
  const nodes = request.firstChunk === 'page' ? [request.nodes.flat()] : request.nodes;
  return nodes
    .filter((cpus) => cpus.length > 0)
    .map((cpus) => [...cpus].sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

/**
 * Units in one allocation: as many as divide it into whole pages, unless groups that don't fill their last
 * allocation would waste more than a third of the CPUs' units; of equal total memory the larger unit is taken.
 */
function chooseUnits(allocationSize: number, minimumUnit: number, pageSize: number, groupSizes: readonly number[]): number {
  const cpus = groupSizes.reduce((sum, size) => sum + size, 0);
  let best = 1;
  let fewest = Number.POSITIVE_INFINITY;
  for (let units = Math.trunc(allocationSize / minimumUnit); units >= 1; units -= 1) {
    if (allocationSize % units !== 0 || (allocationSize / units) % pageSize !== 0) continue;
    const allocations = groupSizes.reduce((sum, size) => sum + Math.ceil(size / units), 0);
    if (allocations * units - cpus > Math.trunc(cpus / 3)) continue;
    if (allocations > fewest) break;
    fewest = allocations;
    best = units;
  }
  return best;
}

function padTo(cpus: readonly number[], length: number): (number | null)[] {
  return Array.from({ length }, (_, unit) => cpus[unit] ?? null);
}

export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** Pages of a unit that the first chunk backs: static, reserved and dynamic areas. */
export function firstChunkPages(geometry: Geometry): number {
  return Math.trunc((geometry.staticSize + geometry.reservedSize + geometry.dynamicSize) / geometry.pageSize);
}

/**
 * Bytes of memory that the first chunk keeps: with `embed` what a unit does not need is given back, and so are the
 * units of no CPU. Kernel: mm/percpu.c pcpu_embed_first_chunk, pcpu_page_first_chunk (6.1, 6.12).
 */
export function firstChunkMemory(geometry: Geometry): number {
  const cpus = geometry.groups.flat().filter((cpu) => cpu !== null).length;
  const perUnit = geometry.firstChunk === 'embed' ? firstChunkPages(geometry) * geometry.pageSize : geometry.unitSize;
  return cpus * perUnit;
}

/** What `/proc/meminfo` says under `Percpu:` for that many populated pages, in kB: padding units count too. */
export function meminfoPercpu(populatedPages: number, unitCount: number, pageSize: number): number {
  return (populatedPages * unitCount * pageSize) / 1024;
}

/** Unit of each CPU, by CPU number; null where a number is no possible CPU. */
export function unitOfCpu(geometry: Geometry): (number | null)[] {
  const units: (number | null)[] = [];
  geometry.groups.flat().forEach((cpu, unit) => {
    if (cpu !== null) units[cpu] = unit;
  });
  return Array.from(units, (unit: number | null | undefined) => unit ?? null);
}
