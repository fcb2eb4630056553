import type { CallGraph, Definition, LinkFacts, LinkTable } from '../callGraph';
import { folderOf } from '../sourceTree';
import type { ObjectKindId } from './membership';
import { type CreationTable, objectKinds, type VariantLink } from './objectKinds';

/** A function that runs when an object of a kind, or of one of its variants, is created. */
export interface CreationMark {
  readonly kind: ObjectKindId;
  readonly variant: string | null;
  /** Shown first in a chain: `fs_context_operations.get_tree`; null for a function of the kind's own. */
  readonly label: string | null;
}

type Files = ReadonlyMap<string, LinkFacts>;

/** What creates objects, by definition. */
export function creationMarks(files: Files, graph: Pick<CallGraph, 'definitionsOf'>): (definition: Definition) => readonly CreationMark[] {
  const marks = new Map<number, CreationMark[]>();
  const mark = (file: string, value: string, made: CreationMark): void => {
    const name = /^&?([A-Za-z_]\w*)$/.exec(value)?.[1];
    for (const { id } of name === undefined ? [] : graph.definitionsOf(name, file)) {
      const known = marks.get(id) ?? [];
      if (!known.some(({ kind, variant }) => kind === made.kind && variant === made.variant)) marks.set(id, [...known, made]);
    }
  };
  const links = variantLinks(files);
  for (const [file, facts] of files) {
    for (const table of facts.tables) markTable(file, table, links, mark);
    for (const { value, made } of handedFunctions(facts)) mark(file, value, made);
  }
  return (definition) => [...(marks.get(definition.id) ?? []), ...(byFunction.get(definition.name) ?? [])];
}

const byFunction: ReadonlyMap<string, readonly CreationMark[]> = new Map(
  objectKinds.flatMap(({ id, functions = [] }) => functions.map((name) => [name, [{ kind: id, variant: null, label: null }]] as const)),
);

const creationTables = objectKinds.flatMap(({ id, tables = [] }) => tables.map((table) => ({ kind: id, ...table })));

function markTable(
  file: string, table: LinkTable, links: VariantLinks, mark: (file: string, value: string, made: CreationMark) => void,
): void {
  for (const creation of creationTables) {
    if (!creation.type.test(table.type)) continue;
    const members = table.fields.filter(({ field }) => creation.field.test(field));
    if (members.length === 0) continue;
    const variant = variantOf(file, table, creation, links);
    for (const { field, value } of members) mark(file, value, { kind: creation.kind, variant, label: `${table.type}.${field}` });
  }
}

function variantOf(file: string, table: LinkTable, { variant }: CreationTable, links: VariantLinks): string | null {
  if (variant === undefined) return null;
  const through = variant.through === undefined ? null : links.nameOf(file, table.name, variant.through);
  const written = variant.field === undefined ? null : stringIn(table, variant.field);
  return variant.is ?? through ?? written ?? plainName(table.name, variant.affix);
}

function plainName(name: string, affix: RegExp | undefined): string | null {
  const plain = affix === undefined ? name : name.replace(affix, '');
  return plain === '' ? null : plain;
}

function stringIn({ fields }: LinkTable, member: string): string | null {
  const value = fields.find(({ field }) => field === member)?.value;
  return value === undefined ? null : (/^"(.*)"$/.exec(value)?.[1] ?? null);
}

/** `register_netdevice_notifier(&block)`: what the block holds runs for every object of the kind. */
function handedFunctions(facts: LinkFacts): readonly { value: string; made: CreationMark }[] {
  return facts.mentions.flatMap(({ name, callee }) => {
    const kind = callee === null ? undefined : objectKinds.find(({ handed }) => handed?.test(callee) === true);
    if (kind === undefined) return [];
    const made: CreationMark = { kind: kind.id, variant: null, label: callee };
    const table = facts.tables.find((candidate) => candidate.name === name);
    return table === undefined ? [{ value: name, made }] : table.fields.map(({ value }) => ({ value, made }));
  });
}

interface VariantLinks {
  readonly nameOf: (file: string, table: string, link: VariantLink) => string | null;
}

/**
 * A table in use is named by the one whose function mentions it (`fc->ops = &ext4_context_ops` in the function that
 * `file_system_type.init_fs_context` is); else by the only one of its file, else of its folder.
 */
function variantLinks(files: Files): VariantLinks {
  const users = new Map<string, string[]>();
  const owners = ownersByFunction(files);
  for (const [file, { mentions }] of files) {
    for (const { name, caller } of mentions) append(users, `${file} ${name}`, caller);
  }
  return {
    nameOf: (file, table, link) => {
      const callers = users.get(`${file} ${table}`) ?? [];
      const linked = callers.flatMap((caller) => owners.byFunction.get(`${link.type.source} ${folderOf(file)} ${caller}`) ?? []);
      const near = owners.byFile.get(`${link.type.source} ${file}`) ?? owners.byFolder.get(`${link.type.source} ${folderOf(file)}`) ?? [];
      const names = linked.length > 0 ? linked : new Set(near).size === 1 ? near : [];
      return names.find((name) => table.includes(name)) ?? names[0] ?? null;
    },
  };
}

interface Owners {
  readonly byFunction: Map<string, string[]>;
  readonly byFile: Map<string, string[]>;
  readonly byFolder: Map<string, string[]>;
}

const variantLinkKinds = [...new Set(creationTables.flatMap(({ variant }) => variant?.through ?? []))];

/** Names of the linking tables, by the functions in them, their file and their folder. */
function ownersByFunction(files: Files): Owners {
  const owners: Owners = { byFunction: new Map(), byFile: new Map(), byFolder: new Map() };
  for (const [file, { tables }] of files) {
    for (const table of tables) {
      for (const link of variantLinkKinds) {
        const name = link.type.test(table.type) ? stringIn(table, link.name) : null;
        if (name === null) continue;
        const key = link.type.source;
        append(owners.byFile, `${key} ${file}`, name);
        append(owners.byFolder, `${key} ${folderOf(file)}`, name);
        for (const { field, value } of table.fields) if (link.field.test(field)) append(owners.byFunction, `${key} ${folderOf(file)} ${value}`, name);
      }
    }
  }
  return owners;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
