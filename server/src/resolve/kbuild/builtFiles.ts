import type { Abi } from '../../kernel/abi';
import type { KernelConfiguration } from '../../kernel/kconfig';
import { folderOf, joinPath, type SourceTree } from '../sourceTree';
import { makeVariables, type MakeVariables, wordsOf } from './makefile';

/** A C file that a configuration builds. */
export interface BuiltFile {
  readonly path: string;
  /** Linked into the kernel, or into a module. */
  readonly linkage: 'kernel' | 'module';
  /** The module's name; null for the kernel itself. */
  readonly module: string | null;
}

/** What a file's Makefiles add to the compiler's command line, as far as types depend on it. */
export interface CompilerFlags {
  /** Folders of `-I`. */
  readonly includes: readonly string[];
  /** `-D` macros with their bodies. */
  readonly defines: readonly (readonly [string, string])[];
}

export interface Build {
  readonly files: ReadonlyMap<string, BuiltFile>;
  /** Flags of any C file, built or not, from the Makefiles over it. */
  readonly flagsOf: (path: string) => CompilerFlags;
  /**
   * The C file with which a C file is compiled: itself where a Makefile names its object, under whatever condition;
   * else one in its folder that includes it; itself where there is none.
   */
  readonly compiledAs: (path: string) => string;
}

interface Walk {
  readonly tree: SourceTree;
  readonly configuration: KernelConfiguration;
  readonly abi: Abi;
  readonly files: Map<string, BuiltFile>;
  readonly seen: Set<string>;
  readonly makefiles: Map<string, MakeVariables>;
}

/** Follows the Kbuild files from the root and gives the C files that a configuration compiles. */
export function buildOf(tree: SourceTree, configuration: KernelConfiguration, abi: Abi): Build {
  const walk: Walk = { tree, configuration, abi, files: new Map(), seen: new Set(), makefiles: new Map() };
  const hosts = new Map<string, string>();
  let walked = false;
  return {
    get files() {
      if (!walked) {
        walked = true;
        walkRoot(walk);
      }
      return walk.files;
    },
    flagsOf: (path) => flagsOf(walk, path),
    compiledAs: (path) => {
      const known = hosts.get(path) ?? hostOf(walk, path);
      hosts.set(path, known);
      return known;
    },
  };
}

function walkRoot(walk: Walk): void {
  folder(walk, '', 'kernel');
  const arch = `arch/${walk.abi.sourceFolder}`;
  const variables = makeVariables(walk.tree.read(`${arch}/Makefile`) ?? '', givenIn(walk, arch));
  const lists = ['core-y', 'libs-y', 'drivers-y'].map((name) => variables.get(name) ?? '');
  const root = ['lib/', `${arch}/`, ...lists.flatMap(wordsOf)];
  for (const word of root) if (word.endsWith('/')) folder(walk, word.slice(0, -1), 'kernel');
}

/** Words that Kbuild itself gives: options as `y` and `m`, strings without quotes, and folders. */
function givenIn(walk: Walk, path: string): (name: string) => string | undefined {
  return (name) => {
    if (name.startsWith('CONFIG_')) return optionValue(walk.configuration, name);
    switch (name) {
      case 'src':
      case 'obj':
        return path;
      case 'srctree':
      case 'objtree':
        return '.';
      case 'SRCARCH':
        return walk.abi.sourceFolder;
      case 'ARCH':
        return walk.abi.architecture;
      case 'BITS':
        return '64';
      default:
        return undefined;
    }
  };
}

function optionValue(configuration: KernelConfiguration, name: string): string | undefined {
  const value = configuration.macros.get(name);
  if (value === undefined) return configuration.macros.has(`${name}_MODULE`) ? 'm' : undefined;
  return value === '1' ? 'y' : value.replace(/^"(.*)"$/, '$1');
}

function makefileOf(walk: Walk, path: string): MakeVariables {
  const known = walk.makefiles.get(path);
  if (known !== undefined) return known;
  const prefix = path === '' ? '' : `${path}/`;
  const text = walk.tree.read(`${prefix}Kbuild`) ?? walk.tree.read(`${prefix}Makefile`) ?? '';
  const variables = makeVariables(included(walk, text), givenIn(walk, path));
  walk.makefiles.set(path, variables);
  return variables;
}

/** Puts the text of `include $(src)/…` lines in their place, one level deep. */
function included(walk: Walk, text: string): string {
  return text.replace(/^include\s+\$\(srctree\)\/(\S+)\s*$/gm, (_, path: string) => walk.tree.read(path.replace('$(SRCARCH)', walk.abi.sourceFolder)) ?? '');
}

function folder(walk: Walk, path: string, linkage: BuiltFile['linkage']): void {
  const key = `${linkage} ${path}`;
  if (walk.seen.has(key) || walk.seen.has(`kernel ${path}`)) return;
  walk.seen.add(key);
  const variables = makefileOf(walk, path);
  const list = (name: string): string[] => wordsOf(variables.get(name) ?? '');
  for (const word of [...list('obj-y'), ...list('lib-y')]) target(walk, path, word, linkage, variables);
  for (const word of [...list('obj-m'), ...list('lib-m')]) target(walk, path, word, 'module', variables);
}

function target(walk: Walk, path: string, word: string, linkage: BuiltFile['linkage'], variables: MakeVariables): void {
  const joined = joinPath(path, word);
  if (joined === undefined) return;
  if (word.endsWith('/')) folder(walk, joined, linkage);
  else if (word.endsWith('.o')) objects(walk, path, word.slice(0, -2), targetOf(word.slice(0, -2), linkage), variables, 0);
}

type Target = Pick<BuiltFile, 'linkage' | 'module'>;

function targetOf(stem: string, linkage: BuiltFile['linkage']): Target {
  return { linkage, module: linkage === 'kernel' ? null : stem.slice(stem.lastIndexOf('/') + 1).replaceAll('-', '_') };
}

/** An object made of several, or compiled from one C file. */
function objects(walk: Walk, path: string, stem: string, into: Target, variables: MakeVariables, depth: number): void {
  const parts = [`${stem}-y`, `${stem}-objs`, ...(into.linkage === 'module' ? [`${stem}-m`] : [])].flatMap((name) => wordsOf(variables.get(name) ?? ''));
  if (parts.length > 0 && depth < 5) {
    for (const part of parts) {
      // `x-y := x.o` names the C file itself.
      if (part === `${stem}.o`) compiled(walk, path, stem, into);
      else if (part.endsWith('.o')) objects(walk, path, part.slice(0, -2), into, variables, depth + 1);
    }
    return;
  }
  compiled(walk, path, stem, into);
}

function compiled(walk: Walk, path: string, stem: string, into: Target): void {
  const file = joinPath(path, `${stem}.c`);
  if (file === undefined || walk.files.get(file)?.linkage === 'kernel') return;
  walk.files.set(file, { path: file, ...into });
}

/** Whether the Makefile of a folder, or of the one above, names the object of a C file in any of its lists. */
function namesObject(walk: Walk, path: string): boolean {
  const own = folderOf(path);
  return [own, folderOf(own)].some((folder) => {
    const object = `${path.slice(folder === '' ? 0 : folder.length + 1, -2)}.o`;
    return [...makefileOf(walk, folder).values()].some((value) => value.includes(object) && wordsOf(value).includes(object));
  });
}

function hostOf(walk: Walk, path: string): string {
  if (!path.endsWith('.c') || namesObject(walk, path)) return path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const quoted = `"${name}"`;
  return walk.tree.list(folderOf(path), ['.c']).find((other) => other !== path && walk.tree.read(other)?.includes(quoted) === true) ?? path;
}

/** Flags of a C file: `ccflags-y` and `CFLAGS_x.o` of its folder, `subdir-ccflags-y` of those above. */
function flagsOf(walk: Walk, path: string): CompilerFlags {
  const parts = path.split('/');
  const stem = (parts.pop() ?? '').replace(/\.c$/, '');
  const words: string[] = [];
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const variables = makefileOf(walk, parts.slice(0, depth).join('/'));
    words.push(...wordsOf(variables.get('subdir-ccflags-y') ?? ''));
    if (depth < parts.length) continue;
    for (const name of ['ccflags-y', `CFLAGS_${stem}.o`]) words.push(...wordsOf(variables.get(name) ?? ''));
  }
  return parseFlags(words);
}

function parseFlags(words: readonly string[]): CompilerFlags {
  const includes: string[] = [];
  const defines: (readonly [string, string])[] = [];
  words.forEach((word, index) => {
    if (word.startsWith('-I')) {
      const folder = joinPath('', word === '-I' ? (words[index + 1] ?? '') : word.slice(2));
      if (folder !== undefined && !includes.includes(folder)) includes.push(folder);
    } else if (word.startsWith('-D')) {
      const [name = '', body = '1'] = word.slice(2).split(/=(.*)/s);
      defines.push([name, body]);
    }
  });
  return { includes, defines };
}
