/**
 * What a client executes: a flat program of instructions in typed arrays. A client runs from its entry to
 * `END`, which counts one operation and starts again.
 */

/** Instructions; times are ns. */
export const opcodes = {
  /** Kernel work: `value` ns. */
  WORK: 0,
  /** Time outside the kernel: `value` ns. */
  THINK: 1,
  /** Takes lock `target`; `value` 1 where interrupts are off from here to the release. */
  ACQUIRE: 2,
  RELEASE: 3,
  /** An area of `value` bytes a CPU is placed; may populate pages, so it stands inside the allocator's mutex. */
  GROW: 4,
  /** An area of `value` bytes a CPU is given back. */
  SHRINK: 5,
  /** Object `target` exists from here; with a lifetime its end is noted. */
  CREATED: 6,
  DESTROYED: 7,
  /** One operation is done. */
  END: 8,
  /** Jumps to `value` unless an object `target` of this client is past its lifetime. */
  UNLESS_DUE: 9,
  /** Jumps to `value`. */
  JUMP: 10,
  /** Populates pages up to the allocator's high mark. */
  POPULATE: 11,
  /** Sleeps until woken. */
  PARK: 12,
  /** `value` cache lines of data `target` come from the CPU that had them last. */
  MOVE: 13,
  /** Time that the client sleeps: `value` ns of no CPU time. */
  PAUSE: 14,
} as const;

/** How an instruction's time varies around its mean. */
export const shapes = { CONSTANT: 0, EXPONENTIAL: 1, UNIFORM: 2 } as const;
export type Shape = (typeof shapes)[keyof typeof shapes];

export interface Program {
  readonly opcode: Uint8Array;
  readonly shape: Uint8Array;
  readonly value: Float64Array;
  readonly target: Int32Array;
}

export interface Instruction {
  readonly opcode: number;
  readonly shape: Shape;
  value: number;
  readonly target: number;
}

export function instruction(opcode: number, value = 0, target = -1, shape: Shape = shapes.CONSTANT): Instruction {
  return { opcode, shape, value, target };
}

/** Joins parts into one program; `entries[i]` is where part i starts. Jumps inside a part are relative to it. */
export function assemble(parts: readonly (readonly Instruction[])[]): { program: Program; entries: readonly number[] } {
  const entries: number[] = [];
  const all: Instruction[] = [];
  for (const part of parts) {
    const start = all.length;
    entries.push(start);
    all.push(...relocated(part, start));
  }
  const program = {
    opcode: Uint8Array.from(all, (item) => item.opcode),
    shape: Uint8Array.from(all, (item) => item.shape),
    value: Float64Array.from(all, (item) => item.value),
    target: Int32Array.from(all, (item) => item.target),
  };
  return { program, entries };
}

/** The same instructions, to stand `by` places later. */
export function relocated(part: readonly Instruction[], by: number): Instruction[] {
  return part.map((item) => (jumps(item) ? { ...item, value: item.value + by } : { ...item }));
}

function jumps(item: Instruction): boolean {
  return item.opcode === opcodes.JUMP || item.opcode === opcodes.UNLESS_DUE;
}

/** Joins neighbouring work of the same shape into one: fewer events, the same mean. For parts without jumps. */
export function mergeWork(instructions: readonly Instruction[]): Instruction[] {
  const merged: Instruction[] = [];
  for (const item of instructions) {
    const last = merged.at(-1);
    const same = item.opcode === opcodes.WORK && last?.opcode === opcodes.WORK && last.shape === item.shape;
    if (same) last.value += item.value;
    else merged.push({ ...item });
  }
  return merged;
}
