import type { SiteFact } from '../../facts/fileFacts';
import type { CallGraph, Definition, LinkFacts } from '../callGraph';
import { creates } from '../reachPairs';
import { folderOf } from '../sourceTree';
import { creationMarks, type CreationMark } from './creationMarks';
import type { Membership } from './membership';

/** The objects that a site is a part of. */
export type SiteObjects = (file: string, site: SiteFact) => readonly Membership[];

export interface ObjectWorld {
  readonly graph: Pick<CallGraph, 'definitionsOf' | 'callersOf'>;
  /** A function called from all over the tree: that an object's creation calls it makes what is below no part of the object. */
  readonly isService: (definition: Definition) => boolean;
  /** Something else than an object's creation triggers it: a probe, an initcall. */
  readonly isRoot: (definition: Definition) => boolean;
}

/** Longer chains are no evidence that a reader would check. */
const deepest = 10;
const mostVisits = 2_000;

/**
 * Finds what objects the sites of a tree belong to: those whose creation leads to the site's function by a chain of
 * calls. A site that belongs to none is made by its nearest creator: the outermost function that is the only caller
 * on the way, within one folder.
 */
export function siteObjects(files: ReadonlyMap<string, LinkFacts>, world: ObjectWorld): SiteObjects {
  const marksOf = creationMarks(files, world.graph);
  const memory = new Map<string, readonly Membership[]>();
  return (file, site) => {
    const name = site.function;
    if (name === null || site.inMacro || site.family === 'static' || !creates(site)) return [];
    const key = `${file}\0${name}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const starts = world.graph.definitionsOf(name, file).filter((definition) => definition.file === file);
    const found = climb(starts, world, marksOf);
    const memberships = found.length > 0 ? found : starts.slice(0, 1).map((start) => createdBy(start, world));
    memory.set(key, memberships);
    return memberships;
  };
}

interface Visit {
  readonly definition: Definition;
  readonly from: Visit | null;
  readonly depth: number;
}

function climb(starts: readonly Definition[], world: ObjectWorld, marksOf: (definition: Definition) => readonly CreationMark[]): readonly Membership[] {
  const found = new Map<string, Membership>();
  const seen = new Set(starts.map(({ id }) => id));
  const queue: Visit[] = starts.map((definition) => ({ definition, from: null, depth: 0 }));
  for (let at = 0; at < queue.length && at < mostVisits; at++) {
    const visit = queue[at];
    if (visit === undefined) break;
    const marks = marksOf(visit.definition);
    for (const mark of marks) {
      const key = `${mark.kind} ${mark.variant ?? ''}`;
      if (!found.has(key)) found.set(key, { kind: mark.kind, variant: mark.variant, chain: chainOf(visit, mark.label) });
    }
    if (marks.length > 0 || visit.depth >= deepest || world.isRoot(visit.definition) || world.isService(visit.definition)) continue;
    for (const caller of world.graph.callersOf(visit.definition)) {
      if (seen.has(caller.id)) continue;
      seen.add(caller.id);
      queue.push({ definition: caller, from: visit, depth: visit.depth + 1 });
    }
  }
  return [...found.values()];
}

function chainOf(visit: Visit, label: string | null): readonly string[] {
  const chain: string[] = label === null ? [] : [label];
  for (let at: Visit | null = visit; at !== null; at = at.from) chain.push(at.definition.name);
  return chain;
}

/** Functions above each other, each the only caller of the next. */
const mostCreators = 4;

function createdBy(start: Definition, world: ObjectWorld): Membership {
  const chain = [start];
  while (chain.length < mostCreators) {
    const [top = start] = chain;
    const callers = world.isRoot(top) ? [] : world.graph.callersOf(top);
    const [only, ...more] = callers;
    if (only === undefined || more.length > 0 || folderOf(only.file) !== folderOf(top.file) || chain.includes(only)) break;
    chain.unshift(only);
  }
  const [creator = start] = chain;
  return { kind: 'creator', variant: `${creator.file} ${creator.name}`, chain: chain.map(({ name }) => name) };
}
