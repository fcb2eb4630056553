import { kernelTraits } from '../allocator/kernelTraits';
import { firstChunkMemory, geometryOf, meminfoPercpu, firstChunkPages, type Geometry, type GeometryRequest } from '../allocator/geometry';

/** The answer of `percpu-lens geometry`; sizes in bytes. */
export interface GeometryAnswer {
  readonly unit_size: number;
  readonly alloc_size: number;
  /** Units in one allocation. */
  readonly upa: number;
  readonly nr_units: number;
  /** CPU of each unit, group by group; null for a unit of no CPU. */
  readonly groups: readonly (readonly (number | null)[])[];
  readonly static_size: number;
  readonly reserved_size: number;
  readonly dyn_size: number;
  readonly atom_size: number;
  /** Memory that the first chunk keeps, over all CPUs. */
  readonly memory_bytes: number;
  /** What `/proc/meminfo` says under `Percpu:` before any chunk is made. */
  readonly meminfo_percpu_kb: number;
}

export function geometryAnswer(request: GeometryRequest): GeometryAnswer {
  const geometry = geometryOf(request);
  return {
    unit_size: geometry.unitSize,
    alloc_size: geometry.allocationSize,
    upa: geometry.unitsPerAllocation,
    nr_units: geometry.unitCount,
    groups: geometry.groups,
    static_size: geometry.staticSize,
    reserved_size: geometry.reservedSize,
    dyn_size: geometry.dynamicSize,
    atom_size: geometry.atomSize,
    memory_bytes: firstChunkMemory(geometry),
    meminfo_percpu_kb: meminfoPercpu(firstChunkPages(geometry), geometry.unitCount, geometry.pageSize),
  };
}

export type { GeometryRequest };

/** Bytes of the first chunk that a kernel asks for where nothing else is given; x86-64, 4K pages. */
export interface GeometryDefaults {
  readonly reservedSize: number;
  readonly dynamicSize: number;
  /** The dynamic area is at least as large: allocations before slab are served from it. */
  readonly leastDynamicSize: number;
}

/** Kernel: arch/x86/kernel/setup_percpu.c setup_per_cpu_areas; pcpu_page_first_chunk asks for no dynamic bytes. */
export function geometryDefaults(kernel: { readonly major: number; readonly minor: number }, firstChunk: 'embed' | 'page'): GeometryDefaults {
  const traits = kernelTraits(kernel);
  const leastDynamicSize = traits.earlyDynamicBytes({});
  return {
    reservedSize: traits.moduleReserve({}),
    dynamicSize: firstChunk === 'embed' ? traits.dynamicReserve({}) : leastDynamicSize,
    leastDynamicSize,
  };
}

/** The lines that the kernel prints at boot (`percpu:` and `pcpu-alloc:`). Kernel: pcpu_dump_alloc_info (6.1, 6.12). */
export function geometryText(request: GeometryRequest): string {
  const geometry = geometryOf(request);
  const pages = firstChunkPages(geometry);
  const sizes = `s${geometry.staticSize} r${geometry.reservedSize} d${geometry.dynamicSize}`;
  const head = geometry.firstChunk === 'embed'
    ? `percpu: Embedded ${pages} pages/cpu ${sizes} u${geometry.unitSize}`
    : `percpu: ${geometry.unitSize / geometry.pageSize} ${geometry.pageSize / 1024}K pages/cpu ${sizes}`;
  const atoms = `alloc=${geometry.allocationSize / geometry.atomSize}*${geometry.atomSize}`;
  return [head, `pcpu-alloc: ${sizes} u${geometry.unitSize} ${atoms}`, ...unitLines(geometry).map((line) => `pcpu-alloc: ${line}`)]
    .map((line) => `${line}\n`)
    .join('');
}

/** Allocations, a few a line: group and the CPUs of its units. */
function unitLines(geometry: Geometry): string[] {
  const { groups, unitsPerAllocation: units } = geometry;
  const cpus = groups.flat().filter((cpu) => cpu !== null).length;
  const groupWidth = String(groups.length).length;
  const cpuWidth = String(cpus).length;
  const width = units * (cpuWidth + 1) + groupWidth + 3;
  const perLine = 2 ** Math.trunc(Math.log2(Math.max(Math.trunc(60 / width), 1)));
  const empty = '-'.repeat(Math.min(cpuWidth, 8));
  const allocations = groups.flatMap((group, index) =>
    Array.from({ length: group.length / units }, (_, allocation) => {
      const named = group.slice(allocation * units, (allocation + 1) * units)
        .map((cpu) => (cpu === null ? empty : String(cpu).padStart(cpuWidth, '0')));
      return `[${String(index).padStart(groupWidth, '0')}] ${named.join(' ')} `;
    }));
  return Array.from({ length: Math.ceil(allocations.length / perLine) }, (_, line) =>
    allocations.slice(line * perLine, (line + 1) * perLine).join('').trimEnd());
}
