import { type OutlineItem, type Outline, outlineWithWords } from '../../facts/outline';
import type { Abi } from '../../kernel/abi';
import { joinPath, type SourceTree } from '../sourceTree';
import { unresolved } from '../unresolved';

/** A file with its outline, read once for all translation units. */
export interface SourceFile extends Outline {
  /** Index among all files read. */
  readonly id: number;
  readonly path: string;
  /** Read again where it was not kept; throws Unresolved where the file is no longer what its items were made of. */
  readonly text: string;
  /** For each conditional item the index of the next one of the same `#if`; 0 elsewhere. */
  readonly branches: Int32Array;
  /** The macro that keeps the file from being read twice; null without one. */
  readonly guard: string | null;
}

/** The files of a tree as a compiler for one architecture finds them. */
export interface Headers {
  readonly tree: SourceTree;
  readonly abi: Abi;
  readonly file: (path: string) => SourceFile | undefined;
  /** Reads a file anew when next asked for; what is included may be found elsewhere then. */
  readonly forget: (path: string) => void;
  /** Resolves an include seen in a file of `folder`; undefined where no file is found. */
  readonly include: (target: string, quoted: boolean, folder: string, extraFolders: readonly string[]) => SourceFile | undefined;
}

/** `generated` gives the text of headers that only a build writes, by their name as included; undefined for others. */
export function headersOf(tree: SourceTree, abi: Abi, generated: (target: string) => string | undefined): Headers {
  const files = new Map<string, SourceFile | undefined>();
  const found = new Map<string, SourceFile | undefined>();
  const file = (path: string): SourceFile | undefined => {
    if (files.has(path)) return files.get(path);
    const text = tree.read(path);
    const read = text === undefined ? undefined : fileOfTree(tree, path, text);
    files.set(path, read);
    return read;
  };
  const first = (paths: readonly string[]): SourceFile | undefined => {
    for (const path of paths) {
      const read = file(path);
      if (read !== undefined) return read;
    }
    return undefined;
  };
  const fromFolders = (target: string): SourceFile | undefined => {
    if (found.has(target)) return found.get(target);
    const built = generated(target);
    if (built === undefined && target.startsWith('generated/')) return undefined;
    const result = built !== undefined ? sourceFile(`include/${target}`, built) : first(systemCandidates(abi, target));
    found.set(target, result);
    return result;
  };
  const near = new Map<string, SourceFile | undefined>();
  const include: Headers['include'] = (target, quoted, folder, extra) => {
    if (!quoted && extra.length === 0) return fromFolders(target);
    const key = `${quoted ? folder : ''} ${extra.join(' ')} ${target}`;
    if (!near.has(key)) near.set(key, first(nearCandidates(target, quoted, folder, extra)) ?? fromFolders(target) ?? first(traceCandidates(target)));
    return near.get(key);
  };
  const forget = (path: string): void => {
    files.delete(path);
    if (path.endsWith('.c')) return;
    found.clear();
    near.clear();
  };
  return { tree, abi, file, include, forget };
}

/** Paths where an include may be found, in the order of the search. */
export function includeCandidates(abi: Abi, target: string, quoted: boolean, folder: string, extra: readonly string[]): readonly string[] {
  return [...nearCandidates(target, quoted, folder, extra), ...systemCandidates(abi, target), ...traceCandidates(target)];
}

function nearCandidates(target: string, quoted: boolean, folder: string, extra: readonly string[]): readonly string[] {
  return joined(target, quoted ? [folder, ...extra] : extra);
}

/** An `asm/` header that the architecture does not have is the generic one (`generic-y` of its Kbuild). */
function systemCandidates(abi: Abi, target: string): readonly string[] {
  const arch = `arch/${abi.sourceFolder}/include`;
  const paths = joined(target, [arch, 'include', `${arch}/uapi`, 'include/uapi']);
  if (!target.startsWith('asm/')) return paths;
  const generic = `asm-generic/${target.slice('asm/'.length)}`;
  return [...paths, `include/${generic}`, `include/uapi/${generic}`];
}

/** Trace headers name their own folder relative to include/trace. */
function traceCandidates(target: string): readonly string[] {
  return joined(target, ['include/trace']);
}

function joined(target: string, folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => joinPath(folder, target) ?? []);
}

let filesRead = 0;

/** A file that is in no tree: its text is kept. */
export function sourceFile(path: string, text: string): SourceFile {
  return { ...outlined(path, text), text };
}

function outlined(path: string, text: string): Omit<SourceFile, 'text'> {
  const outline = outlineWithWords(text);
  const { items } = outline;
  const branches = branchesOf(items);
  filesRead += 1;
  return { ...outline, id: filesRead, path, branches, guard: guardOf(items, branches) };
}

/** What a file of the tree says; its text is read again each time it is asked for. */
function fileOfTree(tree: SourceTree, path: string, first: string): SourceFile {
  const { id, items, mayDeclare, branches, guard } = outlined(path, first);
  const { length } = first;
  return {
    id,
    path,
    items,
    mayDeclare,
    branches,
    guard,
    get text() {
      const text = tree.read(path);
      return text?.length === length ? text : unresolved(`${path} changed while it was analysed`);
    },
  };
}

/** `#ifndef X`, `#define X` and the `#endif` at the end; what stands outside has no effect on a second reading. */
function guardOf(items: readonly OutlineItem[], branches: Int32Array): string | null {
  const [first, second] = items;
  const guarded = first?.kind === 'ifndef' && second?.kind === 'define' && second.name === first.name && branches[0] === items.length - 1;
  return guarded ? first.name : null;
}

function branchesOf(items: readonly OutlineItem[]): Int32Array {
  const branches = new Int32Array(items.length);
  const open: number[] = [];
  items.forEach(({ kind }, index) => {
    const opens = kind === 'if' || kind === 'ifdef' || kind === 'ifndef';
    const closes = kind === 'endif';
    if (opens) open.push(index);
    else if (closes || kind === 'elif' || kind === 'else') {
      const before = open.pop();
      if (before !== undefined) branches[before] = index;
      if (!closes) open.push(index);
    }
  });
  for (const index of open) branches[index] = items.length;
  return branches;
}
