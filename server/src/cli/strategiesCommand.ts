import { strategyAnswer } from '../features/strategyAnswer';
import { treeStrategies } from '../features/treeStrategies';
import { exitCodes, UsageError, type Io } from './io';
import { readOptions, rootFolder, type CommonOptions } from './options';
import { sitePlace, sitesAt } from './sitePlace';
import { answerText, treeText } from './strategiesText';
import { snapshotOf } from './treeSnapshot';

export const strategiesUsage =
  'strategies [ROOT | FILE:LINE [--threads N]] [--root ROOT] [--machine NAME] [--cpus N] [--format text|json]';

/**
 * Of a line: every strategy for the object that is created there. Of a folder: what is shown unasked in it, and its
 * objects with several percpu areas, with what grouping them would take and save.
 */
export async function strategiesCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json']);
  const ofLine = /:\d+$/.test(options.positionals[0] ?? '');
  if (!ofLine && options.threads !== null) throw new UsageError('--threads: only with FILE:LINE, for a process with so many threads');
  return ofLine ? atLine(options, io, factsEntry, processes) : inTree(options, io, factsEntry, processes);
}

async function atLine(options: CommonOptions, io: Io, factsEntry: string, processes: number): Promise<number> {
  const place = sitePlace(options.positionals[0], options.root);
  const snapshot = await snapshotOf(place.root, options, io, factsEntry, processes);
  const [site] = sitesAt(snapshot, place);
  const answer = strategyAnswer(snapshot, site, options.threads ?? undefined);
  if (answer === null) throw new UsageError(`${place.file}:${place.line}: ${site.site.fact.api} creates nothing with a known life, so there is nothing to compare`);
  io.out(options.format === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : answerText(answer));
  return exitCodes.done;
}

async function inTree(options: CommonOptions, io: Io, factsEntry: string, processes: number): Promise<number> {
  const snapshot = await snapshotOf(rootFolder(options), options, io, factsEntry, processes);
  const strategies = treeStrategies(snapshot);
  io.out(options.format === 'json' ? `${JSON.stringify(strategies, null, 1)}\n` : treeText(strategies));
  return exitCodes.done;
}
