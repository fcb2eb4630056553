import type { Cancellation } from '../../util/cancellation';
import { sourceTreeOf } from '../sourceTreeOf';
import type { ScanProgress } from '../treeIndex';
import type { Side, Sides } from './sides';
import { wholeState, type StateOptions, type TreeState } from './treeState';

/** Trees that hold nothing to compare; the message names the side. */
export class NothingToCompare extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NothingToCompare';
  }
}

export type CompareOptions = Omit<StateOptions, 'dotConfig'>;

/** Both sides resolved. */
export interface ComparedStates {
  readonly before: TreeState;
  readonly after: TreeState;
  /** What bounds the answer, in sentences. */
  readonly notes: readonly string[];
  /** Text of a file after the change. */
  readAfter(file: string): string | undefined;
  close(): void;
}

/** Resolves both sides of a comparison. Throws NothingToCompare and GitProblem. */
export async function compareTrees(
  sides: Sides,
  options: CompareOptions,
  cancellation: Cancellation,
  onProgress: (progress: ScanProgress) => void,
): Promise<ComparedStates> {
  const stateOf = (side: Side): Promise<TreeState> => wholeState(side.source, { ...options, dotConfig: side.dotConfig }, cancellation, onProgress);
  const before = await stateOf(sides.before);
  refuseEmpty(sides.before, before);
  const after = await stateOf(sides.after);
  refuseEmpty(sides.after, after);
  if (before.sites.size + after.sites.size === 0) {
    throw new NothingToCompare(`${sides.before.name} and ${sides.after.name}: none of the ${after.files} .c and .h files uses percpu memory: this is no kernel code`);
  }
  const tree = sourceTreeOf(sides.after.source);
  return { before, after, notes: [], readAfter: (file) => tree.read(file), close: () => tree.close() };
}

function refuseEmpty({ name }: Side, { files }: TreeState): void {
  if (files === 0) throw new NothingToCompare(`${name}: no .c or .h files: this is no kernel code`);
}
