import { callGraph, type CallGraph, type Definition, type LinkFacts } from './callGraph';
import {
  driverTable,
  initAnnotations,
  namedRoots,
  netnsAnnotations,
  registrationRoots,
  tableRoots,
} from './reachRoots';
import { frequencyClasses, type FrequencyClass, type Reach } from './resolvedSite';

/** What triggers a function, by the call chains that lead to it. */
export type ReachOf = (file: string, functionName: string | null) => readonly Reach[];

/** Longer chains are no evidence that a reader would check, and searching on finds every root in the end. */
const maximalDepth = 14;
const maximalVisits = 4_000;

interface RootMark {
  readonly frequencyClass: FrequencyClass;
  /** Shown as the first link of the chain: `pernet_operations.init`. */
  readonly label: string | null;
}

/**
 * Finds the frequency classes of functions by walking callers up to the roots of `reachRoots.ts`.
 * A class comes with the shortest chain found; no chain, no class: then `unknown` alone.
 */
export function reachOver(files: ReadonlyMap<string, LinkFacts>): ReachOf {
  const graph = callGraph(files);
  const marks = registeredRoots(files, graph);
  const memory = new Map<string, readonly Reach[]>();
  return (file, functionName) => {
    if (functionName === null) return [];
    const key = `${file}\0${functionName}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const starts = graph.definitionsOf(functionName, file);
    const reach = orUnknown(climb(starts, graph, marks), functionName);
    memory.set(key, reach);
    return reach;
  };
}

function orUnknown(reach: readonly Reach[], functionName: string): readonly Reach[] {
  return reach.length > 0 ? reach : [{ frequencyClass: 'unknown', chain: [functionName] }];
}

interface Visit {
  readonly definition: Definition;
  readonly from: Visit | null;
  readonly depth: number;
}

function climb(
  starts: readonly Definition[],
  graph: CallGraph,
  marks: ReadonlyMap<number, readonly RootMark[]>,
): readonly Reach[] {
  const found = new Map<FrequencyClass, Reach>();
  const seen = new Set(starts.map((start) => start.id));
  const queue: Visit[] = starts.map((definition) => ({ definition, from: null, depth: 0 }));
  for (let at = 0; at < queue.length && at < maximalVisits; at++) {
    const visit = queue[at];
    if (visit === undefined) break;
    const roots = rootsAt(visit, marks);
    for (const root of roots) {
      if (!found.has(root.frequencyClass)) {
        found.set(root.frequencyClass, { frequencyClass: root.frequencyClass, chain: chainOf(visit, root.label) });
      }
    }
    if (roots.length > 0 || visit.depth >= maximalDepth) continue;
    for (const caller of graph.callersOf(visit.definition)) {
      if (seen.has(caller.id)) continue;
      seen.add(caller.id);
      queue.push({ definition: caller, from: visit, depth: visit.depth + 1 });
    }
  }
  return [...found.values()].sort((a, b) => rank(a.frequencyClass) - rank(b.frequencyClass));
}

function rank(frequencyClass: FrequencyClass): number {
  return frequencyClasses.indexOf(frequencyClass);
}

function chainOf(visit: Visit, label: string | null): readonly string[] {
  const chain: string[] = label === null ? [] : [label];
  for (let step: Visit | null = visit; step !== null; step = step.from) chain.push(step.definition.name);
  return chain;
}

function rootsAt(visit: Visit, marks: ReadonlyMap<number, readonly RootMark[]>): readonly RootMark[] {
  const { definition } = visit;
  const roots: RootMark[] = [...(marks.get(definition.id) ?? [])];
  for (const root of namedRoots) {
    if (root.function !== definition.name) continue;
    const chain = chainOf(visit, null);
    if (root.notThrough?.some((name) => chain.includes(name)) === true) continue;
    if (root.through !== undefined && !root.through.some((name) => chain.includes(name))) continue;
    roots.push({ frequencyClass: root.frequencyClass, label: null });
  }
  if (definition.name.startsWith('SYSCALL_DEFINE') && roots.length === 0) {
    roots.push({ frequencyClass: 'user-request', label: null });
  }
  return roots;
}

function registeredRoots(
  files: ReadonlyMap<string, LinkFacts>,
  graph: CallGraph,
): ReadonlyMap<number, readonly RootMark[]> {
  const marks = new Map<number, RootMark[]>();
  const mark = (definition: Definition, root: RootMark): void => {
    const known = marks.get(definition.id) ?? [];
    if (!known.some((other) => other.frequencyClass === root.frequencyClass)) known.push(root);
    marks.set(definition.id, known);
  };
  for (const [file, facts] of files) {
    for (const { name, root } of rootsIn(facts)) {
      for (const definition of graph.definitionsOf(name, file)) mark(definition, root);
    }
    for (const fact of facts.functions) {
      const root = annotationRoot(fact.annotations, facts);
      if (root === null) continue;
      for (const definition of graph.definitionsOf(fact.name, file)) {
        if (definition.fact === fact) mark(definition, root);
      }
    }
  }
  return marks;
}

function rootsIn(facts: LinkFacts): { readonly name: string; readonly root: RootMark }[] {
  const fromTables = facts.tables.flatMap((table) =>
    table.fields.flatMap(({ field, value }) => {
      const frequencyClass = tableClass(table.type, field);
      const name = /^&?([A-Za-z_]\w*)$/.exec(value)?.[1];
      return frequencyClass === null || name === undefined
        ? []
        : [{ name, root: { frequencyClass, label: `${table.type}.${field}` } }];
    }),
  );
  const fromRegistrations = facts.registrations.flatMap(({ macro, argument }) => {
    const root = registrationRoots.find((candidate) => candidate.macro.test(macro));
    return root === undefined ? [] : [{ name: argument, root: { frequencyClass: root.frequencyClass, label: macro } }];
  });
  return [...fromTables, ...fromRegistrations];
}

function tableClass(type: string, field: string): FrequencyClass | null {
  const root = tableRoots.find(
    (candidate) => candidate.type === type && (candidate.field === undefined || candidate.field.test(field)),
  );
  if (root !== undefined) return root.frequencyClass;
  return driverTable.type.test(type) && driverTable.field.test(field) ? 'device-probe' : null;
}

function annotationRoot(annotations: readonly string[], facts: LinkFacts): RootMark | null {
  const netns = annotations.find((annotation) => netnsAnnotations.has(annotation));
  if (netns !== undefined) return { frequencyClass: 'netns', label: netns };
  const init = annotations.find((annotation) => initAnnotations.has(annotation));
  if (init === undefined) return null;
  const isModule = facts.registrations.some(({ macro }) => macro.startsWith('module_'));
  return { frequencyClass: isModule ? 'module-load' : 'boot', label: init };
}
