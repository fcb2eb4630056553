import type { CallGraph, Definition, LinkFacts, LinkTable } from '../callGraph';
import { folderOf } from '../sourceTree';
import type { ObjectKindId } from './membership';
import type { Linkage, ObjectSource } from './objectSource';
import { type CreationTable, objectKinds, type VariantLink } from './objectKinds';

/** A function that runs when an object of a kind, or of one of its variants, is created. */
export interface CreationMark {
  readonly kind: ObjectKindId;
  readonly variant: string | null;
  /** Shown first in a chain: `fs_context_operations.get_tree`; null for a function of the kind's own. */
  readonly label: string | null;
}

/** The operation tables of one variant, and the functions of them that run when one is created. */
export interface Variant {
  readonly tables: readonly LinkTable[];
  readonly functions: readonly { readonly file: string; readonly name: string }[];
}

export interface Creations {
  readonly marksOf: (definition: Definition) => readonly CreationMark[];
  readonly variantsOf: (kind: ObjectKindId) => ReadonlyMap<string, Variant>;
}

/** The same as data, which follows from the tables of all files. */
export interface CreatingTables {
  /** By the file and name of a function. */
  readonly marks: ReadonlyMap<string, readonly CreationMark[]>;
  readonly variants: ReadonlyMap<ObjectKindId, ReadonlyMap<string, Variant>>;
  /** Names that tables and calls say it by: whatever else defines one counts too. */
  readonly names: ReadonlySet<string>;
}

type Files = ReadonlyMap<string, LinkFacts>;

/** What creates objects, by function, and the variants that the operation tables of the tree make. */
export function creatingTables(files: Files, graph: Pick<CallGraph, 'definitionsOf'>, source: ObjectSource): CreatingTables {
  const marks = new Map<string, CreationMark[]>();
  const variants = new Map<ObjectKindId, Map<string, Variant>>();
  const names = new Set<string>();
  const mark = (file: string, value: string, made: CreationMark): void => {
    const name = /^&?([A-Za-z_]\w*)$/.exec(value)?.[1];
    if (name !== undefined) names.add(name);
    for (const key of name === undefined ? [] : new Set(graph.definitionsOf(name, file).map(keyOf))) {
      const known = marks.get(key) ?? [];
      if (!known.some(({ kind, variant }) => kind === made.kind && variant === made.variant)) marks.set(key, [...known, made]);
    }
  };
  const strings = stringsIn(source);
  const links = variantLinks(files, strings);
  for (const [file, facts] of files) {
    for (const table of facts.tables) {
      for (const { kind, variant, members } of creationsBy(file, table, links, strings)) {
        for (const { field, value } of members) mark(file, value, { kind, variant, label: `${table.type}.${field}` });
        if (variant !== null) addVariant(variants, kind, variant, table, [...members.map(({ value }) => value), ...links.usersOf(file, table.name)].map((name) => ({ file, name })));
      }
    }
    for (const { value, made } of handedFunctions(facts)) mark(file, value, made);
  }
  for (const ofKind of variants.values()) for (const { functions } of ofKind.values()) for (const { name } of functions) names.add(name);
  return { marks, variants, names };
}

/** True where tables or calls of a file say what creates objects, or name a variant. */
export function saysCreations({ tables, mentions }: LinkFacts): boolean {
  const handed = objectKinds.flatMap((kind) => kind.handed ?? []);
  return tables.some(saysCreation) || mentions.some(({ callee }) => callee !== null && handed.some((one) => one.test(callee)));
}

function saysCreation({ type, fields }: LinkTable): boolean {
  return variantLinkKinds.some((link) => link.type.test(type)) || creationTables.some((creation) => creation.type.test(type) && fields.some(({ field }) => creation.field.test(field)));
}

export function creations({ marks, variants }: CreatingTables): Creations {
  return {
    marksOf: (definition) => [...(marks.get(keyOf(definition)) ?? []), ...(byFunction.get(definition.name) ?? []).filter(({ file }) => file === undefined || file === definition.file)],
    variantsOf: (kind) => variants.get(kind) ?? new Map<string, Variant>(),
  };
}

function keyOf({ file, name }: Definition): string {
  return `${file}\0${name}`;
}

function addVariant(
  variants: Map<ObjectKindId, Map<string, Variant>>, kind: ObjectKindId, name: string, table: LinkTable, functions: Variant['functions'],
): void {
  const ofKind = variants.get(kind) ?? new Map<string, Variant>();
  const known = ofKind.get(name) ?? { tables: [], functions: [] };
  variants.set(kind, ofKind.set(name, { tables: [...known.tables, table], functions: [...known.functions, ...functions] }));
}

interface FunctionMark extends CreationMark {
  readonly file: string | undefined;
}

const byFunction: ReadonlyMap<string, readonly FunctionMark[]> = new Map(
  objectKinds.flatMap(({ id, file, functions = [] }) => functions.map((name) => [name, [{ kind: id, variant: null, label: null, file }]] as const)),
);

const creationTables = objectKinds.flatMap(({ id, tables = [] }) => tables.map((table) => ({ kind: id, ...table })));

interface TableCreation {
  readonly kind: ObjectKindId;
  readonly variant: string | null;
  readonly members: LinkTable['fields'];
}

function creationsBy(file: string, table: LinkTable, links: VariantLinks, strings: Strings): readonly TableCreation[] {
  return creationTables.flatMap((creation) => {
    const members = creation.type.test(table.type) ? table.fields.filter(({ field }) => creation.field.test(field)) : [];
    return members.length === 0 ? [] : [{ kind: creation.kind, variant: variantOf(file, table, creation, links, strings), members }];
  });
}

function variantOf(file: string, table: LinkTable, { variant }: CreationTable, links: VariantLinks, strings: Strings): string | null {
  if (variant === undefined) return null;
  const through = variant.through === undefined ? null : links.nameOf(file, table.name, variant.through);
  const written = variant.field === undefined ? null : strings(file, table, variant.field);
  return variant.is ?? through ?? written ?? (variant.through === undefined ? plainName(table.name, variant.affix) : stemOf(file));
}

function stemOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
}

function plainName(name: string, affix: RegExp | undefined): string | null {
  const plain = affix === undefined ? name : name.replace(affix, '');
  return plain === '' ? null : plain;
}

/** A member's string, as written or by a macro of the file. */
type Strings = (file: string, table: LinkTable, member: string) => string | null;

function moduleOf(linkage: Linkage): string | null {
  return linkage.kind === 'module' ? linkage.name : null;
}

function stringsIn({ stringIn, linkageOf }: ObjectSource): Strings {
  return (file, { fields }, member) => {
    const value = fields.find(({ field }) => field === member)?.value;
    if (value === undefined) return null;
    if (value === 'KBUILD_MODNAME') return moduleOf(linkageOf(file)) ?? stemOf(folderOf(file));
    const defined = /^[A-Za-z_]\w*$/.test(value) ? stringIn(file, value) : null;
    return defined ?? /^"(.*)"$/.exec(value)?.[1] ?? null;
  };
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
  /** Functions that mention a table. */
  readonly usersOf: (file: string, table: string) => readonly string[];
  readonly nameOf: (file: string, table: string, link: VariantLink) => string | null;
}

/**
 * A table in use is named by the one whose function mentions it (`fc->ops = &ext4_context_ops` in the function that
 * `file_system_type.init_fs_context` is); else by the only one of its file, else of its folder.
 */
function variantLinks(files: Files, strings: Strings): VariantLinks {
  const users = new Map<string, string[]>();
  const owners = ownersByFunction(files, strings);
  for (const [file, { mentions }] of files) {
    for (const { name, caller } of mentions) append(users, `${file} ${name}`, caller);
  }
  return {
    usersOf: (file, table) => users.get(`${file} ${table}`) ?? [],
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
function ownersByFunction(files: Files, strings: Strings): Owners {
  const owners: Owners = { byFunction: new Map(), byFile: new Map(), byFolder: new Map() };
  for (const [file, { tables }] of files) {
    for (const table of tables) {
      for (const link of variantLinkKinds) {
        const name = link.type.test(table.type) ? strings(file, table, link.name) : null;
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
