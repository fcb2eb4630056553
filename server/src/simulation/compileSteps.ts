import type { Hold, Operation, Step, Work } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { alone } from '../pricing/state';
import { lockCost, priceOf } from '../pricing/priceOf';
import type { Reason } from '../util/reason';
import { instruction, type Instruction, opcodes, shapes } from './program';

/** Names of locks and shared data, numbered as they are met. */
export interface Tables {
  readonly locks: Map<string, { readonly index: number; readonly kind: 'mutex' | 'spinlock' }>;
  readonly data: Map<string, number>;
  /** What could not be priced and is left out. */
  readonly unpriced: Set<string>;
}

export function newTables(): Tables {
  return { locks: new Map(), data: new Map(), unpriced: new Set() };
}

export interface CompileContext {
  /** With every constant a point. */
  readonly machine: MachineProfile;
  /** Clients at work: what they dirty has to move. */
  readonly creators: number;
  readonly tables: Tables;
}

/**
 * Life-cycle steps as instructions. Prices are those of a CPU on its own; lines of locks, chunks and lists move
 * by the engine's own account of who had them last. Population is the engine's too: it follows what is in use.
 */
export function compileSteps(steps: readonly Step[], context: CompileContext): Instruction[] {
  return steps.flatMap((step) => (step.kind === 'hold' ? compileHold(step, context) : compileWork(step, context)));
}

function compileHold(hold: Hold, context: CompileContext): Instruction[] {
  const inner = compileSteps(hold.steps, context);
  const cost = workInstruction(lockCost(hold, context.machine, alone), context);
  if (hold.scope === 'object') return [cost, ...inner];
  const lock = lockIndex(context.tables, hold.lock, hold.lockKind);
  return locked(lock, hold.irqsOff, [cost, ...inner]);
}

export function locked(lock: number, irqsOff: boolean, inner: readonly Instruction[]): Instruction[] {
  const flag = irqsOff ? 1 : 0;
  return [instruction(opcodes.ACQUIRE, flag, lock), ...inner, instruction(opcodes.RELEASE, flag, lock)];
}

export function lockIndex(tables: Tables, name: string, kind: 'mutex' | 'spinlock'): number {
  const known = tables.locks.get(name);
  if (known !== undefined) return known.index;
  const index = tables.locks.size;
  tables.locks.set(name, { index, kind });
  return index;
}

function compileWork(work: Work, context: CompileContext): Instruction[] {
  const { machine, creators } = context;
  const { operation } = work;
  if (operation.op === 'populate') return [];
  const moved = movedLines(operation, machine);
  if (moved === null) return [workInstruction(priceOf(work, machine, { creators }), context)];
  return [
    workInstruction(priceOf(work, machine, alone), context),
    movedData(context, moved.data, moved.lines),
    ...usage(operation),
  ];
}

/** Shared data that an operation under a lock touches, and how many of its lines move; null: none. */
function movedLines(operation: Operation, machine: MachineProfile): { data: string; lines: number } | null {
  const lines = (name: 'placeAreaLines' | 'freeAreaLines' | 'listLines' | 'sharedBaseLines'): number => machine.costs[name].value.mid;
  switch (operation.op) {
    case 'place-area':
      return { data: 'chunk', lines: lines('placeAreaLines') + (operation.baseShared === true ? lines('sharedBaseLines') : 0) };
    case 'free-area':
      return { data: 'chunk', lines: lines('freeAreaLines') + (operation.baseShared === true ? lines('sharedBaseLines') : 0) };
    case 'list':
      return { data: 'list', lines: lines('listLines') };
    default:
      return null;
  }
}

/** `lines` lines of shared data come from the CPU that used it last. */
export function movedData({ tables }: CompileContext, name: string, lines: number): Instruction {
  const index = tables.data.get(name) ?? tables.data.size;
  tables.data.set(name, index);
  return instruction(opcodes.MOVE, lines, index);
}

function usage(operation: Operation): Instruction[] {
  if (operation.op === 'place-area') return [instruction(opcodes.GROW, operation.bytes)];
  return operation.op === 'free-area' ? [instruction(opcodes.SHRINK, operation.bytes)] : [];
}

function workInstruction(price: Reason, context: CompileContext): Instruction {
  if (price.value === null) context.tables.unpriced.add(`${price.label}: ${price.note ?? 'no price'}`);
  return instruction(opcodes.WORK, price.value?.mid ?? 0, -1, shapes.UNIFORM);
}
