import type { GeometryRequest } from '../allocator/geometry';
import type { RecordedState } from './stateFile';

/** Default of x86-64 where a state does not say: units lie in huge pages. */
const hugePage = 2 * 1024 * 1024;

/**
 * The machine of a state with another number of possible CPUs: sizes of the first chunk are the kernel's, nodes are as
 * many, of equal size. The state does not hold the static size: it is what the populated pages leave for it.
 */
export function recordedMachine({ globals, chunks }: RecordedState, cpus: number): GeometryRequest {
  const pageSize = globals.pcpu_unit_size / globals.pcpu_unit_pages;
  const bytes = (role: 'is_first' | 'is_reserved'): number =>
    chunks.filter((chunk) => chunk[role]).reduce((sum, chunk) => sum + chunk.nr_pages * pageSize - chunk.start_offset - chunk.end_offset, 0);
  const dynamic = chunks.filter((chunk) => !chunk.is_first && !chunk.is_reserved);
  const firstPages = globals.pcpu_nr_populated - dynamic.reduce((sum, chunk) => sum + chunk.nr_populated, 0);
  const [dynamicSize, reservedSize] = [bytes('is_first'), bytes('is_reserved')];
  const embedded = (globals.pcpu_atom_size ?? hugePage) > pageSize;
  return {
    firstChunk: embedded ? 'embed' : 'page',
    staticSize: firstPages * pageSize - reservedSize - dynamicSize,
    reservedSize,
    dynamicSize,
    atomSize: globals.pcpu_atom_size ?? hugePage,
    pageSize,
    nodes: evenNodes(cpus, globals.pcpu_nr_groups ?? 1),
  };
}

/** Possible CPUs of the recorded machine; with the units that pad its groups where the state does not say. */
export function recordedCpus({ globals }: RecordedState): number {
  return globals.nr_cpu_ids ?? globals.pcpu_nr_units;
}

function evenNodes(cpus: number, nodes: number): number[][] {
  const used = Math.min(nodes, cpus);
  return Array.from({ length: used }, (_, node) => {
    const from = Math.floor((node * cpus) / used);
    const to = Math.floor(((node + 1) * cpus) / used);
    return Array.from({ length: to - from }, (__, index) => from + index);
  });
}
