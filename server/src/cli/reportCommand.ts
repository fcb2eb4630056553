import { sarifLog } from '../features/sarif';
import { problemsOf, reportInTurns } from '../features/report';
import type { FileProblem } from '../protocol/report';
import { allFindings } from './checkCommand';
import { toCsv } from '../util/csv';
import { inventoryCommand } from './inventoryCommand';
import { exitCodes, UsageError, type Io } from './io';
import { reportJson } from './reportJson';
import { reportText } from './reportText';
import type { Snapshot } from '../workspace/snapshot';
import { readOptions, rootFolder } from './options';
import { madeOfTree } from './treeSnapshot';

export const reportUsage =
  'report [ROOT] [--cpus N] [--online N] [--machine NAME] [--kernel X.Y] [--kconfig FILE] [--profile FILE | --no-profile] [--objects [--modules NAME,…] [--against ROOT]] [--format text|json|csv|markdown|sarif]';

/** Prints what every percpu site below a folder costs on the machine. */
export async function reportCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json', 'csv', 'markdown', 'sarif']);
  if (options.objects) return inventoryCommand(options, io, factsEntry, processes);
  if (options.against !== null || options.modules.length > 0) throw new UsageError('--against and --modules go with --objects');
  const folder = rootFolder(options);
  const answer = await madeOfTree(folder, options, io, factsEntry, processes, (snapshot) => answerIn(snapshot, options.format));
  for (const { file, reason } of answer.problems) io.err(`${file}: ${reason}\n`);
  if (answer.isEmpty) io.err(`no percpu call sites in the .c and .h files below ${folder}\n`);
  for (const piece of answer.text) io.out(piece);
  return exitCodes.done;
}

interface Answer {
  /** In pieces: a string of all of it would need the memory twice. */
  readonly text: readonly string[];
  readonly problems: readonly FileProblem[];
  readonly isEmpty: boolean;
}

function* answerIn(snapshot: Snapshot, format: string): Generator<void, Answer> {
  if (format === 'sarif') return { text: [`${JSON.stringify(sarifLog(allFindings(snapshot), snapshot.root ?? ''), null, 1)}\n`], problems: [], isEmpty: false };
  const text = yield* printed(snapshot, format);
  return { text, problems: problemsOf(snapshot), isEmpty: snapshot.sites.size === 0 };
}

function* printed(snapshot: Snapshot, format: string): Generator<void, readonly string[]> {
  if (format === 'json') return yield* reportJson(snapshot);
  if (format === 'csv') return [toCsv((yield* reportInTurns(snapshot)).sites)];
  return [yield* reportText(snapshot, format === 'markdown' ? format : 'text')];
}
