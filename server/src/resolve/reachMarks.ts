import type { CallGraph, Definition, LinkedNames, LinkFacts, LinkTable } from './callGraph';
import { handingRoots, initAnnotations, kernelMount, netnsAnnotations, objectMakers, registrationRoots } from './reachRoots';
import { tableRoots } from './reachTables';
import type { FrequencyClass } from './resolvedSite';

/** A definition where chains end, by how it is registered. */
export interface RootMark {
  readonly frequencyClass: FrequencyClass;
  /** Shown as the first link of the chain: `pernet_operations.init`. */
  readonly label: string;
  /** It holds only where no caller says more: an `__init` function that `module_init` leads to is no part of boot. */
  readonly weak: boolean;
  /** It makes an object: holds for what the function itself creates, and its callers are asked nevertheless. */
  readonly makes?: true;
}

/** Why chains end at a definition: by tables, registrations, functions that are handed over, and annotations. */
export type MarksOf = (definition: Definition) => readonly RootMark[];

/** How files have functions run. */
export interface NamedMarks {
  /** By name: the files whose tables, registrations or calls have functions of it run, in order. */
  readonly markersOf: (name: string) => readonly string[];
  /** How one of these has what the name means there run. */
  readonly marksIn: (file: string, name: string) => readonly RootMark[];
  /** Whether loading a file as a module runs code of it. */
  readonly isModule: (file: string) => boolean;
}

export function marksOfFiles(files: ReadonlyMap<string, LinkFacts>): NamedMarks {
  const markers = new Map<string, string[]>();
  for (const [file, facts] of files) for (const name of namedMarks(facts).keys()) appendTo(markers, name, file);
  const of = <T>(file: string, ask: (facts: LinkFacts) => T): T | undefined => {
    const facts = files.get(file);
    return facts === undefined ? undefined : ask(facts);
  };
  return {
    markersOf: (name) => markers.get(name) ?? [],
    marksIn: (file, name) => of(file, namedMarks)?.get(name) ?? [],
    isModule: (file) => of(file, registersModule) ?? false,
  };
}

export function rootMarks({ markersOf, marksIn, isModule, isLinked }: NamedMarks & Pick<LinkedNames, 'isLinked'>, graph: Pick<CallGraph, 'definitionsUnnoted'>): MarksOf {
  const known = new Map<number, readonly RootMark[]>();
  return (definition) => {
    const before = known.get(definition.id);
    if (before !== undefined) return before;
    const marks: RootMark[] = [];
    // Of marks alike the first file's is shown.
    const mark = (root: RootMark): void => {
      if (!marks.some((other) => other.frequencyClass === root.frequencyClass && other.makes === root.makes)) marks.push(root);
    };
    const annotated = annotationMark(definition.annotations, () => isModule(definition.file));
    for (const file of withOwn(markersOf(definition.name), definition.file)) {
      if (graph.definitionsUnnoted(definition.name, file).includes(definition)) for (const root of marksIn(file, definition.name)) mark(root);
      if (file === definition.file && annotated !== null && isLinked(file)) mark(annotated);
    }
    known.set(definition.id, marks);
    return marks;
  };
}

/** In order, with the file of the definition itself. */
function withOwn(files: readonly string[], own: string): readonly string[] {
  if (files.includes(own)) return files;
  const after = files.findIndex((file) => file > own);
  return after === -1 ? [...files, own] : [...files.slice(0, after), own, ...files.slice(after)];
}

/** By facts, which do not change: they are asked for whenever files are linked. */
const marksByFacts = new WeakMap<LinkFacts, ReadonlyMap<string, readonly RootMark[]>>();

/** By name: how a file has functions run, in order. */
export function namedMarks(facts: LinkFacts): ReadonlyMap<string, readonly RootMark[]> {
  const known = marksByFacts.get(facts);
  if (known !== undefined) return known;
  const marks = new Map<string, RootMark[]>();
  for (const { name, root } of [...tableMarks(facts), ...registrationMarks(facts), ...handedMarks(facts), ...kernelMountMarks(facts), ...makerMarks(facts)]) appendTo(marks, name, root);
  marksByFacts.set(facts, marks);
  return marks;
}

function appendTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** True where loading the file as a module runs code of it. */
export function registersModule(facts: Pick<LinkFacts, 'registrations'>): boolean {
  return facts.registrations.some(({ macro }) => /^module_(?!param)\w+$/.test(macro));
}

interface NamedMark {
  readonly name: string;
  readonly root: RootMark;
}

function tableMarks(facts: LinkFacts): NamedMark[] {
  return facts.tables.flatMap((table) =>
    table.fields.flatMap(({ field, value }) => {
      const frequencyClass = tableClass(table, field);
      const name = functionName(value);
      return frequencyClass === null || name === null ? [] : [{ name, root: { frequencyClass, label: `${table.type}.${field}`, weak: false } }];
    }),
  );
}

function functionName(value: string): string | null {
  return /^&?([A-Za-z_]\w*)$/.exec(value)?.[1] ?? null;
}

function tableClass({ type, fields }: LinkTable, field: string): FrequencyClass | null {
  const message = type === 'rtnl_msg_handler' ? fields.find((other) => other.field === 'msgtype')?.value : undefined;
  if (message !== undefined) return handingRoots.find(({ beside }) => beside?.test(message))?.frequencyClass ?? null;
  const root = tableRoots.find((candidate) => candidate.type.test(type) && candidate.field?.test(field) !== false);
  return root?.frequencyClass ?? null;
}

function registrationMarks(facts: LinkFacts): NamedMark[] {
  return facts.registrations.flatMap(({ macro, argument }) => {
    const root = registrationRoots.find((candidate) => candidate.macro.test(macro));
    return root === undefined ? [] : [{ name: argument, root: { frequencyClass: root.frequencyClass, label: macro, weak: false } }];
  });
}

/** `cpuhp_setup_state(…, up, down)` takes functions, `register_module_notifier(&block)` a table with one. */
function handedMarks(facts: LinkFacts): NamedMark[] {
  return facts.mentions.flatMap(({ name, callee, beside }) => {
    if (callee === null) return [];
    const root = handingRoots.find((candidate) => candidate.callee.test(callee) && (candidate.beside?.test(beside ?? '') ?? true));
    if (root === undefined) return [];
    const mark: RootMark = { frequencyClass: root.frequencyClass, label: beside === null || root.beside === undefined ? callee : `${callee} ${beside}`, weak: false };
    const table = facts.tables.find((candidate) => candidate.name === name);
    if (table === undefined) return [{ name, root: mark }];
    return table.fields.flatMap(({ value }) => {
      const held = functionName(value);
      return held === null ? [] : [{ name: held, root: mark }];
    });
  });
}

/** A file system that `__init` code mounts: its superblock is filled once more than user space mounts it. */
function kernelMountMarks(facts: LinkFacts): NamedMark[] {
  const isModule = registersModule(facts);
  return facts.mentions.flatMap(({ name, caller, callee }) => {
    if (callee === null || !kernelMount.test(callee)) return [];
    const mounting = facts.functions.find((fact) => fact.name === caller);
    const once = annotationMark(mounting?.annotations ?? [], () => isModule);
    if (once === null) return [];
    const contexts = fieldsOf(facts, name, /^(mount|init_fs_context)$/);
    const trees = facts.mentions.filter((other) => contexts.includes(other.caller)).flatMap((other) => fieldsOf(facts, other.name, /^get_tree$/));
    return [...contexts, ...trees].map((held) => ({ name: held, root: { ...once, label: `${callee} in ${caller}`, weak: false } }));
  });
}

function fieldsOf(facts: LinkFacts, table: string, field: RegExp): string[] {
  const found = facts.tables.find(({ name }) => name === table);
  return (found?.fields ?? []).flatMap((one) => (field.test(one.field) ? (functionName(one.value) ?? []) : []));
}

/** Whether a function may make an object: its caller makes the object's parts. */
export function isMakerName(callee: string): boolean {
  return callee.endsWith('_disk');
}

function makerMarks(facts: LinkFacts): NamedMark[] {
  const marks: NamedMark[] = [];
  for (const { caller, callees } of facts.calls) {
    for (const callee of callees) {
      if (caller === null || !isMakerName(callee)) continue;
      const maker = objectMakers.find((candidate) => candidate.callee.test(callee));
      if (maker === undefined) continue;
      marks.push({ name: caller, root: { frequencyClass: maker.frequencyClass, label: `with ${callee}`, weak: false, makes: true } });
    }
  }
  return marks;
}

function annotationMark(annotations: readonly string[], isModule: () => boolean): RootMark | null {
  const netns = annotations.find((annotation) => netnsAnnotations.has(annotation));
  if (netns !== undefined) return { frequencyClass: 'netns', label: netns, weak: false };
  const init = annotations.find((annotation) => initAnnotations.has(annotation));
  if (init === undefined) return null;
  return { frequencyClass: isModule() ? 'module-load' : 'boot', label: init, weak: true };
}
