import { callGraph, isHeader, linkedNames, type CallGraph, type Definition, type LinkedNames, type LinkFacts } from './callGraph';
import type { ObjectWorld } from './objects/siteObjects';
import { marksOfFiles, rootMarks, type MarksOf, type NamedMarks, type RootMark } from './reachMarks';
import { boundaries, namedRoots, netnsAnnotations, type NamedRoot } from './reachRoots';
import { frequencyClasses, type FrequencyClass, type Reach } from './resolvedSite';
import { isModelled, sameBuild } from './treeParts';

/**
 * What a chain is climbed for: what creates memory, what releases it, what else touches it; `end` is a release whose
 * classes are known from the creation, so that chains may pass through services.
 */
export type Purpose = 'create' | 'release' | 'touch' | 'end';

/**
 * What triggers a function, by the call chains that lead to it; empty where none was found. `wanted`: the classes that
 * are of interest, of others it may be that none are looked for; absent: all.
 */
export type ReachOf = (file: string, functionName: string, purpose: Purpose, wanted?: readonly FrequencyClass[]) => readonly Reach[];

export interface ReachOptions {
  /** Names of APIs and wrappers: whoever calls them does the work, however many they are. */
  readonly isApi: (name: string) => boolean;
  /** Functions known to be called all over the tree, beside those that the facts show. */
  readonly hubs: ReadonlySet<string>;
}

export interface CallReach extends Pick<CallGraph, 'definitionsOf' | 'callersOf' | 'asked'> {
  /** What forming objects needs of the graph and its roots. */
  readonly objectWorld: ObjectWorld;
  readonly reachOf: ReachOf;
  /** Definitions that chains ended at without a reason: their callers are not known yet. */
  readonly openEnds: (file: string, functionName: string) => readonly Definition[];
}

/** What reach is found over: names, and how files have functions of them run. */
export interface MarkedNames extends LinkedNames, NamedMarks {}

/** All that files say, which come in order. */
export function markedNames(files: ReadonlyMap<string, LinkFacts>): MarkedNames {
  return { ...linkedNames(files), ...marksOfFiles(files) };
}

/** Longer chains are no evidence that a reader would check, and searching on finds every root in the end. */
const deepest = 10;
const mostVisits = 2_000;
/** How far below the function that makes an object the object's parts are made. */
const makerDepth = 1;

/**
 * Called from more other subsystems than this, a function is a service (`fput`, `iput`, `queue_work`): that an event
 * calls it does not make everything below it the event's work.
 */
const largestFanIn = 5;

/**
 * Finds the frequency classes of functions by walking callers up to the roots of `reachRoots.ts` and `reachTables.ts`.
 * A class comes with the shortest chain found. Not followed: calls that unwind after a failure, services, and
 * indirect calls other than through operation tables and functions handed over.
 */
export function reachOver(names: MarkedNames, options: ReachOptions): CallReach {
  const graph = callGraph(names);
  const climber: Climber = { graph, marksOf: rootMarks(names, graph), options };
  const memory = new Map<string, Climb>();
  const climbed = (file: string, functionName: string, purpose: Purpose, wanted: readonly FrequencyClass[] | null = null): Climb => {
    const key = `${purpose}\0${file}\0${functionName}\0${wanted?.join() ?? ''}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const result = climb(graph.definitionsOf(functionName, file), purpose, wanted, climber);
    memory.set(key, result);
    return result;
  };
  return {
    objectWorld: objectWorld(climber),
    definitionsOf: graph.definitionsOf,
    callersOf: graph.callersOf,
    asked: graph.asked,
    reachOf: (file, functionName, purpose, wanted) => climbed(file, functionName, purpose, wanted).reach,
    openEnds: (file, functionName) => climbed(file, functionName, 'create').openEnds,
  };
}

function objectWorld({ graph, marksOf, options }: Climber): ObjectWorld {
  return {
    graph,
    isService: (definition) => !forwards(definition, options) && (options.hubs.has(definition.name) || graph.fanInOf(definition) > largestFanIn),
    isRoot: (definition) => boundaries.has(definition.name) || marksOf(definition).some(endsObjects),
  };
}

/** What is annotated for network namespaces is called by their operations, so that chains go on. */
function endsObjects({ weak, makes, label }: RootMark): boolean {
  return !weak && makes !== true && !netnsAnnotations.has(label);
}

interface Climber {
  readonly graph: CallGraph;
  readonly marksOf: MarksOf;
  readonly options: ReachOptions;
}

interface Visit {
  readonly definition: Definition;
  readonly from: Visit | null;
  readonly depth: number;
  /** The architecture that the chain belongs to so far. */
  readonly architecture: string | null;
  /** Nothing but APIs, wrappers and header functions so far. */
  readonly forwards: boolean;
}

interface Climb {
  readonly reach: readonly Reach[];
  readonly openEnds: readonly Definition[];
}

interface WeakRoot {
  readonly visit: Visit;
  readonly root: Root;
}

/** What a climb has found so far. */
interface Findings {
  readonly found: Map<FrequencyClass, Reach>;
  readonly weak: WeakRoot[];
  /** Definitions on chains that ended at a root. */
  readonly explained: Set<number>;
}

function climb(starts: readonly Definition[], purpose: Purpose, wanted: readonly FrequencyClass[] | null, climber: Climber): Climb {
  const findings: Findings = { found: new Map(), weak: [], explained: new Set() };
  const openEnds: Definition[] = [];
  const seen = new Set(starts.map((start) => start.id));
  const queue = starts.map((definition) => firstVisit(definition, purpose, climber));
  const own = queue[0]?.architecture ?? null;
  for (let at = 0; at < queue.length && at < mostVisits; at++) {
    const visit = queue[at];
    if (visit === undefined) break;
    const ends = takeRoots(visit, rootsAt(visit, purpose, climber), findings);
    // The first chain to a class is the one that counts, whatever else would be found.
    if (wanted?.every((one) => findings.found.has(one)) === true) break;
    if (ends || visit.depth >= deepest || (purpose !== 'end' && isService(visit, climber))) continue;
    openEnds.push(visit.definition);
    for (const caller of climber.graph.callersOf(visit.definition)) {
      const next = step(visit, caller, own, climber.options);
      if (next === null || seen.has(caller.id)) continue;
      seen.add(caller.id);
      queue.push(next);
    }
  }
  // An `__init` function that a `module_init` leads to runs when the module is loaded, not at boot.
  for (const { visit, root } of findings.weak) if (!findings.explained.has(visit.definition.id)) keep(findings.found, visit, root);
  return { reach: inOrder([...findings.found.values()]), openEnds };
}

function firstVisit(definition: Definition, purpose: Purpose, { options }: Climber): Visit {
  const { architecture } = definition.place;
  return { definition, from: null, depth: 0, architecture, forwards: purpose === 'create' || forwards(definition, options) };
}

/** True where chains end at the visit. */
function takeRoots(visit: Visit, roots: readonly Root[], { found, weak, explained }: Findings): boolean {
  let ends = false;
  for (const root of roots) {
    if (root.weak) weak.push({ visit, root });
    else if (root.makes !== true) ends = true;
    if (root.makes === true ? visit.depth <= makerDepth : !root.weak) keep(found, visit, root);
  }
  for (let at = ends ? visit : null; at !== null; at = at.from) explained.add(at.definition.id);
  return ends;
}

function keep(found: Map<FrequencyClass, Reach>, visit: Visit, { frequencyClass, label }: Root): void {
  if (frequencyClass !== null && !found.has(frequencyClass)) found.set(frequencyClass, { frequencyClass, chain: chainOf(visit, label) });
}

function step(visit: Visit, caller: Definition, own: string | null, options: ReachOptions): Visit | null {
  const { architecture } = caller.place;
  if (!sameBuild(visit.architecture, architecture)) return null;
  if (own === null && !isModelled(architecture)) return null;
  return {
    definition: caller, from: visit, depth: visit.depth + 1, architecture: visit.architecture ?? architecture,
    forwards: visit.forwards && forwards(caller, options),
  };
}

function forwards({ name, file }: Definition, { isApi }: ReachOptions): boolean {
  return isApi(name) || isHeader(file);
}

function isService(visit: Visit, { graph, options }: Climber): boolean {
  const { definition } = visit;
  if (visit.forwards) return false;
  return options.hubs.has(definition.name) || graph.fanInOf(definition) > largestFanIn;
}

/** Most frequent class first. */
export function inOrder(reach: readonly Reach[]): readonly Reach[] {
  return [...reach].sort((a, b) => rank(a.frequencyClass) - rank(b.frequencyClass));
}

function rank(frequencyClass: FrequencyClass): number {
  return frequencyClasses.indexOf(frequencyClass);
}

function chainOf(visit: Visit, label: string | null): readonly string[] {
  const chain: string[] = label === null ? [] : [label];
  for (let at: Visit | null = visit; at !== null; at = at.from) chain.push(at.definition.name);
  return chain;
}

interface Root {
  /** Null where chains end without a class. */
  readonly frequencyClass: FrequencyClass | null;
  readonly label: string | null;
  readonly weak: boolean;
  readonly makes?: true;
}

const rootsByName = new Map<string, readonly NamedRoot[]>(
  namedRoots.map((root) => [root.function, namedRoots.filter((other) => other.function === root.function)]),
);

function rootsAt(visit: Visit, purpose: Purpose, { marksOf }: Climber): readonly Root[] {
  const { definition } = visit;
  const boundary = boundaries.get(definition.name);
  if (boundary !== undefined) return [{ frequencyClass: boundary, label: null, weak: false }];
  const roots: Root[] = marksOf(definition).filter((mark) => mark.makes !== true || purpose === 'create');
  for (const root of rootsByName.get(definition.name) ?? []) {
    if (root.release === true && purpose === 'create') continue;
    if (root.notThrough !== undefined && chainOf(visit, null).some((name) => root.notThrough?.includes(name))) continue;
    roots.push({ frequencyClass: root.frequencyClass, label: null, weak: false });
  }
  if (definition.name.startsWith('SYSCALL_DEFINE') && roots.length === 0) {
    roots.push({ frequencyClass: 'user-request', label: null, weak: false });
  }
  return roots;
}
