import type { SiteFact } from '../../facts/fileFacts';
import type { CallContext } from '../../facts/callContexts';
import type { CallGraph, Definition, LinkFacts } from '../callGraph';
import { creates, type Pairing } from '../reachPairs';
import { folderOf } from '../sourceTree';
import type { CreationMark, Creations } from './creationMarks';
import { siteCall, type FunctionTexts } from './functionTexts';
import { judgedMembership, leadsToCreation, type Judging, type Path } from './judgedMembership';
import type { Membership, Nesting, ObjectKindId } from './membership';
import { objectKinds } from './objectKinds';
import type { ObjectSource } from './objectSource';
import { summedAtRelease } from './releaseSums';
import { variantTruth } from './variantTruth';

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
export function siteObjects(
  factsOf: (file: string) => LinkFacts | undefined, creations: Creations, world: ObjectWorld, source: ObjectSource, texts: FunctionTexts, pairs: Pairing,
): SiteObjects {
  const forming: Forming = {
    world, source, creations, texts, variantTruth: variantTruth(factsOf, world.graph, creations, texts), mentions: (file) => factsOf(file)?.mentions ?? [],
  };
  const memory = new Map<string, readonly Path[]>();
  const objectsOf: SiteObjects = (file, site) => {
    const name = site.function;
    if (name === null || site.inMacro || site.family === 'static') return [];
    if (site.kind === 'sum') return summedAtRelease({ file, site }, objectsOf, { ...forming, graph: world.graph, pairs });
    if (!creates(site)) return [];
    const key = `${file}\0${name}`;
    const starts = world.graph.definitionsOf(name, file).filter((definition) => definition.file === file);
    const paths = memory.get(key) ?? climb(starts, forming);
    memory.set(key, paths);
    const found = paths.flatMap((path) => memberships(path, site, forming));
    return found.length > 0 ? found : starts.slice(0, 1).map((start) => createdBy(start, site, forming));
  };
  return objectsOf;
}

interface Forming extends Judging {
  readonly world: ObjectWorld;
  readonly mentions: (file: string) => LinkFacts['mentions'];
}

interface Visit {
  readonly definition: Definition;
  readonly from: Visit | null;
  readonly depth: number;
  /** Where it calls the one before. */
  readonly calls: readonly CallContext[];
}

/** `above`: the start makes an object, and what leads to it is asked for. */
function climb(starts: readonly Definition[], forming: Forming, above = false): readonly Path[] {
  const { world, creations } = forming;
  const found = new Map<string, Path>();
  const seen = new Set(starts.map(({ id }) => id));
  const queue: Visit[] = starts.map((definition) => ({ definition, from: null, depth: 0, calls: [] }));
  for (let at = 0; at < queue.length && at < mostVisits; at++) {
    const visit = queue[at];
    if (visit === undefined) break;
    const isStart = above && visit.from === null;
    const marks = isStart ? [] : creations.marksOf(visit.definition);
    for (const mark of marks) {
      const key = `${mark.kind} ${mark.variant ?? ''}`;
      if (!found.has(key)) found.set(key, pathOf(visit, mark));
    }
    if (marks.length > 0 || visit.depth >= deepest || (!isStart && (world.isRoot(visit.definition) || world.isService(visit.definition)))) continue;
    for (const caller of world.graph.callersOf(visit.definition)) {
      const calls = seen.has(caller.id) ? [] : callsOf(caller, visit.definition.name, forming);
      if (seen.has(caller.id) || !leadsToCreation(calls)) continue;
      seen.add(caller.id);
      queue.push({ definition: caller, from: visit, depth: visit.depth + 1, calls });
    }
  }
  return [...found.values()];
}

/** The calls of a name in a function, or of the function that it is handed to. */
function callsOf(caller: Definition, callee: string, { texts, mentions }: Forming): readonly CallContext[] {
  const direct = texts.contextsOf(caller, [callee]);
  if (direct.length > 0) return direct;
  const handedTo = mentions(caller.file).filter(({ name, caller: where }) => name === callee && where === caller.name).flatMap((mention) => mention.callee ?? []);
  return texts.contextsOf(caller, handedTo);
}

function pathOf(visit: Visit, mark: CreationMark): Path {
  const definitions: Definition[] = [];
  const calls: (readonly CallContext[])[] = [];
  for (let at: Visit | null = visit; at !== null; at = at.from) {
    definitions.push(at.definition);
    if (at.calls.length > 0) calls.push(at.calls);
  }
  return { mark, definitions, calls };
}

/** One, or where the variants of a kind decide what they have of what is common, one for each of them too. */
function memberships(path: Path, site: SiteFact, forming: Forming): readonly Membership[] {
  const own = siteCall(path.definitions.at(-1), site, forming.texts);
  const calls = own === undefined ? path.calls : [...path.calls, [own]];
  const { kind, variant } = path.mark;
  const decided = variant === null && objectKinds.find(({ id }) => id === kind)?.decidedBy !== undefined;
  const names = decided ? [...forming.creations.variantsOf(kind).keys()] : [];
  const within = path.mark.label === null && path.definitions.length === 1 ? nestings(path, forming) : [];
  return [path.mark, ...names.map((name) => ({ ...path.mark, variant: name }))].flatMap((mark) => {
    const judged = judgedMembership({ ...path, mark, calls }, site, forming);
    return judged === null ? [] : [mark.variant === null ? { ...judged, within } : judged];
  });
}

/** The objects whose creation calls the function that makes this one. */
function nestings({ mark, definitions: [maker] }: Path, forming: Forming): readonly Nesting[] {
  if (maker === undefined) return [];
  return climb([maker], forming, true).flatMap((path) => {
    const judged = looksOneUp(mark.kind, path) ? null : judgedMembership(path, null, forming);
    return judged === null ? [] : [{ ...judged, inner: innerVariant(mark.kind, path, forming) }];
  });
}

function looksOneUp(kind: ObjectKindId, { mark, definitions }: Path): boolean {
  const another = objectKinds.find(({ id }) => id === kind)?.another;
  return kind === mark.kind && !definitions.some(({ name }) => another?.includes(name) === true);
}

/** The variant whose own functions are in the innermost file on the way that has those of just one. */
function innerVariant(kind: ObjectKindId, { definitions }: Path, { creations }: Forming): string | null {
  const variants = [...creations.variantsOf(kind)];
  for (const { file } of [...definitions].reverse()) {
    const here = variants.filter(([, { functions }]) => functions.some((one) => one.file === file));
    if (here.length === 1) return here[0]?.[0] ?? null;
  }
  return null;
}

/** Functions above each other, each the only caller of the next. */
const mostCreators = 4;

function createdBy(start: Definition, site: SiteFact, forming: Forming): Membership {
  const { world } = forming;
  const chain = [start];
  const calls: (readonly CallContext[])[] = [];
  while (chain.length < mostCreators) {
    const [top = start] = chain;
    const callers = world.isRoot(top) ? [] : world.graph.callersOf(top);
    const [only, ...more] = callers;
    if (only === undefined || more.length > 0 || folderOf(only.file) !== folderOf(top.file) || chain.includes(only)) break;
    calls.unshift(callsOf(only, top.name, forming));
    chain.unshift(only);
  }
  const [creator = start] = chain;
  const own = siteCall(start, site, forming.texts);
  const mark: CreationMark = { kind: 'creator', variant: `${creator.file} ${creator.name}`, label: null };
  const path: Path = { mark, definitions: chain, calls: [...calls.filter((list) => list.length > 0), ...(own === undefined ? [] : [[own]])] };
  return judgedMembership(path, site, forming) ?? plain(path);
}

function plain({ mark, definitions }: Path): Membership {
  return {
    kind: mark.kind, phase: 'create', variant: mark.variant, chain: definitions.map(({ name }) => name),
    times: { count: 1, per: null, reason: '' }, when: [], assumed: [], modules: [], excluded: null, within: [],
  };
}
