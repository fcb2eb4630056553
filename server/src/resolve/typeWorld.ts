import { type Abi, abiOf, type Architecture } from '../kernel/abi';
import type { Btf } from '../kernel/btf';
import type { KernelConfiguration } from '../kernel/kconfig';
import { type Build, buildOf } from './kbuild/builtFiles';
import { generatedHeaders } from './generatedHeaders';
import { fileScope } from './layout/localScope';
import { type LayoutCache, newLayoutCache, type UnitTypes } from './layout/unitContext';
import { unitTypes } from './layout/unitTypes';
import { type BlockStore, newBlockStore } from './preprocess/blocks';
import { type Headers, headersOf, sourceFile, type SourceFile } from './preprocess/headers';
import { type Macro, type MacroScope, simpleMacro } from './preprocess/macros';
import { translationUnit } from './preprocess/translationUnit';
import { rememberedTexts, type RememberedTexts } from './rememberedTexts';
import type { SourceTree } from './sourceTree';
import { newUnitReads, noteUnit, type UnitReads } from './unitReads';
import type { Outcome } from './unresolved';

/** All that sizes depend on: the files, the architecture and the configuration; with what was found out so far. */
export interface TypeWorld {
  readonly tree: RememberedTexts;
  readonly abi: Abi;
  readonly configuration: KernelConfiguration;
  /** Debug information of the kernel that sizes are for, where there is some. */
  readonly btf: Btf | undefined;
  readonly headers: Headers;
  readonly build: Build;
  cache: LayoutCache;
  blocks: BlockStore;
  readonly given: MacroScope;
  /** Macros of `-D` flags by flag: the same in all units that have it. */
  readonly commandLine: Map<string, Macro>;
  readonly units: Map<string, UnitTypes>;
  /** Sizes of types that the catalogue names, by file and name. */
  readonly named: Map<string, Outcome<{ readonly size: number; readonly align: number }>>;
  /** Files that seem to define such types, by name. */
  readonly definers: Map<string, readonly string[]>;
  readonly reads: UnitReads;
}

export interface TypeWorldInput {
  readonly tree: SourceTree;
  readonly architecture: Architecture;
  readonly configuration: KernelConfiguration;
  readonly btf?: Btf | undefined;
}

export function typeWorld({ tree: files, architecture, configuration, btf }: TypeWorldInput): TypeWorld {
  const tree = rememberedTexts(files);
  const abi = abiOf(architecture);
  const given = givenMacros(abi, configuration);
  const generated = generatedHeaders({ tree, sourceFolder: abi.sourceFolder, unit: (path) => unitOf(world, path) });
  const world: TypeWorld = {
    tree,
    abi,
    configuration,
    btf,
    headers: headersOf(tree, abi, generated),
    build: buildOf(tree, configuration, abi),
    cache: newLayoutCache(),
    blocks: newBlockStore(given),
    given,
    commandLine: new Map(),
    units: new Map(),
    named: new Map(),
    definers: new Map(),
    reads: newUnitReads(),
  };
  return world;
}

/** Headers that Kbuild includes before every C file (`-include` in scripts/Makefile.lib). */
const before = ['include/linux/compiler-version.h', 'include/linux/kconfig.h', 'include/linux/compiler_types.h'];

/** Units kept ready: one is about a megabyte. */
const keptUnits = 8;

/**
 * The types as they are in one C file, or in the one that includes it where it is not compiled by itself; undefined
 * where the tree has no such file.
 */
export function unitOf(world: TypeWorld, written: string): UnitTypes | undefined {
  const path = world.build.compiledAs(written);
  const known = world.units.get(path);
  const file = known === undefined ? world.headers.file(path) : undefined;
  const unit = file === undefined ? known : keep(world, path, unitFrom(world, file));
  if (unit !== undefined) noteUnit(world.reads, written, unit.unit);
  return unit;
}

/** The types that a list of headers defines, included one after the other. */
export function unitOfIncludes(world: TypeWorld, includes: readonly string[]): UnitTypes {
  const text = includes.map((path) => `#include ${path}\n`).join('');
  const unit = world.units.get(text) ?? keep(world, text, unitFrom(world, sourceFile('', text)));
  noteUnit(world.reads, text, unit.unit);
  return unit;
}

function keep(world: TypeWorld, key: string, unit: UnitTypes): UnitTypes {
  for (const old of world.units.keys()) {
    if (world.units.size < keptUnits) break;
    world.units.delete(old);
    if (old.endsWith('.c')) world.headers.forget(old);
  }
  world.units.set(key, unit);
  return unit;
}

function unitFrom(world: TypeWorld, file: SourceFile): UnitTypes {
  const { includes, defines } = file.path === '' ? { includes: [], defines: [] } : world.build.flagsOf(file.path);
  const commandLine = new Map(defines.map(([name, body]) => [name, commandLineMacro(world, name, body)]));
  const unit = translationUnit(world.headers, world.blocks, { file, before, extraFolders: includes, commandLine });
  return unitTypes(unit, world.cache, fileScope(unit));
}

function commandLineMacro(world: TypeWorld, name: string, body: string): Macro {
  const key = `${name}=${body}`;
  const known = world.commandLine.get(key) ?? simpleMacro(name, body);
  world.commandLine.set(key, known);
  return known;
}

/** Macros from outside the sources: the compiler's own, its version, and the configuration. */
function givenMacros(abi: Abi, configuration: KernelConfiguration): MacroScope {
  const macros = new Map<string, Macro>();
  const define = (name: string, body: string): void => {
    macros.set(name, simpleMacro(name, body));
  };
  for (const [name, body] of Object.entries(abi.predefined)) define(name, body);
  compilerVersion(configuration, define);
  return {
    macro: (name) => {
      const known = macros.get(name);
      if (known !== undefined || !name.startsWith('CONFIG_')) return known;
      const body = configuration.macros.get(name);
      if (body !== undefined) define(name, body);
      return macros.get(name);
    },
  };
}

/** `CONFIG_GCC_VERSION=120200` is GCC 12.2.0; without one a recent GCC is taken. */
function compilerVersion(configuration: KernelConfiguration, define: (name: string, body: string) => void): void {
  const clang = Number(configuration.macros.get('CONFIG_CLANG_VERSION') ?? 0);
  const gcc = Number(configuration.macros.get('CONFIG_GCC_VERSION') ?? 0);
  const parts = (version: number): string[] => [version / 10_000, (version / 100) % 100, version % 100].map((part) => String(Math.trunc(part)));
  const [major = '12', minor = '0', patch = '0'] = parts(clang > 0 ? 40_201 : gcc > 0 ? gcc : 120_000);
  define('__GNUC__', major);
  define('__GNUC_MINOR__', minor);
  define('__GNUC_PATCHLEVEL__', patch);
  if (clang === 0) return;
  define('__clang__', '1');
  define('__clang_major__', parts(clang)[0] ?? '0');
  define('__clang_minor__', parts(clang)[1] ?? '0');
  define('__clang_patchlevel__', parts(clang)[2] ?? '0');
}

/** What was found in one of the files, and what was not found, may be another. */
function forgetNamed({ named, reads }: TypeWorld, paths: readonly string[]): void {
  for (const [key, { known }] of named) {
    const { source, units } = reads.named.get(key) ?? { source: '', units: new Set<string>() };
    if (!known || paths.some((path) => path === source || units.has(path))) named.delete(key);
  }
}

/**
 * Takes note that files have changed: a C file concerns itself and what the catalogue names in it, a header all that was laid out.
 */
export function forgetFiles(world: TypeWorld, paths: readonly string[]): void {
  for (const path of paths) {
    world.tree.forget(path);
    world.headers.forget(path);
    world.units.delete(path);
  }
  world.definers.clear();
  forgetNamed(world, paths);
  if (paths.every((path) => path.endsWith('.c'))) return;
  world.units.clear();
  world.named.clear();
  world.cache = newLayoutCache();
  world.blocks = newBlockStore(world.given);
}
