import {
  addChunk, allChunks, freeArea, makeChunk, noteAtomicFailure, notePopulated, tryPlace, type Allocator, type Placement, type Request,
} from '../../server/src/allocator/allocator';
import { resumeBalance, startBalance, type BalanceWork } from '../../server/src/allocator/balance';
import { nextClear, nextSet, testBit, type Bitmap } from '../../server/src/allocator/bitmap';
import type { Chunk } from '../../server/src/allocator/chunk';
import { ROW } from '../../server/src/allocator/hints';
import { requestOf } from '../../server/src/allocator/scenarioRun';
import { chunksIn, firstIn } from '../../server/src/allocator/slots';
import { hintColumns, hintNames, type RecordedState } from '../../server/src/recording/stateFile';

/**
 * A kernel with many CPUs in small: tasks allocate and free, the balance work runs, all step by step in a random order that
 * respects the mutex and the lock. It writes the trace that such a kernel would, with probes, and knows the state before
 * and after. Made of the model itself, it says nothing of the model's truth, but all of how a trace is read.
 */
export interface VirtualTrace {
  readonly before: RecordedState;
  readonly after: RecordedState;
  readonly lines: readonly string[];
  readonly allocations: number;
}

export interface VirtualLoad {
  readonly cpus: number;
  readonly operations: number;
  readonly seed: number;
  /** Share of operations that free, from 0 to 1, in turn for each phase of the load. */
  readonly phases: readonly number[];
  readonly sizes: readonly number[];
  /** How likely a step of the same task follows: 0 mixes CPUs as much as can be. */
  readonly calm: number;
}

interface Task {
  readonly id: number;
  readonly cpu: number;
  /** The rest of what it is doing; each call is one step, true when it is done. */
  doing: (() => boolean) | null;
}

interface Live {
  readonly chunk: Chunk;
  readonly at: number;
}

export function runVirtualKernel(allocator: Allocator, load: VirtualLoad): VirtualTrace {
  let state = load.seed;
  const draw = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const lines: string[] = [];
  let clock = 10;
  let allocations = 0;
  const emit = (task: Task, flags: string, text: string): void => {
    clock += 1;
    lines.push(`${`task${task.id}`.padStart(16)}-${String(task.id).padEnd(7)} [${String(task.cpu).padStart(3, '0')}] ${flags} ${String(clock).padStart(12)}: ${text}`);
  };
  const before = recordState(allocator);
  const live: Live[] = [];
  let mutexOwner: Task | null = null;
  let made = 0;

  const take = (task: Task): boolean => {
    if (mutexOwner !== null && mutexOwner !== task) return false;
    mutexOwner = task;
    return true;
  };
  const newBase = (): string => {
    made += 1;
    return (0xffffe8f000000000n + BigInt(made) * 0x400000n).toString(16);
  };

  /** One hold of the lock: the probes that it passes. */
  const attempt = (task: Task, request: Request, placement: Placement): boolean => {
    emit(task, 'd..1.', `find_fit: (pcpu_find_block_fit+0x0/0x1a0) chunk=0x0 bits=${request.bits} align=${request.align} pop_only=${Number(request.atomic)}`);
    if (!tryPlace(allocator, request, placement)) return false;
    emit(task, 'd..1.', `alloc_area: (pcpu_alloc_area+0x0/0x280) chunk=0x0 bits=${request.bits} align=${request.align} start=0 base=0x${placement.chunk.base} freeb=0 cstart=0`);
    return true;
  };

  const allocation = (task: Task): (() => boolean) => {
    const request = requestOf(load.sizes[Math.trunc(draw() * load.sizes.length)] ?? 8, 2 ** Math.trunc(draw() * 5), draw() < 0.04);
    const placement: Placement = { chunk: allocator.first, at: 0 };
    let phase: 'search' | 'made' | 'populate' | 'report' = 'search';
    let created: Chunk | null = null;
    const sizeText = `size=${request.bits * 4} align=${request.align * 4}`;
    return () => {
      switch (phase) {
        case 'search': {
          if (!request.atomic && !take(task)) return false;
          if (attempt(task, request, placement)) phase = request.atomic ? 'report' : 'populate';
          else if (request.atomic) {
            emit(task, '.....', `percpu_alloc_percpu_fail: reserved=0 is_atomic=1 ${sizeText}`);
            noteAtomicFailure(allocator);
            return true;
          } else if (firstIn(allocator.slots, allocator.slots.free) === null) {
            created = makeChunk(allocator, newBase());
            emit(task, '.....', `percpu_create_chunk: base_addr=${created.base}`);
            phase = 'made';
          }
          return false;
        }
        case 'made':
          if (created !== null) addChunk(allocator, created);
          emit(task, 'd..1.', `relocate: (pcpu_chunk_relocate+0x0/0x100) chunk=0x0 oslot=-1 base=0x${created?.base ?? ''}`);
          created = null;
          phase = 'search';
          return false;
        case 'populate': {
          const { chunk, at } = placement;
          const end = Math.ceil((at + request.bits) / chunk.blockBits);
          const start = nextClear(chunk.populated, end, Math.trunc(at / chunk.blockBits));
          if (start < end) {
            const gapEnd = nextSet(chunk.populated, end, start + 1);
            notePopulated(allocator, chunk, start, gapEnd);
            emit(task, 'd..1.', `populated: (pcpu_chunk_populated+0x0/0x50) chunk=0x0 s=${start} e=${gapEnd} base=0x${chunk.base}`);
            return false;
          }
          mutexOwner = null;
          phase = 'report';
          return false;
        }
        case 'report':
          if (allocator.emptyPopulatedPages < 2) allocator.balanceScheduled = true;
          emit(task, '.....', `percpu_alloc_percpu: call_site=f+0x1/0x2 reserved=0 is_atomic=${Number(request.atomic)} ${sizeText} base_addr=${placement.chunk.base} off=${placement.at * 4} ptr=0 bytes_alloc=0 gfp_flags=GFP_KERNEL`);
          allocations += 1;
          live.push({ ...placement });
          return true;
      }
    };
  };

  const release = (task: Task): (() => boolean) => () => {
    const [area] = live.splice(Math.trunc(draw() * live.length), 1);
    if (area === undefined) return true;
    emit(task, 'd..1.', `free_area: (pcpu_free_area+0x0/0x300) chunk=0x0 off=${area.at * 4} base=0x${area.chunk.base} isolated=${Number(area.chunk.isolated)}`);
    freeArea(allocator, area.chunk, area.at);
    emit(task, 'd..1.', `percpu_free_percpu: base_addr=${area.chunk.base} off=${area.at * 4} ptr=0`);
    return true;
  };

  const balance = (task: Task): (() => boolean) => {
    const works: BalanceWork[] = [];
    let created: Chunk | null = null;
    let trimmed = false;
    emit(task, '.....', 'balance: (pcpu_balance_workfn+0x4/0x530)');
    return () => {
      if (!take(task)) return false;
      const [work] = works;
      if (work === undefined) {
        emit(task, 'd..1.', 'balance_free: (pcpu_balance_free+0x0/0x2d0) empty_only=0');
        works.push(startBalance(allocator));
        return false;
      }
      const { unlocked } = work;
      const pages = 'start' in unlocked ? `chunk=0x0 s=${unlocked.start} e=${unlocked.end} base=0x${unlocked.chunk.base}` : '';
      switch (unlocked.kind) {
        case 'depopulate':
          emit(task, 'd..1.', `depopulated: (pcpu_chunk_depopulated+0x0/0x50) ${pages}`);
          break;
        case 'populate':
          emit(task, 'd..1.', `populated: (pcpu_chunk_populated+0x0/0x50) ${pages}`);
          break;
        case 'destroy':
          emit(task, '.....', `percpu_destroy_chunk: base_addr=${unlocked.chunk.base}`);
          if (unlocked.last) emit(task, 'd..1.', `balance_free_ret: (pcpu_balance_workfn+0x55/0x530 <- pcpu_balance_free)`);
          break;
        case 'create':
          if (created === null) {
            created = makeChunk(allocator, newBase());
            emit(task, '.....', `percpu_create_chunk: base_addr=${created.base}`);
            return false;
          }
          emit(task, 'd..1.', `relocate: (pcpu_chunk_relocate+0x0/0x100) chunk=0x0 oslot=-1 base=0x${created.base}`);
          break;
        case 'flush':
        case 'done':
          break;
      }
      if (unlocked.kind === 'done') {
        mutexOwner = null;
        emit(task, '.....', 'balance_ret: (process_one_work+0x18d/0x3a0 <- pcpu_balance_workfn)');
        return true;
      }
      resumeBalance(allocator, work, created === null ? {} : { created });
      if (work.phase === 'done' || work.phase === 'trim-empty') {
        if (!trimmed) emit(task, 'd..1.', 'balance_free: (pcpu_balance_free+0x0/0x2d0) empty_only=1');
        trimmed = true;
      }
      created = null;
      return false;
    };
  };

  const tasks: Task[] = Array.from({ length: load.cpus }, (_, cpu) => ({ id: 100 + cpu, cpu, doing: null }));
  const worker: Task = { id: 7, cpu: 0, doing: null };
  let done = 0;
  let current: Task = worker;
  while (done < load.operations || [...tasks, worker].some((task) => task.doing !== null) || allocator.balanceScheduled) {
    const calm = draw() < load.calm && current.doing !== null;
    current = calm ? current : ([...tasks, worker][Math.trunc(draw() * (load.cpus + 1))] ?? worker);
    if (current.doing === null) {
      if (current === worker) {
        if (allocator.balanceScheduled && draw() < 0.7) {
          allocator.balanceScheduled = false;
          current.doing = balance(current);
        }
        continue;
      }
      if (done >= load.operations) continue;
      const share = load.phases[Math.trunc((done / load.operations) * load.phases.length)] ?? 0.5;
      current.doing = live.length > 0 && draw() < share ? release(current) : allocation(current);
      done += 1;
    }
    if (current.doing()) current.doing = null;
  }
  return { before, after: recordState(allocator), lines, allocations };
}

/** A model's state as a state file has it. */
export function recordState(allocator: Allocator): RecordedState {
  const { slots } = allocator;
  return {
    globals: {
      pcpu_unit_pages: allocator.unitPages,
      pcpu_unit_size: slots.unitSize,
      pcpu_nr_units: allocator.units,
      pcpu_nr_slots: slots.heads.length,
      pcpu_free_slot: slots.free,
      pcpu_sidelined_slot: slots.sidelined,
      pcpu_to_depopulate_slot: slots.toDepopulate,
      pcpu_nr_empty_pop_pages: allocator.emptyPopulatedPages,
      pcpu_nr_populated: allocator.populatedPages,
      pcpu_async_enabled: Number(allocator.asyncEnabled),
      pcpu_atomic_alloc_failed: Number(allocator.atomicFailed),
    },
    slots: slots.heads.map((_, slot) => chunksIn(slots, slot).map((chunk) => `0x${chunk.base}`)),
    chunks: allChunks(allocator).map((chunk) => ({
      base_addr: `0x${chunk.base}`,
      is_first: chunk.role === 'first',
      is_reserved: chunk.role === 'reserved',
      free_bytes: chunk.freeBytes,
      chunk_md: Object.fromEntries(hintNames.map((name, index) => [name, chunk.hints[chunk.ownRow + (hintColumns[index] ?? 0)] ?? 0])) as RecordedState['chunks'][number]['chunk_md'],
      start_offset: chunk.startOffset,
      end_offset: chunk.endOffset,
      nr_pages: chunk.pages,
      nr_populated: chunk.populatedPages,
      nr_empty_pop_pages: chunk.emptyPopulatedPages,
      isolated: Number(chunk.isolated),
      has_obj_exts: chunk.hasObjectExtensions,
      populated: Array.from({ length: chunk.pages }, (_, page) => (testBit(chunk.populated, page) ? '1' : '0')).join(''),
      md_blocks: Array.from({ length: chunk.pages }, (_, page) => [...chunk.hints.slice(page * ROW, page * ROW + ROW)]),
      alloc_map_hex: hex(chunk.allocated),
      bound_map_hex: hex(chunk.boundaries),
    })),
  };
}

function hex(map: Bitmap): string {
  return Buffer.from(map.buffer).toString('hex');
}
