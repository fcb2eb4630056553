import type { AskedTexts } from '../../resolve/askedTexts';
import type { AskedNames, LinkFacts } from '../../resolve/callGraph';
import { saysCreations, type CreatingTables } from '../../resolve/objects/creationMarks';
import { namedMarks } from '../../resolve/reachMarks';
import { runsItsArgument } from '../../resolve/reachRoots';
import { folderOf } from '../../resolve/sourceTree';
import { onDemand } from '../../util/onDemand';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import type { LinkSteps } from '../linkFiles';
import type { FileProblem } from '../sourceFiles';
import type { Basis } from './basis';
import type { WrittenName } from './functionsBelow';

/** Files that are linked from now on, since they mention names that are looked for from now on. */
export interface FurtherFiles {
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  readonly problems: readonly FileProblem[];
  /** From where something leads to sites by them. */
  readonly from: readonly WrittenName[];
}

export const noFurtherFiles: FurtherFiles = { facts: new Map(), problems: [], from: [] };

/** What a look for callers at some level found beyond what it did. */
export interface FoundFurther {
  readonly level: number;
  readonly files: readonly string[];
  /** Names that are called from everywhere, as they are written in files that define them. */
  readonly hubs: readonly WrittenName[];
}

/** More files than this are not linked in addition: then a tree is linked anew. */
const mostFurther = 200;

/** Reads what was found; null where more follows from it than chains to sites: wrappers, objects, what a name means. */
export async function withFurther(known: FurtherFiles, { files, hubs }: FoundFurther, { asked, wrappers, links: { steps, tables } }: Basis, reader: Pick<FactsReader, 'link'>): Promise<FurtherFiles | null> {
  const late = new Set(steps.late);
  if (files.length > mostFurther || files.some((file) => late.has(file))) return null;
  const facts = new Map(known.facts);
  const problems = [...known.problems];
  const from = [...known.from, ...hubs];
  const passing = new Set(wrappers.map(({ name }) => name));
  const opened = new Set(steps.levels.flatMap((one) => [...one.opened.values()].flatMap(({ names }) => names)));
  await reader.link(files, { onProblem: (file, reason) => void problems.push({ file, reason }), onFacts: (file, found) => void facts.set(file, found) });
  for (const file of files) {
    const own = facts.get(file);
    if (own === undefined) continue;
    if (own.calls.some(({ callees }) => callees.some((name) => passing.has(name)))) return null;
    if (definesJudged(file, own, asked, tables, opened) || saysCreations(own)) return null;
    from.push(...leadingIn(own, asked).map((name) => ({ file, name })));
  }
  return { facts, problems, from };
}

/**
 * What chains pass through may have further definitions: they lead to what the file calls. Not where objects are judged by
 * what a name means, or where it is looked for near what defines it.
 */
function definesJudged(file: string, { functions, macros }: LinkFacts, asked: AskedTexts, tables: CreatingTables, opened: ReadonlySet<string>): boolean {
  const isFollowed = onDemand(() => [...asked.functions].some(([other, some]) => folderOf(other) === folderOf(file) && some.some((one) => 'member' in one)));
  const isJudged = (name: string): boolean => tables.names.has(name) || (asked.names.has(name) && isFollowed());
  return macros.some(({ name }) => isJudged(name)) || functions.some(({ name, isStatic }) => opened.has(name) || (!isStatic && isJudged(name)));
}

/** Names that were asked for of what a file calls, hands over or registers. */
function leadingIn(facts: LinkFacts, { names, called }: AskedNames): readonly string[] {
  const calls = facts.calls.flatMap(({ caller, callees }) => (caller === null ? [] : callees)).filter((name) => called.has(name));
  const handed = facts.mentions.flatMap(({ callee, name }) => (callee !== null && runsItsArgument.test(callee) && called.has(name) ? [name] : []));
  return [...new Set([...calls, ...handed, ...[...namedMarks(facts).keys()].filter((name) => names.has(name))])];
}

/** The steps as they were, with what was found. */
export function stepsWith(steps: LinkSteps, { level, files, hubs }: FoundFurther): LinkSteps {
  const also = (known: readonly string[]): readonly string[] => [...new Set([...known, ...hubs.map(({ name }) => name)])];
  return {
    ...steps,
    hubs: also(steps.hubs),
    levels: steps.levels.map((one, at) => {
      if (at === level) return { ...one, fresh: [...one.fresh, ...files].sort() };
      return at > level ? { ...one, hubs: also(one.hubs) } : one;
    }),
  };
}
