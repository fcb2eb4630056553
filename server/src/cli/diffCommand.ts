import { treeDifference, type ComparedTree } from '../features/diff/treeDifference';
import { parseLimit, type Limit } from '../profile/limit';
import type { DiffReport } from '../protocol/diff';
import { neverCancelled } from '../util/cancellation';
import { userCacheFolder, type CacheFolder } from '../workspace/cacheFolder';
import { compareTrees, NothingToCompare, type CompareOptions } from '../workspace/compare/compareTrees';
import { folderSides, refSides } from '../workspace/compare/sides';
import { entryBeside } from '../workspace/entries';
import { GitProblem } from '../workspace/git/gitProgram';
import { assumedKernel } from '../workspace/rootSession';
import type { TreeState } from '../workspace/compare/treeState';
import { settledSites } from '../workspace/openDocument';
import type { Snapshot } from '../workspace/snapshot';
import { diffMarkdown } from './diffMarkdown';
import { readOperands, type DiffOperands } from './diffOperands';
import { diffSarif } from './diffSarif';
import { diffText } from './diffText';
import { exitCodes, UsageError, type Io } from './io';
import { readOptions, type CommonOptions } from './options';
import { progressLine } from './progress';

export const diffUsage =
  'diff A..B [ROOT] | diff FOLDER_A FOLDER_B [--fail-on "fork-exec: +1 KiB"]… [--cpus N] [--machine NAME] [--kconfig FILE] [--format text|json|markdown|sarif]';

export interface DiffEntries {
  readonly factsEntry: string;
  /** Script of the thread that reads blobs. */
  readonly blobEntry: string;
  readonly processes: number;
  readonly version: string;
}

const formats = ['text', 'json', 'markdown', 'sarif'];

/** Prints what one state of a tree costs more or less than another; exit 1 where a limit is broken. */
export async function diffCommand(args: readonly string[], io: Io, entries: DiffEntries): Promise<number> {
  const options = readOptions(args, formats, (positionals, root) => aboutOf(readOperands(positionals, root)));
  const operands = readOperands(options.positionals, options.root);
  const limits = [...options.profile.limits, ...options.failOn.map(limitOf)];
  for (const note of options.profileNotes) io.err(`${note}\n`);
  const { report, root } = await refusing(() => compared(operands, options, limits, entries, io));
  for (const { file, reason } of report.problems) io.err(`${file}: ${reason}\n`);
  for (const { reason } of report.broken_limits) io.err(`over the limit: ${reason}\n`);
  io.out(printed(report, options.format, root, entries.version, io.columns ?? null));
  return report.broken_limits.length > 0 ? exitCodes.found : exitCodes.done;
}

/** Where the project's `percpu.toml` is looked for. */
function aboutOf(operands: DiffOperands): string {
  return operands.kind === 'folders' ? operands.after : (operands.root ?? '.');
}

function limitOf(written: string): Limit {
  const limit = parseLimit(written);
  if ('fault' in limit) throw new UsageError(`--fail-on ${written}: ${limit.fault}`);
  return limit.value;
}

/** What git or the trees do not give is the input's fault, in one line. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitProblem || error instanceof NothingToCompare) throw new UsageError(error.message);
    throw error;
  }
}

async function compared(operands: DiffOperands, options: CommonOptions, limits: readonly Limit[], entries: DiffEntries, io: Io): Promise<{ readonly report: DiffReport; readonly root: string }> {
  const sides = operands.kind === 'folders' ? folderSides(operands.before, operands.after) : await refSides(operands, entries.blobEntry);
  const progress = progressLine(io, 'files');
  const kept = (entry: string): CacheFolder | null => (options.cache ? userCacheFolder(entry) : null);
  // What is kept of a commit is what the code made of it that the editor's baseline is made by too.
  const folders = { cache: kept(entries.factsEntry), resolved: kept(entryBeside(entries.factsEntry, 'analysisWorker')), states: kept(entryBeside(entries.factsEntry, 'baselineWorker')) };
  const states = await compareTrees(sides, { ...stateOptions(options), ...entries, ...folders }, neverCancelled, ({ done, total }) => progress.update(done, total));
  progress.clear();
  try {
    const tree = (name: string, state: TreeState): ComparedTree => ({ name, snapshot: snapshotOfState(state, sides.root, options) });
    const report = treeDifference(tree(sides.before.name, states.before), tree(sides.after.name, states.after), {
      limits,
      renamed: states.renamed,
      notes: states.notes,
      readAfter: (file) => states.readAfter(file),
    });
    return { report, root: sides.root };
  } finally {
    states.close();
  }
}

/** Each tree has its own version unless one was asked for; that of percpu.toml holds where a tree has none. */
function stateOptions(options: CommonOptions): Pick<CompareOptions, 'arch' | 'kconfig' | 'kernel' | 'apis'> {
  return { arch: options.arch, kconfig: options.kconfig, kernel: options.kernelOrigin === 'as asked' ? options.kernel : null, apis: options.profile.apis };
}

function snapshotOfState(state: TreeState, root: string, options: CommonOptions): Snapshot {
  const kernel = state.kernel ?? options.kernel ?? assumedKernel;
  return {
    revision: 0,
    root,
    kernel,
    kernelOrigin: state.kernel === null ? 'assumed, since there is no kernel Makefile' : "of the tree's Makefile",
    kconfigOrigin: state.kconfigOrigin,
    timesNotModelled: state.timesNotModelled,
    machine: options.machine,
    profile: options.profile,
    status: { phase: 'ready', done: state.files.length, total: state.files.length, reason: null },
    sites: new Map([...state.sites].map(([file, sites]) => [file, settledSites(file, sites)])),
    functions: new Map(),
    ruleFacts: new Map(),
    problems: state.problems,
  };
}

function printed(report: DiffReport, format: string, root: string, version: string, columns: number | null): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 1)}\n`;
    case 'markdown':
      return diffMarkdown(report);
    case 'sarif':
      return diffSarif(report, root, version);
    default:
      return diffText(report, columns);
  }
}
