import type { FileFacts, FunctionFact, MacroFact } from '../facts/fileFacts';

/** The part of a file's facts that reach needs. */
export type LinkFacts = Pick<FileFacts, 'functions' | 'calls' | 'tables' | 'registrations'> & {
  readonly macros: readonly Pick<MacroFact, 'name'>[];
};

/** A function or macro definition in the tree. */
export interface Definition {
  readonly id: number;
  readonly file: string;
  readonly name: string;
  readonly fact: FunctionFact | null;
}

export interface CallGraph {
  /** Definitions that a name written in `file` can mean there: the file's own first, else global ones. */
  definitionsOf(name: string, file: string): readonly Definition[];
  /** Definitions that call the given one. */
  callersOf(definition: Definition): readonly Definition[];
}

/** Links the calls of many files to definitions by C's rules of linkage: a static name is seen in its file alone. */
export function callGraph(files: ReadonlyMap<string, LinkFacts>): CallGraph {
  const definitions: Definition[] = [];
  const local = new Map<string, Definition[]>();
  const global = new Map<string, Definition[]>();
  for (const [file, facts] of files) {
    for (const definition of definitionsIn(file, facts, definitions.length)) {
      definitions.push(definition);
      append(local, localKey(file, definition.name), definition);
      if (definition.fact?.isStatic !== true || isHeader(file)) append(global, definition.name, definition);
    }
  }
  const definitionsOf = (name: string, file: string): readonly Definition[] =>
    local.get(localKey(file, name)) ?? global.get(name) ?? [];
  const callers = reverseEdges(files, definitionsOf);
  return { definitionsOf, callersOf: (definition) => callers.get(definition.id) ?? [] };
}

function definitionsIn(file: string, facts: LinkFacts, firstId: number): Definition[] {
  const functions = facts.functions.map((fact) => ({ file, name: fact.name, fact }));
  const macros = facts.macros.map((macro) => ({ file, name: macro.name, fact: null }));
  return [...functions, ...macros].map((definition, index) => ({ id: firstId + index, ...definition }));
}

function reverseEdges(
  files: ReadonlyMap<string, LinkFacts>,
  definitionsOf: CallGraph['definitionsOf'],
): ReadonlyMap<number, Definition[]> {
  const callers = new Map<number, Definition[]>();
  for (const [file, facts] of files) {
    const seen = new Set<string>();
    for (const { caller, callee } of facts.calls) {
      if (caller === null) continue;
      const edge = `${caller}\0${callee}`;
      if (seen.has(edge)) continue;
      seen.add(edge);
      const sources = definitionsOf(caller, file).filter((definition) => definition.file === file);
      for (const target of definitionsOf(callee, file)) {
        for (const source of sources) if (source.id !== target.id) append(callers, target.id, source);
      }
    }
  }
  return callers;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function localKey(file: string, name: string): string {
  return `${file}\0${name}`;
}

function isHeader(file: string): boolean {
  return file.endsWith('.h');
}
