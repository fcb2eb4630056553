import type { Cancellation } from '../../util/cancellation';
import { sourceTreeOf, type OpenSourceTree } from '../sourceTreeOf';
import type { FileProblem } from '../sourceFiles';
import { lacksBlob, type TreeSource } from '../treeSource';
import type { ScanProgress } from '../treeIndex';
import { factsPool } from '../factsProcess';
import { renamedFiles } from './renamedFiles';
import type { Side, Sides } from './sides';
import { changedInWorkTree } from './changedInWorkTree';
import { isDerivable, type Derivation } from './derivation';
import { treeState, type StateOptions, type StateWork, type TreeState } from './treeState';

/** Trees that cannot be compared; the message names the side and why. */
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
  readonly renamed: ReadonlyMap<string, string>;
  /** What bounds the answer, in sentences. */
  readonly notes: readonly string[];
  /** Text of a file after the change. */
  readAfter(file: string): string | undefined;
  close(): void;
}

type Trees = readonly [OpenSourceTree, OpenSourceTree];

/** Resolves both sides of a comparison. Throws NothingToCompare and GitProblem. */
export async function compareTrees(
  sides: Sides,
  options: CompareOptions,
  cancellation: Cancellation,
  onProgress: (progress: ScanProgress) => void,
): Promise<ComparedStates> {
  const trees = [openTree(sides, sides.before), openTree(sides, sides.after)] as const;
  const { before, after } = await bothStates(sides, trees, options, { cancellation, onProgress });
  refuseEmpty(sides.after, after);
  refuseUnreadable(sides.before, before.problems, after.problems);
  refuseUnreadable(sides.after, after.problems, before.problems);
  refuseWithoutSites(sides, before, after);
  return {
    before,
    after,
    renamed: renamesBetween(before, after, trees),
    notes: [],
    readAfter: (file) => trees[1].read(file),
    close: () => {
      for (const tree of trees) tree.close();
      sides.blobs?.close();
    },
  };
}

async function bothStates(sides: Sides, trees: Trees, options: CompareOptions, work: Pick<StateWork, 'cancellation' | 'onProgress'>): Promise<Pick<ComparedStates, 'before' | 'after'>> {
  const stateOf = ({ source, dotConfig }: Side, rest: Partial<StateWork>): Promise<TreeState> => treeState(source, { ...options, dotConfig }, { ...work, ...rest });
  // Started while the one side is read, they are there when the other is.
  const pool = factsPool(options.factsEntry, sides.after.source, options.apis);
  if (sides.changed !== null && sides.changed.size > 0) pool.prepare(1);
  try {
    const before = await stateOf(sides.before, { tree: trees[0] });
    refuseEmpty(sides.before, before);
    const derivation = await derivationOf(sides, before, trees);
    return { before, after: await stateOf(sides.after, { tree: trees[1], pool, ...(derivation === undefined ? {} : { derivation }) }) };
  } finally {
    pool.close();
  }
}

/** Both commits are read by one reader. */
function openTree({ blobs }: Sides, { source }: Side): OpenSourceTree {
  return sourceTreeOf(source, blobs);
}

/** Texts of fewer changed files are kept while they are compared. */
const mostHeld = 200;

/** Only what can differ is resolved again. */
async function derivationOf(sides: Sides, from: TreeState, [one, other]: Trees): Promise<Derivation | undefined> {
  const changed = sides.changed ?? (await changedOnDisk(sides.before.source, sides.after.source));
  if (changed === null || !isDerivable(changed)) return undefined;
  if (changed.size <= mostHeld) for (const tree of [one, other]) tree.hold([...changed]);
  return { from, changed, readBefore: (file) => one.read(file), readAfter: (file) => other.read(file) };
}

async function changedOnDisk(before: TreeSource, after: TreeSource): Promise<ReadonlySet<string> | null> {
  return before.kind === 'commit' && after.kind === 'folder' ? changedInWorkTree(before, after.root) : null;
}

function renamesBetween(before: TreeState, after: TreeState, [one, other]: Trees): ReadonlyMap<string, string> {
  if (before.files === after.files) return new Map();
  const [was, is] = [new Set(before.files), new Set(after.files)];
  return renamedFiles({
    removed: [...before.sites.keys()].filter((file) => !is.has(file)),
    added: after.files.filter((file) => !was.has(file)),
    readBefore: (file) => one.read(file),
    readAfter: (file) => other.read(file),
  });
}

function refuseEmpty({ name }: Side, { files }: TreeState): void {
  if (files.length === 0) throw new NothingToCompare(`${name}: no .c or .h files: this is no kernel code`);
}

function refuseWithoutSites(sides: Sides, before: TreeState, after: TreeState): void {
  if (before.sites.size + after.sites.size > 0) return;
  const names = `${sides.before.name} and ${sides.after.name}`;
  throw new NothingToCompare(`${names}: none of the ${after.files.length} .c and .h files uses percpu memory: this is no kernel code`);
}

/** What cannot be read on one side alone would look as if its sites had come or gone; what is not here may differ. */
function refuseUnreadable({ name }: Side, problems: readonly FileProblem[], others: readonly FileProblem[]): void {
  const elsewhere = new Set(others.map(({ file, reason }) => `${file}\0${reason}`));
  // A comment to this program that is not as it should be is told, and hides nothing.
  const [first, ...more] = problems.filter(({ file, reason }) => !reason.includes('percpu-lens') && (reason === lacksBlob || !elsewhere.has(`${file}\0${reason}`)));
  if (first === undefined) return;
  const rest = more.length === 0 ? '' : `, and ${more.length} more like it`;
  throw new NothingToCompare(`${name}: ${first.file}: ${first.reason}${rest}; what is not read cannot be compared`);
}
